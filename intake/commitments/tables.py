"""A table with a header row as checked rows: every fault of every cell is found, or every row is good."""

import json
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from intake.commitments.cells import BadCell, blank
from intake.commitments.faults import Faults, RowFault, told
from intake.commitments.progress import Progress
from intake.commitments.sheets import Cells, column_name, rows_of

BATCH = 500

Values = dict[str, Any]
Numbered = tuple[int, Values]
Check = Callable[[Values], Iterator[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: its name in the contract, its Chinese header, and how a cell of it is read."""

    name: str
    label: str
    read: Callable[[object], Any]


class Rows:
    """Checked rows, kept packed: 100,000 commitments take 20 to 50 MB."""

    def __init__(self) -> None:
        self._packed: list[bytes] = []
        self._open: list[Numbered] = []
        self.count = 0

    def add(self, number: int, values: Values) -> None:
        self._open.append((number, values))
        self.count += 1
        if len(self._open) == BATCH:
            self._packed.append(_packed(self._open))
            self._open = []

    def batches(self) -> Iterator[list[Numbered]]:
        """The rows in their order, each with its number in the file, :data:`BATCH` at a time.

        Dates come back as ISO text.
        """
        for packed in (*self._packed, _packed(self._open)):
            yield [(number, values) for number, values in json.loads(zlib.decompress(packed))]


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file that was read: all its rows, or its faults and no row.

    ``faults`` are the first 200, ``fault_count`` is how many there are.
    """

    rows: Rows
    faults: tuple[RowFault, ...]
    fault_count: int

    def report(self) -> list[str]:
        """The faults in words, a line each; empty where the file is good."""
        return told(self.faults, self.fault_count)


def parse_table(
    path: Path,
    columns: Sequence[Column],
    check: Check | None = None,
    progress: Progress | None = None,
) -> Parsed:
    """Read a CSV or XLSX file whose first row names ``columns``, in any order, by name or Chinese header.

    ``check`` looks at a good row as a whole and yields (column name, reason). Raises OSError.
    """
    faults = Faults()
    with closing(rows_of(path, faults, progress)) as lines:
        number, head = next(lines, (0, []))
        if not head and not faults.count:
            faults.add(0, "", "是空的")
        header = _header(number, head, columns, faults) if head else {}
        if faults.count and not header:
            return Parsed(Rows(), faults.listed, faults.count)
        where = {column.name: column_name(at, _shown(head[at])) for at, column in header.items()}
        return checked(_named(lines, header, faults), columns, where, faults, check)


def checked(
    raw: Iterable[Numbered],
    columns: Sequence[Column],
    where: Mapping[str, str],
    faults: Faults,
    check: Check | None = None,
) -> Parsed:
    """Read every value of every row; ``where`` says how a fault names a column. Codes must not repeat."""
    rows = Rows()
    first: dict[str, int] = {}
    for number, given in raw:
        before = faults.count
        values = _values(number, given, columns, where, faults)
        code = values.get("code")
        if code is not None and first.setdefault(code, number) != number:
            faults.add(number, where["code"], f"编号 {code} 与第 {first[code]} 行重复")
        for name, reason in check(values) if check and faults.count == before else ():
            faults.add(number, where[name], reason)
        if not faults.count:
            rows.add(number, values)
    if not rows.count and not faults.count:
        faults.add(0, "", "只有列名，没有内容")
    return Parsed(Rows() if faults.count else rows, faults.listed, faults.count)


def _values(
    number: int, given: Values, columns: Sequence[Column], where: Mapping[str, str], faults: Faults
) -> Values:
    values: Values = {}
    for column in columns:
        try:
            values[column.name] = column.read(given.get(column.name))
        except BadCell as bad:
            faults.add(number, where[column.name], str(bad))
    return values


def _named(
    lines: Iterator[tuple[int, Cells]], header: Mapping[int, Column], faults: Faults
) -> Iterator[Numbered]:
    """Each row's cells by the names of their columns."""
    for number, cells in lines:
        for at, cell in enumerate(cells):
            if at not in header and not blank(cell):
                faults.add(number, column_name(at), "这一列第一行没有列名")
        yield number, {column.name: cells[at] for at, column in header.items() if at < len(cells)}


def _header(number: int, head: Cells, columns: Sequence[Column], faults: Faults) -> dict[int, Column]:
    """Which column stands where; empty, with the faults told, where a name is unknown, missing or twice."""
    known = {_plain(word): column for column in columns for word in (column.name, column.label)}
    labels = "、".join(column.label for column in columns)
    if not any(_plain(_shown(cell)) in known for cell in head):
        faults.add(number, "", f"第一行要写列名：{labels}")
        return {}
    found: dict[int, Column] = {}
    before = faults.count
    for at, cell in enumerate(head):
        column = known.get(_plain(_shown(cell)))
        twin = next((other for other, seen in found.items() if seen is column), None)
        if column is None and not blank(cell):
            faults.add(number, column_name(at, _shown(cell)), f"不认识这个列名，可用：{labels}")
        elif column is not None and twin is not None:
            faults.add(number, column_name(at, _shown(cell)), f"与 {column_name(twin)} 的列名重复")
        elif column is not None:
            found[at] = column
    for column in columns:
        if column not in found.values():
            faults.add(number, column.label, "缺少这一列")
    return {} if faults.count > before else found


def _packed(rows: Sequence[Numbered]) -> bytes:
    text = json.dumps(rows, ensure_ascii=False, default=date.isoformat)
    return zlib.compress(text.encode(), level=1)


def _shown(cell: object) -> str:
    return cell.strip() if isinstance(cell, str) else "" if blank(cell) else str(cell)


def _plain(header: str) -> str:
    return "".join(unicodedata.normalize("NFKC", header).lower().strip("*\ufeff").split())
