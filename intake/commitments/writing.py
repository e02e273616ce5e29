"""Writing tables as CSV or XLSX, row by row; no cell of them starts a formula."""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from intake.commitments.cells import defused
from intake.errors import Invalid

Add = Callable[[Sequence[str]], None]


@contextmanager
def table(path: Path, name: str, header: Sequence[str]) -> Iterator[Add]:
    """A new file, its kind told by its name: ``.xlsx``, or ``.csv`` in UTF-8 with the mark that Excel needs.

    ``name`` is the sheet's. The file appears whole at the end, in place of one of that name; nothing is left
    where writing failed. Raises :class:`Invalid` for another kind, OSError where nothing can be written.
    """
    kind = path.suffix.lower()
    if kind not in (".csv", ".xlsx"):
        raise Invalid("文件名要以 .csv 或 .xlsx 结尾", fields={"file": "以 .csv 或 .xlsx 结尾"})
    partial = path.with_name(f".{path.name}.partial")
    try:
        with _xlsx(partial, name) if kind == ".xlsx" else _csv(partial) as write:
            write(header)
            yield lambda cells: write([defused(cell) for cell in cells])
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def _csv(path: Path) -> Iterator[Add]:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        yield csv.writer(file).writerow


@contextmanager
def _xlsx(path: Path, name: str) -> Iterator[Add]:
    from openpyxl import Workbook  # weighs 10 MB: not for a service that writes none

    book = Workbook(write_only=True)
    sheet = book.create_sheet(name)
    try:
        yield sheet.append
        book.save(path)
    finally:
        if not sheet.closed:
            sheet.close()
