"""An analysis as a workbook: a sheet for each table, numbers as numbers, no cell a formula."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from bot.console.charts import step_name
from bot.console.defining import lines
from bot.console.words import word, words
from intake.commitments.cells import defused
from storage.vocab import Figure

if TYPE_CHECKING:
    from openpyxl import Workbook

Row = list[Any]
WIDE, FIRST, SENTENCE = 12, 22, 90
STATES = ("due", "fulfilled", "broken", "overdue")
PROMISED = ("到期", "已兑现", "未兑现", "逾期")


def book(told: dict[str, Any]) -> "Workbook":
    """The workbook of what ``intake.analysis.looking.look`` told."""
    from openpyxl import Workbook  # weighs 10 MB: not for a service that writes none

    made = Workbook()
    made.remove(made.active)
    for name, rows in _tables(told):
        _sheet(made, name, rows)
    made["口径"].column_dimensions["C"].width = SENTENCE
    return made


def _sheet(made: "Workbook", name: str, rows: Iterable[Row]) -> None:
    from openpyxl.utils import get_column_letter

    sheet = made.create_sheet(name)
    for row in rows:
        sheet.append([defused(cell) if isinstance(cell, str) else cell for cell in row])
    sheet.freeze_panes = "B2"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    for n in range(1, sheet.max_column + 1):
        sheet.column_dimensions[get_column_letter(n)].width = FIRST if n == 1 else WIDE


def _tables(told: dict[str, Any]) -> Iterable[tuple[str, list[Row]]]:
    yield "总览", _whole(told)
    yield "率", [["率", "%", "区间下限", "区间上限", "分子", "分母"], *map(_rate, told["rates"].items())]
    yield "按日", [["日期", "登记"], *([one["day"], one["n"]] for one in told["days"])]
    yield "按单位", _lines("承办单位", told["departments"])
    yield "按区县", _lines("区县", told["places"])
    yield (
        "区县×月",
        [
            ["区县", *told["months"]],
            *([line["name"], *(cell["n"] for cell in line["cells"])] for line in told["heat"]),
        ],
    )
    yield (
        "环节用时",
        [
            ["环节", "件数", "中位数（小时）", "九成用时（小时）"],
            *([step_name(s["step"]), s["n"], s["median_hours"], s["p90_hours"]] for s in told["steps"]),
        ],
    )
    yield "承诺", _promises(told["commitments"])
    yield "口径", [["部分", "名称", "怎么算"], *map(list, lines())]


def _whole(told: dict[str, Any]) -> list[Row]:
    unit = told["department"]
    rows: list[Row] = [
        ["项目", "内容"],
        ["从", told["from"]],
        ["到", told["to"]],
        ["单位", unit["name"] if unit else "全部看得到的"],
        ["区县", told["place"] or "全部"],
        ["统计时间", told["as_of"]],
        ["登记", told["filed"]["n"]],
    ]
    rows += [[words()["figure"][one.value], told["figures"][one.value]["n"]] for one in Figure]
    rows += [[f"类型：{word(one['code'], 'type')}", one["n"]] for one in told["types"]]
    return rows + [[f"状态：{word(one['code'], 'state')}", one["n"]] for one in told["states"]]


def _rate(named: tuple[str, dict[str, Any]]) -> Row:
    name, rate = named
    return [
        word(name, "rate"),
        *(rate[part] for part in ("per_cent", "low", "high")),
        *(rate[part]["n"] for part in ("hits", "of")),
    ]


def _lines(first: str, told: list[dict[str, Any]]) -> list[Row]:
    figures = list(next((line["figures"] for line in told if line["code"]), {}))
    rates = list(words()["rate"])
    head = [first, "登记", *(word(one, "figure") for one in figures)]
    for rate in rates:
        name = word(rate, "rate")
        head += [f"{name}%", f"{name}下限", f"{name}上限", f"{name}分母", f"{name}排名"]
    return [head, *([line["name"], line["filed"]["n"], *_values(line, figures, rates)] for line in told)]


def _values(line: dict[str, Any], figures: list[str], rates: list[str]) -> Row:
    if line["code"] is None:
        return []
    found = [line["figures"][one]["n"] for one in figures]
    for rate in rates:
        told = line["rates"][rate]
        found += [told["per_cent"], told["low"], told["high"], told["of"]["n"], told["rank"]]
    return found


def _promises(told: dict[str, Any]) -> list[Row]:
    return [
        ["责任单位", *PROMISED],
        *([line["name"], *(line[kind]["n"] for kind in STATES)] for line in told["departments"]),
        ["合计", *(told[kind]["n"] for kind in STATES)],
    ]
