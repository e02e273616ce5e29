"""What is wrong with a file, cell by cell, in words for the person who filled it in."""

from collections.abc import Sequence
from dataclasses import dataclass

from intake.errors import Invalid

LISTED = 200
"""Faults that are shown one by one; of the rest only the number is told."""


@dataclass(frozen=True, slots=True)
class RowFault:
    """One fault. ``row`` counts as the spreadsheet does (the header is row 1; 0: the file as a whole);
    ``column`` names the cell's column, by letter and header (``F列 承办单位``), or is empty."""

    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        where = f"第 {self.row} 行" if self.row else "文件"
        return f"{where} {self.column}：{self.reason}" if self.column else f"{where}：{self.reason}"


class Faults:
    """Gathers faults: the first :data:`LISTED` with their places, and how many there are in all."""

    def __init__(self) -> None:
        self._first: list[RowFault] = []
        self.count = 0

    def add(self, row: int, column: str, reason: str) -> None:
        self.count += 1
        if len(self._first) < LISTED:
            self._first.append(RowFault(row, column, reason))

    @property
    def listed(self) -> tuple[RowFault, ...]:
        """The first faults, in the order of their rows."""
        return tuple(sorted(self._first, key=lambda fault: fault.row))


class NotImported(Invalid):
    """The file has faults; nothing of it was written. ``faults`` are those that are shown, ``count`` all."""

    def __init__(self, faults: Sequence[RowFault], count: int) -> None:
        super().__init__("\n".join(told(faults, count)), faults=[str(fault) for fault in faults])
        self.faults = tuple(faults)
        self.count = count


def told(faults: Sequence[RowFault], count: int) -> list[str]:
    """The faults a line each, after a line that says how many there are; empty where there are none."""
    if not count:
        return []
    rest = [f"……还有 {count - len(faults)} 处，改好以上各处后再导入"] if count > len(faults) else []
    return [f"共 {count} 处有误，没有导入任何内容：", *map(str, faults), *rest]
