"""Values a notification template takes, by the kind its field's name begins with.

The platform refuses a whole notice (47003) for one value it dislikes; here a value is cut and cleaned until
it fits, or found unfit. Source of the limits: developers.weixin.qq.com/doc/service/api/notify/notify/
api_sendnewsubscribemsg.html; template messages take 20 characters a field as well.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.wechat.render import legible

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_KEY = re.compile(r"([a-z_]+?)([0-9]{1,3})")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SPACE = re.compile(r"\s+")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_AMOUNT = re.compile(r"([¥￥$€£]?)\s*([0-9][0-9,]*(?:\.[0-9]+)?)\s*(元?)")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_CHINESE_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})")


def kind_of(key: str) -> str | None:
    """The kind in a template's key: ``thing`` of ``thing1``; ``None`` for a key that no template has."""
    match = _KEY.fullmatch(key)
    return match[1] if match and match[1] in _FIT else None


def fit(key: str, value: str) -> str:
    """``value`` as the field ``key`` takes it; ``key`` must have a kind.

    When nothing of it fits, a field of words says where to look instead and any other comes back empty.
    """
    kind = kind_of(key)
    if kind is None:
        raise ValueError(f"no such template field: {key}")
    return _FIT[kind](_SPACE.sub(" ", legible(value)).strip()) or _STAND_IN.get(kind, "")


def _words(limit: int) -> Callable[[str], str]:
    def cut(value: str) -> str:
        """Words without emoji, which templates lose or refuse; what is cut ends in …"""
        clean = "".join(each for each in value if not _pictorial(each)).strip()
        return clean if len(clean) <= limit else clean[: limit - 1].rstrip() + "…"

    return cut


def _pictorial(character: str) -> bool:
    if ord(character) > 0xFFFF:
        return not _rare_han(character)
    if "\u2300" <= character <= "\u27bf" or "\u2b00" <= character <= "\u2bff":
        return True
    return unicodedata.category(character) in {"Cf", "Mn", "Me", "Co", "Cn"}


def _rare_han(character: str) -> bool:
    """Characters of names outside the basic plane."""
    return "\U00020000" <= character <= "\U000323af"


def _only(pattern: str, limit: int) -> Callable[[str], str]:
    unwanted = re.compile(f"[^{pattern}]")

    def keep(value: str) -> str:
        return unwanted.sub("", unicodedata.normalize("NFKC", value))[:limit].strip()

    return keep


def _number(value: str) -> str:
    found = _NUMBER.search(unicodedata.normalize("NFKC", value).replace(",", ""))
    return found[0] if found and len(found[0]) <= 32 else ""


def _amount(value: str) -> str:
    found = _AMOUNT.search(value)
    if not found:
        return ""
    whole, _, fraction = found[2].replace(",", "").partition(".")
    digits = f"{whole}.{fraction[:2]}" if fraction else whole
    return f"{found[1].replace('￥', '¥')}{digits}{found[3]}" if len(whole + fraction[:2]) <= 10 else ""


def _phrase(value: str) -> str:
    return "".join(_HAN.findall(value))[:5]


def _name(value: str) -> str:
    han = _HAN.findall(value)
    return "".join(han)[:10] if han else _only("A-Za-z. ", 20)(value)


def _day(value: str) -> str:
    """2026年3月31日, with the time of day behind it when the value has one."""
    moment = _moment(value)
    if moment:
        return f"{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M}"
    found = _ISO.search(value) or _CHINESE_DAY.search(value)
    if not found:
        return ""
    year, month, day = (int(part) for part in found.groups())
    try:
        datetime(year, month, day, tzinfo=_SHANGHAI)
    except ValueError:
        return ""
    clock = _CLOCK.search(value, found.end())
    rest = f" {int(clock[1]):02}:{clock[2]}" if clock and int(clock[1]) < 24 and int(clock[2]) < 60 else ""
    return f"{year}年{month}月{day}日{rest}"


def _time(value: str) -> str:
    """As :func:`_day`, with a time of day in any case: a day's end where there is none."""
    day = _day(value)
    if day:
        return day if " " in day else f"{day} 23:59"
    clock = _CLOCK.search(value)
    return f"{int(clock[1]):02}:{clock[2]}" if clock and int(clock[1]) < 24 and int(clock[2]) < 60 else ""


def _moment(value: str) -> datetime | None:
    """An ISO moment with its offset, in Shanghai's time."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment.astimezone(_SHANGHAI) if moment.tzinfo else None


_STAND_IN = {
    "thing": "请到公众号内查看",
    "const": "请到公众号内查看",
    "keyword": "请到公众号内查看",
    "phrase": "见详情",
}
_FIT: dict[str, Callable[[str], str]] = {
    "thing": _words(20),
    "const": _words(20),
    "keyword": _words(20),
    "character_string": _only("!-~ ", 32),
    "letter": _only("A-Za-z", 32),
    "symbol": _only(r"!-/:-@\[-^`{-~", 5),
    "number": _number,
    "amount": _amount,
    "phone_number": _only(r"0-9+\-() ", 17),
    "car_number": _only("A-Z0-9\u4e00-\u9fff", 8),
    "name": _name,
    "phrase": _phrase,
    "date": _day,
    "time": _time,
}
