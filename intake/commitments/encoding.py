"""Which encoding a CSV file is in: UTF-8 as most programs write it, or GBK as Chinese Excel does.

A file that mixes both is refused with its lines: read as either, it would be imported as gibberish.
"""

import codecs
import re
from functools import partial
from pathlib import Path
from typing import Literal

from intake.commitments.faults import Faults
from intake.commitments.progress import Progress

LONGEST = 1 << 20
HAN = re.compile(r"[\u4e00-\u9fff]")
SURE = 4
"""Han characters in a line that read as UTF-8 by accident no more: three bytes each must fit its pattern."""

Kind = Literal["either", "utf-8", "gb18030", "neither", "long"]


def csv_encoding(path: Path, faults: Faults, progress: Progress) -> str | None:
    """Python's name of the file's encoding; None, with the faults told, where it has no single one.

    ``progress`` learns how many lines there are.
    """
    lines: dict[Kind, list[int]] = {"utf-8": [], "gb18030": [], "neither": [], "long": []}
    with path.open("rb") as file:
        start = file.read(3)
        if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            faults.add(0, "", "编码是 UTF-16，请另存为“CSV UTF-8（逗号分隔）”")
            return None
        file.seek(0)
        for number, line in enumerate(iter(partial(file.readline, LONGEST), b""), 1):
            progress.total = number
            kind = _kind(line)
            if kind != "either":
                lines[kind].append(number)
    return _chosen(lines, faults, marked=start == codecs.BOM_UTF8)


def _kind(line: bytes) -> Kind:
    if line.isascii():
        return "either" if len(line) < LONGEST else "long"
    if len(line) >= LONGEST:
        return "long"
    text = _decoded(line, "utf-8")
    if text is not None:
        return "utf-8" if len(HAN.findall(text)) >= SURE else "either"
    return "neither" if _decoded(line, "gb18030") is None else "gb18030"


def _decoded(line: bytes, encoding: str) -> str | None:
    try:
        return line.decode(encoding)
    except UnicodeDecodeError:
        return None


def _chosen(lines: dict[Kind, list[int]], faults: Faults, *, marked: bool) -> str | None:
    gbk = not marked and len(lines["gb18030"]) > len(lines["utf-8"])
    before = faults.count
    for number in lines["utf-8" if gbk else "gb18030"]:
        faults.add(number, "", f"这一行的编码与其他行（{'GBK' if gbk else 'UTF-8'}）不同，请统一后再导入")
    for number in lines["neither"]:
        faults.add(number, "", "这一行的编码已损坏，既不是 UTF-8 也不是 GBK")
    for number in lines["long"]:
        faults.add(number, "", "这一行太长")
    if faults.count > before:
        return None
    return "gb18030" if gbk else "utf-8-sig"
