"""What the fields of subscription notices and category templates may hold.

Source: developers.weixin.qq.com/doc/service/api/notify/notify/api_sendnewsubscribemsg.html. The type of a
field is its name without the number: ``thing1`` is a ``thing``.
"""

import re
from collections.abc import Mapping

from bot.simulator.errors import Refused

NAME = re.compile(r"^([a-z_]+?)(\d+)$")
DATE = r"\d{4}([-/.年])\d{1,2}([-/.月])\d{1,2}日?"
CLOCK = r"\d{1,2}:\d{2}(:\d{2})?"
TYPES: Mapping[str, re.Pattern[str]] = {
    "thing": re.compile(r"[^\n]{1,20}"),
    "number": re.compile(r"[+-]?\d{1,32}(\.\d+)?"),
    "letter": re.compile(r"[A-Za-z]{1,32}"),
    "symbol": re.compile(r"[^\w\s]{1,5}"),
    "character_string": re.compile(r"[\x21-\x7e]([\x20-\x7e]{0,30}[\x21-\x7e])?"),
    "time": re.compile(rf"(({DATE}) )?{CLOCK}(~(({DATE}) )?{CLOCK})?|{DATE}"),
    "date": re.compile(rf"{DATE}( {CLOCK})?(~{DATE}( {CLOCK})?)?"),
    "amount": re.compile(r"[¥$€£]?\d{1,10}(\.\d{1,2})?元?"),
    "phone_number": re.compile(r"[\d+\-() ]{1,17}"),
    "car_number": re.compile(r"[\u4e00-\u9fff]?[A-Z0-9\u4e00-\u9fff]{1,7}"),
    "name": re.compile(r"[\u4e00-\u9fff·]{1,10}|[A-Za-z .]{1,20}"),
    "phrase": re.compile(r"[\u4e00-\u9fff]{1,5}"),
    "const": re.compile(r"[^\n]{1,20}"),
}


LABELS = {
    "thing": "内容",
    "character_string": "编号",
    "phrase": "状态",
    "date": "日期",
    "time": "时间",
    "name": "姓名",
    "number": "数量",
    "amount": "金额",
    "phone_number": "电话",
}


def label(name: str) -> str:
    """What stands before a field on the card when its template tells nothing."""
    return LABELS.get(type_of(name), name)


def type_of(name: str) -> str:
    """``character_string`` of ``character_string9``; empty when the name tells no type."""
    found = NAME.match(name)
    return found.group(1) if found and found.group(1) in TYPES else ""


def values(data: object) -> dict[str, str]:
    """``{"thing1": {"value": …}}`` as name → text. Raises Refused 47003 for another shape."""
    if not isinstance(data, Mapping):
        raise Refused(47003, "data invalid")
    found = {}
    for name, held in data.items():
        if not isinstance(held, Mapping) or "value" not in held:
            raise Refused(47003, f"data.{name} invalid")
        found[str(name)] = str(held["value"])
    return found


def check(found: Mapping[str, str], wanted: frozenset[str]) -> None:
    """Raises Refused 47003 naming the first missing or ill-formed field. Untyped names may hold anything."""
    for name in sorted(wanted - set(found)):
        raise Refused(47003, f"data.{name}.value is empty")
    for name, value in found.items():
        kind = type_of(name)
        if kind and not TYPES[kind].fullmatch(value):
            raise Refused(47003, f"data.{name}.value invalid")
