"""What stands in a cell, whichever kind of file it came from, and the words that must not start a formula."""

import re
from dataclasses import dataclass
from datetime import date, datetime

FORMULA = re.compile(r"'*\s*[=+\-@＝＋－＠\t\r\n]")
ESCAPED = re.compile(r"'+\s*[=+\-@＝＋－＠\t\r\n]")
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\ufffe\uffff]")
ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})
EDGES = " \t\r\n\u3000\u00a0\ufeff\u200b"


class BadCell(ValueError):
    """A cell cannot be read; the message is the reason, in words for the person who filled it in."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that would be computed; its value cannot be trusted, so nobody reads it."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell that shows an error of the spreadsheet, such as ``#REF!``."""

    text: str


def typed(text: str) -> object:
    """A cell of text: ``Formula`` or ``Broken`` where a spreadsheet would see one, else the text."""
    if text in ERRORS:
        return Broken(text)
    return Formula() if text.lstrip().startswith("=") else text


def blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip(EDGES))


def words(value: object) -> str:
    """The cell as text without blanks around it, line breaks as ``\\n``; raises :class:`BadCell`."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, Formula):
        raise BadCell("单元格里是公式，请改成文字（复制后选择性粘贴为数值）")
    if isinstance(value, Broken):
        raise BadCell(f"单元格里是错误值 {value.text}")
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return str(int(value)) if isinstance(value, int) or value.is_integer() else repr(value)
    if isinstance(value, date):
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    raise BadCell("不是文字、数字或日期")


def defused(text: str) -> str:
    """The text as an exported cell: what a spreadsheet would take for a formula gets a leading apostrophe.

    ``words`` takes the apostrophe off again, so that an exported file imports as what it was.
    """
    text = UNSEEN.sub("", text)
    return f"'{text}" if FORMULA.match(text) else text


def _clean(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip(EDGES)
    if UNSEEN.search(text):
        raise BadCell("含有看不见的控制字符，请重新输入这一格")
    return text[1:] if ESCAPED.match(text) else text
