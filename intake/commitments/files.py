"""Files of commitments: reading them in, writing them out, and the template that offices fill in.

Source: contract, "Commitment files". What is imported was promised before the system and is marked 历史承诺
(domain 2); a commitment that was made here goes its own way and is never changed by a file.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from intake.city import City
from intake.commitments import news, values, writing
from intake.commitments.cells import BadCell, defused
from intake.commitments.differences import Differences, Written, differences
from intake.commitments.faults import Faults, NotImported
from intake.commitments.progress import Progress
from intake.commitments.tables import Column, Parsed, Rows, Values, parse_table
from storage.stores.registry import CommitmentRow
from storage.unit import Unit
from storage.vocab import Category, CommitmentState

CATEGORIES = {
    **{category.value: category.value for category in Category},
    "民生": Category.LIVELIHOOD.value,
    "有关民生的重大决策": Category.LIVELIHOOD.value,
    "服务": Category.SERVICE.value,
    "公开承诺": Category.SERVICE.value,
    "政策": Category.POLICY.value,
    "其他": Category.OTHER.value,
}
STATES = {
    "active": CommitmentState.ACTIVE.value,
    "fulfilled": CommitmentState.FULFILLED.value,
    "broken": CommitmentState.BROKEN.value,
    "履行中": CommitmentState.ACTIVE.value,
    "已兑现": CommitmentState.FULFILLED.value,
    "未兑现": CommitmentState.BROKEN.value,
}
MADE_HERE = {state.value: state.value for state in CommitmentState if state.value not in STATES}
"""States that only this system's procedure leads to: a file may hold them as they stand, not bring them."""
LABELS = {
    "code": "承诺编号",
    "title": "承诺名称",
    "text": "承诺内容",
    "target": "目标",
    "category": "类别",
    "department": "承办单位",
    "source_document": "来源文件",
    "source_number": "文号",
    "made_on": "承诺日期",
    "due_on": "到期日期",
    "state": "状态",
    "public": "是否公开",
}
EXAMPLE = (
    "示例-001",
    "【示例】填写时请删去这一行",
    "【示例】承诺的原文：做什么、做到什么程度、什么时候做完。",
    "【示例】可以核对的目标，如：新增学位 100 个",
    "民生",
    "市教育局",
    "【示例】来源文件的名称",
    "示例〔2026〕1号",
    "2026年1月15日",
    "2026年3月底",
    "履行中",
    "否",
)


TEXTS: dict[str, values.Reader[str]] = {
    "title": values.line(200, required=True),
    "text": values.text(10_000, required=True),
    "target": values.line(300),
    "source_document": values.line(200),
    "source_number": values.line(100),
}


def columns_of(city: City) -> tuple[Column, ...]:
    """The columns of a commitment file, in the order of the contract."""
    readers: dict[str, values.Reader[object]] = {
        **TEXTS,
        "code": values.code,
        "category": values.one_of(CATEGORIES),
        "department": values.unit_of(city),
        "made_on": values.day,
        "due_on": values.day,
        "state": values.one_of(STATES, MADE_HERE),
        "public": values.yes_no,
    }
    return tuple(Column(name, label, readers[name]) for name, label in LABELS.items())


def parse_commitments(path: Path, city: City, progress: Progress | None = None) -> Parsed:
    """Read a CSV (UTF-8, GBK) or XLSX file of commitments: all its rows, or all its faults.

    Blocks while it reads (100,000 rows: well under a minute), in bounded memory; belongs outside any
    transaction. Raises OSError where the file cannot be opened.
    """
    return parse_table(path, columns_of(city), _dates_in_order, progress)


async def compare_commitments(
    unit: Unit, rows: Rows, progress: Progress | None = None
) -> tuple[Written, Faults]:
    """What importing would come to, and the rows that it would refuse; nothing is written."""
    total, faults = Written(), Faults()
    async for found in _sorted_out(unit, rows, faults, progress or Progress(), lock=False):
        total += found.counted()
    return Written(total.added, total.changed, total.same, faults.count), faults


async def write_commitments(
    unit: Unit, rows: Rows, at: datetime, *, dry_run: bool = False, progress: Progress | None = None
) -> Written:
    """Add what is new by code and change what differs, as 历史承诺; what is the same stays untouched.

    With ``dry_run`` nothing is written and the counts are what would be. Raises :class:`NotImported` where
    the file would change commitments that were made or worked on in this system; nothing is written then.
    """
    total, faults = Written(), Faults()
    async for found in _sorted_out(unit, rows, faults, progress or Progress(), lock=not dry_run):
        total += found.counted()
        if not dry_run and not faults.count:
            await unit.registry.add_commitments([record | {"historical": True} for record in found.added], at)
            await unit.registry.change_commitments([record for record, _ in found.changed], at)
            await unit.commitments.drop_clocks([row.code for _, row in found.changed], at=at)
            await news.of_file(unit, found.changed, at)
    if faults.count:
        raise NotImported(faults.listed, faults.count)
    if not dry_run:
        await unit.search.settle(total.added + total.changed)
    return total


@contextmanager
def exporting(path: Path) -> Iterator[Callable[[Iterable[CommitmentRow]], None]]:
    """A CSV or XLSX file of commitments that takes them page by page and appears whole at the end.

    What it holds can be imported again. Raises :class:`Invalid` for another kind of file, and OSError.
    """
    with writing.table(path, "承诺", tuple(LABELS)) as add:

        def take(rows: Iterable[CommitmentRow]) -> None:
            for row in rows:
                add([_written(getattr(row, name)) for name in LABELS])

        yield take


def export_commitments(rows: Iterable[CommitmentRow], path: Path) -> None:
    """Write these commitments to a CSV or XLSX file; raises as :func:`exporting` does."""
    with exporting(path) as take:
        take(rows)


def write_template(path: Path) -> None:
    """Write an empty file with Chinese headers and one 示例 row; raises as :func:`exporting` does."""
    with writing.table(path, "承诺", tuple(LABELS.values())) as add:
        add(EXAMPLE)


async def _sorted_out(
    unit: Unit, rows: Rows, faults: Faults, progress: Progress, *, lock: bool
) -> AsyncIterator[Differences[CommitmentRow]]:
    """The rows against those that stand, a batch at a time; what may not be is told and left out."""
    progress.begin(rows.count)
    for batch in rows.batches():
        standing = await unit.registry.commitments_by_code([given["code"] for _, given in batch], lock=lock)
        found = differences([_record(given) for _, given in batch], standing, _as_a_file_says)
        refused = dict(_refusals(found))
        for number, given in batch:
            if given["code"] in refused:
                faults.add(number, *refused[given["code"]])
        yield Differences(
            [record for record in found.added if record["code"] not in refused],
            [(record, row) for record, row in found.changed if row.code not in refused],
            found.same,
        )
        progress.done += len(batch)


def _refusals(found: Differences[CommitmentRow]) -> Iterator[tuple[str, tuple[str, str]]]:
    """By code, the column and the reason where a file may not do what it says."""
    for record in found.added:
        if record["state"] in MADE_HERE:
            can = "、".join(word for word in STATES if not word.isascii())
            yield record["code"], (LABELS["state"], f"文件带来的承诺只能是：{can}")
    for record, row in found.changed:
        if row.last_seq or not row.historical:
            made = "办理过" if row.historical else "作出"
            yield row.code, (LABELS["code"], f"{row.code} 是在本系统中{made}的承诺，不能用文件修改")
        elif record["state"] in MADE_HERE:
            yield row.code, (LABELS["state"], "这个状态只能在本系统中办理，不能用文件改成")


def _as_a_file_says(row: CommitmentRow, name: str) -> object:
    """What a file can say of a value that was typed here: without blanks around, lines joined."""
    value = getattr(row, name)
    try:
        return TEXTS[name](defused(value)) if name in TEXTS else value
    except BadCell:
        return value


def _record(given: Values) -> Values:
    days = {name: date.fromisoformat(given[name]) if given[name] else None for name in ("made_on", "due_on")}
    return given | days


def _dates_in_order(row: Values) -> Iterator[tuple[str, str]]:
    if row["made_on"] and row["due_on"] and row["due_on"] < row["made_on"]:
        yield "due_on", f"到期日期 {row['due_on']} 早于承诺日期 {row['made_on']}"


def _written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)
