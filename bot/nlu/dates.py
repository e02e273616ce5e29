"""Dates in a text, as a day: 2026年3月31日, 3月底前, 年底前, 去年底, 下个月底, 三年前, 上半年, 本周五.

A span of time stands for its last day, since what people name is mostly a deadline (``POST /understand``:
3月底前 → its last day). Of a month without a year the nearer one is meant, or the latest one when the text
says that it has passed (至今, 还没, 到现在).
"""

import calendar
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from bot.nlu.numerals import CHINESE, integer
from bot.nlu.port import Entity

_PASSED = re.compile(
    r"至今|到现在|早(?:就)?过了|到今天|现在(?:还|都|也|仍)|还(?:没|未|是没|在拖)(?!到)|仍(?:然|旧)?(?:没|未|不)|迟迟|一直(?:没|未|不|拖)|"
    r"(?:元旦|五一|七一|八一|国庆节?|十一)(?:都|早|也)*过(?:了|完)|"
    r"都(?:过|快).{0,4}了|已经?(?:过|逾期|超)|未(?:兑现|完成|落实)|眼看|一分[^，。]{0,3}没|"
    r"没(?:有)?(?:兑现|动静|下文|结果|人影|见(?!面)|收到|等到|看到|发放?|拨|到账|修好|建好|建成|通车|装上|开工|完工|交房|领到|拿到|办成)"
)
_BEFORE = r"(?:之前|以前|前)?"
#: So many days nearer is a day that lies behind: people tell more of promises made than of plans.
NEARER = 20
_N = rf"(?:[0-9]{{1,2}}|{CHINESE})"
_YEAR = r"(?P<year>(?:19|20)[0-9]{2}|二[〇零][〇零一二三四五六七八九]{2})\s*年"
_SAID_YEAR = r"(?P<said>今年|明年|后年|去年|前年|上年|本年|当年)"
_PART = r"(?:底|末|中旬|上旬|下旬|中|初)"
_LATE = {"初": 10, "上旬": 10, "中": 15, "中旬": 20}
_PERIODS = {
    "上半年": 6,
    "下半年": 12,
    "年内": 12,
    "年底": 12,
    "年末": 12,
    "底": 12,
    "末": 12,
    "年初": 1,
    "初": 1,
}
_PERIOD = r"(?P<period>上半年|下半年|年内|年底|年末|年初|底|末|初)"
_SAID = {"今年": 0, "本年": 0, "当年": 0, "明年": 1, "后年": 2, "去年": -1, "上年": -1, "前年": -2}
#: A year that is spoken of, and how many characters later it still is. 年初 is this year's.
_NAMED, _STILL = re.compile(rf"{_YEAR}|{_SAID_YEAR}|(?<![去明后前])年初"), 30
#: 今天之前, 截止到昨天: a term. With so few characters more a text only says which day.
_TERM = re.compile(r"(?:之前|以前|前|之内|以内|内|截止|到期|必须|为止)")
_UNTIL = re.compile(r"(?:截止|截至|限|最迟|最晚|期限)(?:是|到|为|在)?$")
_ALONE = 1
_WEEKDAYS = {c: i for i, c in enumerate("一二三四五六日")} | {"天": 6}
_FEASTS = {
    "元旦": (1, 1),
    "五一": (5, 1),
    "劳动节": (5, 1),
    "七一": (7, 1),
    "八一": (8, 1),
    "国庆": (10, 1),
    "国庆节": (10, 1),
    "十一": (10, 1),
}

_AGO = frozenset(("前", "之前", "以前"))
_CLAUSE = re.compile(r"[，。；！？,.;!?\s]")
#: 请在三天内: a term that is set now; 合同写七日内 is a rule, and no day.
_DEMANDED = re.compile(r"请|限|务必|必须|尽快|要求|希望|最好|争取|答应|再(?:给|等)|保证|说")

Reader = Callable[[re.Match[str], date, bool], date | None]


def dates(text: str, *, today: date) -> Iterator[Entity]:
    """Each date of a folded text, value ISO; the longest reading of overlapping ones."""
    passed = _PASSED.search(text) is not None
    found: list[Entity] = []
    for pattern, read in _READERS:
        for match in pattern.finditer(text):
            try:
                day = read(match, today, passed)
            except (ValueError, OverflowError):
                continue
            start, end = match.span()
            if day is None or any(e.start < end and start < e.end for e in found):
                continue
            found.append(Entity("due_date", match[0], start, end, day.isoformat()))
    yield from found


def _last(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _shifted(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _within_month(year: int, month: int, part: str | None) -> date:
    return date(year, month, _LATE[part]) if part in _LATE else _last(year, month)


def _year_of(match: re.Match[str], today: date) -> int | None:
    """The year that the text names, in digits or as 去年."""
    groups = match.groupdict()
    if groups.get("year"):
        return integer(groups["year"])
    return today.year + _SAID[groups["said"]] if groups.get("said") else None


def _spoken_of(match: re.Match[str], today: date) -> int | None:
    """The year named last before the match and not far from it: 今年又说年底 means this year's end."""
    named = list(_NAMED.finditer(match.string, max(0, match.start() - _STILL), match.start()))[-1:]
    years = [integer(n["year"]) if n["year"] else today.year + _SAID.get(n["said"], 0) for n in named]
    return years[0] if years else None


def _guessed(today: date, passed: bool, in_year: Callable[[int], date]) -> date:
    """Of a date without a year the nearer one, or the latest one when the text says it has passed."""
    this = in_year(today.year)
    if passed:
        return this if this < today else in_year(today.year - 1)
    years = (in_year(today.year + step) for step in (0, 1, -1))
    return min(years, key=lambda day: abs((day - today).days) - NEARER * (day < today))


def _full(match: re.Match[str], _today: date, _passed: bool) -> date | None:
    return date(int(match["y"]), int(match["m"]), int(match["d"]))


def _month_day(match: re.Match[str], today: date, passed: bool) -> date | None:
    month, day = integer(match["month"]), integer(match["day"])
    if not month or not day or month > 12:
        return None
    year = _year_of(match, today)
    return date(year, month, day) if year else _guessed(today, passed, lambda y: date(y, month, day))


def _month(match: re.Match[str], today: date, passed: bool) -> date | None:
    month, year = integer(match["month"]), _year_of(match, today)
    if not month or month > 12 or not (year or match["part"] or match["before"] or "份" in match[0]):
        return None
    if year:
        return _within_month(year, month, match["part"])
    return _guessed(today, passed, lambda y: _within_month(y, month, match["part"]))


def _part_of_year(match: re.Match[str], today: date, passed: bool) -> date | None:
    month, year = _PERIODS[match["period"]], _year_of(match, today) or _spoken_of(match, today)
    if year is None:
        return _guessed(today, passed, lambda y: _last(y, month))
    return _last(year, month)


def _quarter(match: re.Match[str], today: date, passed: bool) -> date | None:
    quarter, year = integer(match["quarter"]), _year_of(match, today)
    if not quarter or quarter > 4:
        return None
    return _last(year, quarter * 3) if year else _guessed(today, passed, lambda y: _last(y, quarter * 3))


def _relative_month(match: re.Match[str], today: date, _passed: bool) -> date | None:
    word = match["which"] or ""
    base = _shifted(today, word.count("下") - word.count("上"))
    if match["day"]:
        day = integer(match["day"])
        return base.replace(day=day) if day else None
    if not match["part"] and "下" not in word:
        return None  # 上个月 and 这个月 alone tell when something happened
    return _within_month(base.year, base.month, match["part"])


def _ago(match: re.Match[str], today: date, _passed: bool) -> date | None:
    count = 6 if match["half"] else integer(match["count"])
    before = match.string[max(0, match.start() - 12) : match.start()]
    if not count or (match["way"] not in _AGO and _CLAUSE.split(before)[-1] and not _DEMANDED.search(before)):
        return None
    sign = -1 if match["way"] in {"前", "之前", "以前"} else 1
    unit = "个月" if match["half"] else match["unit"]
    months = {"年": 12 * count, "个月": count}.get(unit)
    days = {"天": count, "日": count, "周": 7 * count, "个星期": 7 * count, "星期": 7 * count}.get(unit, 0)
    return _shifted(today, sign * months) if months else today + timedelta(days=sign * days)


def _near(match: re.Match[str], today: date, _passed: bool) -> date | None:
    """A day nearby. Of 今天 and the days behind it things mostly happened: they count alone, or as a term."""
    steps = {"大前天": -3, "前天": -2, "昨天": -1, "今天": 0, "明天": 1, "后天": 2, "大后天": 3}
    step, text = steps[match[0]], match.string
    alone = len(text.strip()) <= len(match[0]) + _ALONE
    term = _TERM.match(text, match.end()) or _UNTIL.search(text, 0, match.start())
    return today + timedelta(days=step) if step > 0 or alone or term else None


def _weekday(match: re.Match[str], today: date, _passed: bool) -> date | None:
    week = match["which"].count("下") - match["which"].count("上")
    monday = today - timedelta(days=today.weekday()) + timedelta(days=7 * week)
    return monday + timedelta(days=_WEEKDAYS[match["weekday"]])


def _feast(match: re.Match[str], today: date, passed: bool) -> date | None:
    month, day = _FEASTS[match["feast"]]
    return _guessed(today, passed, lambda year: date(year, month, day))


_NAMED_YEAR = rf"(?:{_YEAR}|{_SAID_YEAR}的?)"
_WHICH = r"(?P<which>本|这个?|上上个?|上个?|下下个?|下个?)"

#: In this order: what is read first is not read again by a looser pattern.
_EXPRESSIONS: tuple[tuple[str, Reader], ...] = (
    (
        r"(?<![0-9])(?P<y>(?:19|20)[0-9]{2})(?P<by>[-/.])(?P<m>[0-9]{1,2})(?P=by)(?P<d>[0-9]{1,2})(?![0-9])"
        + _BEFORE,
        _full,
    ),
    (
        rf"{_NAMED_YEAR}?\s*(?<![0-9.])(?P<month>{_N})\s*月份?\s*(?P<day>{_N})\s*[日号]{_BEFORE}",
        _month_day,
    ),
    (
        rf"{_NAMED_YEAR}?\s*(?<![0-9.个])(?P<month>{_N})\s*月份?(?P<part>{_PART})?(?P<before>之前|以前|前)?",
        _month,
    ),
    (rf"{_NAMED_YEAR}?(?<!前)第?(?P<quarter>[一二三四1-4])季度(?:末|底)?{_BEFORE}", _quarter),
    (rf"{_NAMED_YEAR}{_PERIOD}{_BEFORE}", _part_of_year),
    (rf"(?<![0-9去前后明今上快看])(?P<period>年底|年末|年内|上半年|下半年){_BEFORE}", _part_of_year),
    (rf"{_WHICH}月(?:(?P<day>{_N})[日号]|(?P<part>{_PART}))?{_BEFORE}", _relative_month),
    (
        rf"(?P<which>)(?P<day>)(?<![0-9一二三四五六七八九十个])月(?P<part>底|末){_BEFORE}",
        _relative_month,
    ),
    (
        rf"(?:(?P<half>半年)|(?P<count>{_N})(?P<unit>年|个月|天|日|周|个星期|星期))"
        r"(?P<way>之前|以前|前|之内|以内|内|后|之后|以后)",
        _ago,
    ),
    (r"大前天|前天|昨天|今天|明天|大后天|后天", _near),
    (rf"{_WHICH}(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])", _weekday),
    (r"(?P<feast>元旦|五一|劳动节|七一|八一|国庆节|国庆|十一)(?:之前|以前|前)", _feast),
)
_READERS = tuple((re.compile(expression), read) for expression, read in _EXPRESSIONS)
