"""Reading one cell as the kind of value its column holds. Every reader raises ``BadCell`` with the reason."""

import calendar
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from functools import lru_cache
from typing import TypeVar

from intake.city import City
from intake.commitments.cells import BadCell, blank, words

V = TypeVar("V")
Reader = Callable[[object], V]

YEARS = range(1990, 2101)
BY_HAND = re.compile(r"(\d{4})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})(?:日|号)?(?: 0?0:00(?::00)?)?")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
END_OF_MONTH = re.compile(r"(\d{4})年(\d{1,2})月[底末](?:前|之前|以前)?")
END_OF_YEAR = re.compile(r"(\d{4})年(?:年?底|年末|末)(?:前|之前|以前)?")
CODE = re.compile(r"\w[\w.()〔〕-]{0,63}")
NUMBERED = re.compile(r"[(（]?\d{1,2}[)）、.．](?!\d)\s*")
YES_NO = {
    **dict.fromkeys(("yes", "y", "true", "1", "是", "公开"), True),
    **dict.fromkeys(("no", "n", "false", "0", "否", "不公开"), False),
}


def text(limit: int, *, required: bool = False) -> Reader[str]:
    """Text that keeps its line breaks, ``limit`` characters at most."""
    return lambda value: _within(words(value), limit, required=required)


def line(limit: int, *, required: bool = False) -> Reader[str]:
    """Text on one line: line breaks and runs of blanks become one blank."""
    return lambda value: _within(_joined(words(value)), limit, required=required)


def code(value: object) -> str:
    """A code that people type and links hold: letters, digits, 汉字 and ``-_.()〔〕``, 64 at most."""
    said = unicodedata.normalize("NFKC", words(value))
    if not said:
        raise BadCell("必须填写")
    if not CODE.fullmatch(said):
        raise BadCell(f"编号只能用文字、数字和 - _ . ( ) 〔〕，64 个字以内，不能有空格：{_short(said)}")
    return said


def day(value: object) -> date | None:
    """A date: a real one of the spreadsheet, ISO, 2026年3月31日 or 2026年3月底; None where blank."""
    if isinstance(value, datetime):
        if value.time() != time.min:
            raise BadCell("日期后面不要写钟点")
        return _sane(value.date())
    if isinstance(value, date):
        return _sane(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and not COMPACT.fullmatch(words(value)):
        raise BadCell(f"是数字 {words(value)}，不是日期；请把单元格设为日期格式，或写成 2026年3月31日")
    return None if blank(value) else _spelt(words(value))


def one_of(known: Mapping[str, str], unsaid: Mapping[str, str] | None = None) -> Reader[str]:
    """One of the words of ``known`` (case does not matter), as the code it stands for.

    Those of ``unsaid`` are taken as well, and nobody is told of them.
    """
    choice = "、".join(dict.fromkeys(known))
    every = {**known, **(unsaid or {})}

    def read(value: object) -> str:
        said = words(value)
        if not said:
            raise BadCell(f"必须填写，可填：{choice}")
        if said.lower() not in every:
            raise BadCell(f"不认识“{_short(said)}”，可填：{choice}")
        return every[said.lower()]

    return read


def yes_no(value: object) -> bool:
    """是 or 否, also yes/no, true/false, 1/0, 公开/不公开; never assumed."""
    said = words(value).lower()
    if said not in YES_NO:
        raise BadCell(f"请填“是”或“否”，现为“{_short(said)}”" if said else "必须填写“是”或“否”")
    return YES_NO[said]


def unit_of(city: City) -> Reader[str]:
    """The code of the unit that a code, a name or a short name means."""
    resolve = lru_cache(maxsize=4096)(city.index.resolve)

    def read(value: object) -> str:
        said = words(value)
        if not said:
            raise BadCell("必须填写")
        found = resolve(said)
        if found is None:
            raise BadCell(f"没有这个单位，或有几个单位都可能是它：{_short(said)}")
        return found.code

    return read


def items(limit: int, *, required: bool = False) -> Reader[list[str]]:
    """A list, an item a line (numbers before them are taken off) or a list already; each ``limit`` long."""

    def read(value: object) -> list[str]:
        given = [words(item) for item in value] if isinstance(value, list) else words(value).split("\n")
        found = [_within(NUMBERED.sub("", _joined(item), count=1), limit) for item in given]
        found = [item for item in found if item]
        if required and not found:
            raise BadCell("至少填写一条")
        return found

    return read


def _joined(said: str) -> str:
    return " ".join(said.split())


def _within(said: str, limit: int, *, required: bool = False) -> str:
    if required and not said:
        raise BadCell("必须填写")
    if len(said) > limit:
        raise BadCell(f"超过 {limit} 字（现有 {len(said)} 字）")
    return said


def _spelt(said: str) -> date:
    plain = re.sub(r"\s*([年月日号])\s*", r"\1", unicodedata.normalize("NFKC", said))
    try:
        if found := BY_HAND.fullmatch(plain) or COMPACT.fullmatch(plain):
            return _sane(date(*map(int, found.groups())))
        if found := END_OF_MONTH.fullmatch(plain):
            year, month = map(int, found.groups())
            return _sane(date(year, month, calendar.monthrange(year, month)[1]))
        if found := END_OF_YEAR.fullmatch(plain):
            return _sane(date(int(found[1]), 12, 31))
    except (ValueError, calendar.IllegalMonthError) as error:
        if isinstance(error, BadCell):
            raise
        raise BadCell(f"没有这一天：{_short(said)}") from None
    raise BadCell(f"日期请写成 2026-03-31、2026年3月31日或 2026年3月底，现为“{_short(said)}”")


def _sane(found: date) -> date:
    if found.year not in YEARS:
        raise BadCell(f"年份 {found.year} 不对")
    return found


def _short(said: str) -> str:
    return said if len(said) <= 30 else f"{said[:30]}…"
