"""Reading a table row by row from CSV or XLSX, in bounded memory; the kind is told by content, not by name.

Limits: 100 MB a file, 256 MB for any part of an XLSX once unpacked, 200,000 rows.
"""

import csv
import re
import warnings
import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from intake.commitments.cells import Broken, Formula, blank, typed
from intake.commitments.encoding import csv_encoding
from intake.commitments.faults import Faults
from intake.commitments.progress import Progress

MOST_BYTES = 100 << 20
MOST_UNPACKED = 256 << 20
MOST_ROWS = 200_000
LAST_ROW = 1_048_576
ZIP = b"PK\x03\x04"
OLD_OFFICE = bytes.fromhex("D0CF11E0")
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+\d+:[A-Z]+\d+)"')
CHUNK = 1 << 16
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    OverflowError,
    EOFError,
    RuntimeError,
    OSError,
)
"""What zipfile, the XML parser and openpyxl raise over damaged or hostile files that could be opened."""

Cells = list[object]


def rows_of(
    path: Path, faults: Faults, progress: Progress | None = None
) -> Generator[tuple[int, Cells], None, None]:
    """Each row that holds something, with its number as the spreadsheet shows it; ``progress`` counts them.

    A value is text, a number, a date, a truth value, None, ``Formula`` or ``Broken``. Of an XLSX the first
    visible sheet is read. What keeps the file from being read is told to ``faults``; OSError passes through.
    """
    if path.stat().st_size > MOST_BYTES:
        faults.add(0, "", f"文件超过 {MOST_BYTES >> 20} MB，请分成几个文件")
        return
    with path.open("rb") as file:
        start = file.read(4)
    if start == OLD_OFFICE:
        faults.add(0, "", "是旧版 .xls 或加了密码的文件，请另存为不加密的 .xlsx")
        return
    read, progress = 0, progress or Progress()
    kind = _quietly(_xlsx(path, faults, progress)) if start == ZIP else _csv(path, faults, progress)
    for number, cells in kind:
        progress.done = number
        if progress.stopped:
            return
        if number > LAST_ROW:
            faults.add(0, "", "行号超出了表格的范围，文件已损坏")
            return
        if all(map(blank, cells)):
            continue
        read += 1
        if read > MOST_ROWS:
            faults.add(number, "", f"超过 {MOST_ROWS} 行，请分成几个文件")
            return
        yield number, cells


def column_name(index: int, header: str = "") -> str:
    """How a fault names a column: its letter, and its header where there is one."""
    from openpyxl.utils import get_column_letter

    return f"{get_column_letter(index + 1)}列 {header}".rstrip()


def _csv(path: Path, faults: Faults, progress: Progress) -> Iterator[tuple[int, Cells]]:
    encoding = csv_encoding(path, faults, progress)
    if encoding is None:
        return
    number = 0
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            for number, cells in enumerate(reader, 1):
                yield number, [typed(cell) for cell in cells]
        except csv.Error:
            faults.add(number + 1, "", "引号不成对，或一格的文字太长")


def _xlsx(path: Path, faults: Faults, progress: Progress) -> Iterator[tuple[int, Cells]]:
    from openpyxl import load_workbook  # weighs 10 MB: not for a service that reads none
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        if _too_large(path):
            faults.add(0, "", f"解压后超过 {MOST_UNPACKED >> 20} MB，请分成几个文件")
            return
        with closing(load_workbook(path, read_only=True, data_only=False, keep_links=False)) as book:
            visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            if not visible:
                faults.add(0, "", "没有工作表")
                return
            _tell_merged(path, visible[0], faults, progress)
            visible[0].reset_dimensions()
            for number, cells in enumerate(visible[0].iter_rows(), 1):
                yield number, [_value(cell) for cell in cells]
    except (*UNREADABLE, InvalidFileException):
        faults.add(0, "", "文件已损坏，或不是 .xlsx / .csv 文件")


def _quietly(lines: Iterator[tuple[int, Cells]]) -> Iterator[tuple[int, Cells]]:
    """The rows without openpyxl's warnings: what it warns of comes as a ``Broken`` cell."""
    while True:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            line = next(lines, None)
        if line is None:
            return
        yield line


def _value(cell: Any) -> object:
    if cell.data_type == "f":
        return Formula()
    if cell.data_type == "e":
        return Broken(str(cell.value or "#VALUE!"))
    return typed(cell.value) if isinstance(cell.value, str) else cell.value


def _too_large(path: Path) -> bool:
    with zipfile.ZipFile(path) as parts:
        return any(part.file_size > MOST_UNPACKED for part in parts.infolist())


def _tell_merged(path: Path, sheet: Any, faults: Faults, progress: Progress) -> None:
    """openpyxl reads merged cells in bounded memory as blanks; so they are looked for in the sheet itself.

    On the way its rows are counted, but for those that lie across two chunks.
    """
    with zipfile.ZipFile(path) as parts, parts.open(sheet._worksheet_path) as part:
        rest = b""
        while chunk := part.read(CHUNK):
            progress.total += chunk.count(b"<row ")
            rest += chunk
            end = 0
            for found in MERGED.finditer(rest):
                _tell_one(found[1].decode(), faults)
                end = found.end()
            rest = rest[max(end, len(rest) - 256) :]


def _tell_one(area: str, faults: Faults) -> None:
    from openpyxl.utils import range_boundaries

    left, top, right, bottom = range_boundaries(area)
    reach = column_name(left - 1) if left == right else f"{column_name(left - 1)}至{column_name(right - 1)}"
    down = f"（到第 {bottom} 行）" if bottom != top else ""
    faults.add(int(top), reach, f"是合并单元格{down}，请取消合并，每格分别填写")
