"""Commitment files as offices fill them in: what is read, and what is refused with its place."""

import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from intake.city import City
from intake.commitments.files import LABELS, parse_commitments
from intake.commitments.tables import Parsed

Table = Callable[..., Path]
CODE_CELL = b'<c r="A2" t="inlineStr"><is><t>CN-1</t></is></c>'


def rows(parsed: Parsed) -> list[dict[str, Any]]:
    assert parsed.report() == []
    return [values for batch in parsed.rows.batches() for _, values in batch]


def only_fault(parsed: Parsed) -> tuple[int, str, str]:
    """The one fault of a file that has just one, of which nothing may be imported."""
    assert parsed.fault_count == 1, parsed.report()
    assert parsed.rows.count == 0
    fault = parsed.faults[0]
    return fault.row, fault.column, fault.reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_a_csv_reads_the_same_in_every_encoding(csv_file: Table, city: City, encoding: str) -> None:
    assert rows(parse_commitments(csv_file({}, encoding=encoding), city)) == [
        {
            "code": "CN-1",
            "title": "新增学位",
            "text": "年内新增学位三千个。",
            "target": "3000 个",
            "category": "livelihood",
            "department": "jiaoyu",
            "source_document": "政府工作报告",
            "source_number": "新政〔2026〕1号",
            "made_on": "2026-01-05",
            "due_on": "2026-03-31",
            "state": "active",
            "public": True,
        }
    ]


def test_short_gbk_lines_that_would_pass_as_utf8_are_gbk_among_gbk(csv_file: Table, city: City) -> None:
    path = csv_file({"title": "联通", "text": "联通\n联通\n年内完成"}, encoding="gbk")

    assert rows(parse_commitments(path, city))[0]["text"] == "联通\n联通\n年内完成"


def test_an_xlsx_with_chinese_headers_reads_like_the_csv(
    csv_file: Table, xlsx_file: Table, city: City
) -> None:
    assert rows(parse_commitments(xlsx_file({}), city)) == rows(parse_commitments(csv_file({}), city))


def test_real_dates_numbers_and_truth_values_of_a_spreadsheet(xlsx_file: Table, city: City) -> None:
    path = xlsx_file(
        {
            "code": 20260001,
            "target": 95.5,
            "made_on": datetime.combine(date(2026, 1, 5), time()),
            "due_on": date(2026, 3, 31),
        },
        {"code": 7.0, "public": False},
    )

    first, second = rows(parse_commitments(path, city))

    assert (first["code"], first["target"], first["made_on"], first["due_on"]) == (
        "20260001",
        "95.5",
        "2026-01-05",
        "2026-03-31",
    )
    assert (second["code"], second["public"]) == ("7", False)


def test_columns_come_in_any_order_and_either_language(tmp_path: Path, city: City) -> None:
    path = tmp_path / "a.csv"
    header = "是否公开,STATE,到期日期,made_on,文号,source_document,部门"
    path.write_text(header + "\n", "utf-8")
    assert "不认识这个列名" in "".join(parse_commitments(path, city).report())

    names = list(reversed(LABELS.items()))
    mixed = [label if n % 2 else f" {name.upper()} " for n, (name, label) in enumerate(names)]
    cells = ["是", "active", "2026-3-31", "2026/1/5", "", "", "jiaoyu", "service", "", "内容", "名称", "A-1"]
    path.write_text(",".join(mixed) + "\n" + ",".join(cells) + "\n", "utf-8")

    found = rows(parse_commitments(path, city))[0]
    assert (found["code"], found["department"], found["due_on"]) == ("A-1", "jiaoyu", "2026-03-31")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-03-31", "2026-03-31"),
        ("2026/3/31", "2026-03-31"),
        ("2026.3.31", "2026-03-31"),
        ("20260331", "2026-03-31"),
        ("2026/3/31 0:00:00", "2026-03-31"),
        ("2026年3月31日", "2026-03-31"),
        (" 2026 年 3 月 31 日 ", "2026-03-31"),
        ("２０２６年３月３１日", "2026-03-31"),
        ("2026年2月底", "2026-02-28"),
        ("2028年2月底前", "2028-02-29"),
        ("2026年11月末", "2026-11-30"),
        ("2026年底", "2026-12-31"),
        ("2026年年末", "2026-12-31"),
        ("", None),
    ],
)
def test_dates_as_people_write_them(csv_file: Table, city: City, written: str, read: str | None) -> None:
    assert rows(parse_commitments(csv_file({"due_on": written}), city))[0]["due_on"] == read


@pytest.mark.parametrize("unit", ["jiaoyu", "教育局", "市教育局", "新乡市教育局", " 新乡市 教育局"])
def test_a_department_by_code_name_or_short_name(csv_file: Table, city: City, unit: str) -> None:
    assert rows(parse_commitments(csv_file({"department": unit}), city))[0]["department"] == "jiaoyu"


@pytest.mark.parametrize(
    ("column", "written", "reason"),
    [
        ("due_on", "2026年2月30日", "没有这一天"),
        ("due_on", "2026年13月底", "没有这一天"),
        ("due_on", "2026年3月", "日期请写成"),
        ("due_on", "尽快", "日期请写成"),
        ("due_on", "####", "日期请写成"),
        ("due_on", "0226-03-31", "年份 226 不对"),
        ("due_on", "2025-12-31", "早于承诺日期"),
        ("department", "某某局", "没有这个单位"),
        ("department", "", "必须填写"),
        ("category", "大事", "不认识“大事”"),
        ("state", "done", "不认识“done”"),
        ("state", "", "必须填写"),
        ("public", "", "必须填写“是”或“否”"),
        ("public", "可以", "请填“是”或“否”"),
        ("code", "", "必须填写"),
        ("code", "A 1", "编号只能用"),
        ("code", "A/1", "编号只能用"),
        ("title", "  ", "必须填写"),
        ("title", "长" * 201, "超过 200 字"),
        ("text", "坏\x00字", "看不见的控制字符"),
        ("target", "=SUM(A1:A9)", "公式"),
        ("target", ' =HYPERLINK("http://example.com")', "公式"),
        ("target", "#REF!", "错误值 #REF!"),
    ],
)
def test_a_bad_cell_is_named_and_nothing_is_imported(
    csv_file: Table, city: City, column: str, written: str, reason: str
) -> None:
    parsed = parse_commitments(csv_file({"code": "A-1"}, {"code": "A-2", column: written}), city)

    row, where, why = only_fault(parsed)
    assert row == 3
    assert where.endswith(f"列 {column}")
    assert reason in why


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("due_on", 46112, "不是日期"),
        ("due_on", datetime.combine(date(2026, 3, 31), time(9, 30)), "不要写钟点"),
        ("target", time(9, 30), "不是文字、数字或日期"),
        ("target", "=1+1", "公式"),
        ("due_on", "=TODAY()", "公式"),
        ("code", "#N/A", "错误值"),
    ],
)
def test_a_bad_cell_of_a_spreadsheet(
    xlsx_file: Table, city: City, column: str, value: Any, reason: str
) -> None:
    row, where, why = only_fault(parse_commitments(xlsx_file({column: value}), city))

    assert row == 2
    assert where.endswith(f"列 {LABELS[column]}")
    assert reason in why


def test_every_fault_is_told_by_row(csv_file: Table, city: City) -> None:
    parsed = parse_commitments(
        csv_file({"department": "某局", "due_on": "明年"}, {"code": "B"}, {"state": "完成"}), city
    )

    assert [(f.row, f.column) for f in parsed.faults] == [
        (2, "F列 department"),
        (2, "J列 due_on"),
        (4, "K列 state"),
        (4, "A列 code"),
    ]
    assert parsed.report()[0] == "共 4 处有误，没有导入任何内容："
    assert parsed.report()[1] == "第 2 行 F列 department：没有这个单位，或有几个单位都可能是它：某局"
    assert "与第 2 行重复" in parsed.report()[4]


def test_of_very_many_faults_the_rest_is_counted(csv_file: Table, city: City) -> None:
    parsed = parse_commitments(csv_file(*({"code": f"A-{n}", "state": "?"} for n in range(250))), city)

    assert len(parsed.faults) == 200
    assert parsed.fault_count == 250
    assert parsed.report()[-1].startswith("……还有 50 处")


def test_a_wrong_header_is_named_with_its_column(csv_file: Table, city: City) -> None:
    names = list(LABELS)
    unknown = ["编码", *names[1:]]
    twice = [*names, "标题说明", "title"]

    report = parse_commitments(csv_file({}, header=unknown), city)
    assert [(f.row, f.column) for f in report.faults] == [(1, "A列 编码"), (1, "承诺编号")]
    assert "缺少这一列" in report.faults[1].reason

    report = parse_commitments(csv_file({}, header=twice), city)
    assert [(f.row, f.column) for f in report.faults] == [(1, "M列 标题说明"), (1, "N列 title")]
    assert "与 B列 的列名重复" in report.faults[1].reason


def test_a_file_without_a_header_says_what_belongs_there(csv_file: Table, city: City) -> None:
    row, _, why = only_fault(parse_commitments(csv_file({}, header=["新乡市承诺一览表"]), city))

    assert row == 1
    assert why.startswith("第一行要写列名：承诺编号、承诺名称")


def test_cells_beyond_the_header_are_not_dropped(tmp_path: Path, csv_file: Table, city: City) -> None:
    path = csv_file({})
    path.write_text(path.read_text("utf-8").rstrip() + ",备注\n", "utf-8")

    assert only_fault(parse_commitments(path, city))[:2] == (2, "M列")


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n"])
def test_an_empty_file(tmp_path: Path, city: City, content: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)

    assert "是空的" in only_fault(parse_commitments(path, city))[2]


def test_a_header_alone(csv_file: Table, city: City) -> None:
    assert "没有内容" in only_fault(parse_commitments(csv_file(), city))[2]


def test_blank_rows_are_passed_over_and_still_counted(xlsx_file: Table, city: City) -> None:
    blank = dict.fromkeys(LABELS)
    parsed = parse_commitments(xlsx_file({}, blank, {"code": "B", "state": "?"}, blank), city)

    assert only_fault(parsed)[0] == 4


def test_lines_of_another_encoding_are_named(csv_file: Table, city: City) -> None:
    path = csv_file({"code": "A-1"}, {"code": "A-2"}, {"code": "A-3"})
    lines = path.read_bytes().splitlines(keepends=True)
    lines[2] = lines[2].decode().encode("gbk")
    path.write_bytes(b"".join(lines))

    row, _, why = only_fault(parse_commitments(path, city))
    assert row == 3
    assert "编码与其他行（UTF-8）不同" in why


def test_a_utf8_line_in_a_gbk_file_is_named(csv_file: Table, city: City) -> None:
    path = csv_file(*({"code": f"A-{n}"} for n in range(4)), encoding="gbk", header=tuple(LABELS.values()))
    lines = path.read_bytes().splitlines(keepends=True)
    lines[3] = lines[3].decode("gbk").encode()
    path.write_bytes(b"".join(lines))

    row, _, why = only_fault(parse_commitments(path, city))
    assert row == 4
    assert "编码与其他行（GBK）不同" in why


def test_damaged_bytes_and_utf16(csv_file: Table, city: City) -> None:
    path = csv_file({})
    path.write_bytes(path.read_bytes() + b"A-2,\xff\xff\n")
    assert only_fault(parse_commitments(path, city))[0] == 3

    path.write_text("code,title", "utf-16")
    assert "UTF-16" in only_fault(parse_commitments(path, city))[2]


def test_a_quote_that_never_ends(csv_file: Table, city: City) -> None:
    path = csv_file({})
    path.write_text(path.read_text("utf-8") + '"A-2,没有完\n', "utf-8")

    assert "引号不成对" in only_fault(parse_commitments(path, city))[2]


def test_merged_cells_are_named(xlsx_file: Table, city: City) -> None:
    def merge(sheet: Any) -> None:
        sheet.merge_cells("F2:F3")

    parsed = parse_commitments(xlsx_file({}, {"code": "B"}, change=merge), city)

    assert (parsed.faults[0].row, parsed.faults[0].column) == (2, "F列")
    assert "合并单元格（到第 3 行）" in parsed.faults[0].reason
    assert parsed.rows.count == 0


def test_a_merged_title_above_the_header(xlsx_file: Table, city: City) -> None:
    def title(sheet: Any) -> None:
        sheet.insert_rows(1)
        sheet["A1"] = "新乡市承诺一览表"
        sheet.merge_cells("A1:L1")

    parsed = parse_commitments(xlsx_file({}, change=title), city)

    assert str(parsed.faults[0]).startswith("第 1 行 A列至L列：是合并单元格")
    assert "第一行要写列名" in parsed.faults[1].reason


def test_hidden_sheets_are_not_read(xlsx_file: Table, city: City) -> None:
    def hide(sheet: Any) -> None:
        cover = sheet.parent.create_sheet("旧数据", 0)
        cover.append(["不相干"])
        cover.sheet_state = "hidden"

    assert len(rows(parse_commitments(xlsx_file({}, change=hide), city))) == 1


def test_files_of_another_kind(tmp_path: Path, city: City) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600)
    assert "旧版 .xls" in only_fault(parse_commitments(path, city))[2]

    with zipfile.ZipFile(path, "w") as other:
        other.writestr("word/document.xml", "<w/>")
    assert "不是 .xlsx" in only_fault(parse_commitments(path, city))[2]

    path.write_bytes(b"PK\x03\x04 cut off")
    assert "已损坏" in only_fault(parse_commitments(path, city))[2]


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path, city: City) -> None:
    path = tmp_path / "a.xlsx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb,
        bomb.open("xl/sharedStrings.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(257):
            part.write(b" " * (1 << 20))

    assert "解压后超过" in only_fault(parse_commitments(path, city))[2]


def raw_sheet(path: Path, change: tuple[bytes, bytes]) -> None:
    """Change the sheet's XML to what no honest program writes."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert change[0] in sheet
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(*change)
    with zipfile.ZipFile(path, "w") as new:
        for name, content in parts.items():
            new.writestr(name, content)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ((b'<row r="2"', b'<row r="999999999"'), "超出了表格的范围"),
        ((b"</sheetData>", b"</wrong>"), "已损坏"),
        ((CODE_CELL, b'<c r="A2" t="s"><v>999</v></c>'), "已损坏"),
    ],
)
def test_a_hostile_sheet(xlsx_file: Table, city: City, change: tuple[bytes, bytes], reason: str) -> None:
    path = xlsx_file({})
    raw_sheet(path, change)

    assert reason in only_fault(parse_commitments(path, city))[2]


def test_a_date_beyond_the_calendar_is_a_bad_cell(xlsx_file: Table, city: City) -> None:
    def beyond(sheet: Any) -> None:
        sheet["J2"] = 1e9
        sheet["J2"].number_format = "yyyy-mm-dd"

    row, where, why = only_fault(parse_commitments(xlsx_file({}, change=beyond), city))
    assert (row, where) == (2, "J列 到期日期")
    assert "错误值" in why


def test_a_file_that_is_not_there(tmp_path: Path, city: City) -> None:
    with pytest.raises(FileNotFoundError):
        parse_commitments(tmp_path / "nothing.csv", city)
