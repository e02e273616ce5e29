"""Numbers as people write them: 30, １２, 三十, 一万二, 1.2亿; the digits of any width as ASCII."""

import re
from decimal import Decimal, InvalidOperation

_DIGITS = dict(zip("零〇一二三四五六七八九", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)) | {"两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8, "w": 10**4, "k": 10**3}
_FULL_WIDTH = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code) not in "，！？；：（）"}
    | {"\u3000": " "}
)

#: A Chinese numeral of a length that people write; what it may not begin with keeps 千万 (by no means) and
#: 万一 (in case) out.
CHINESE = r"[一二两三四五六七八九十][零〇一二两三四五六七八九十百千万亿]{0,20}"


def folded(text: str) -> str:
    """Full-width digits, letters and signs as ASCII; every character keeps its position."""
    return text.translate(_FULL_WIDTH)


def chinese(numeral: str) -> int | None:
    """三百五十 → 350, 一万二 → 12000, 二〇二六 → 2026; None for what is no number."""
    if not numeral or any(c not in _DIGITS and c not in _SMALL and c not in _LARGE for c in numeral):
        return None
    if all(c in _DIGITS for c in numeral):
        return int("".join(str(_DIGITS[c]) for c in numeral))
    total, section, digit, last_unit = 0, 0, 0, 0
    for c in numeral:
        if c in _DIGITS:
            digit = _DIGITS[c]
            last_unit = 0 if digit == 0 else last_unit
        elif c in _SMALL:
            section += (digit or (1 if c == "十" else digit)) * _SMALL[c]
            digit, last_unit = 0, _SMALL[c]
        else:
            unit = _LARGE[c]
            total = (total + section + digit) * unit if unit > total else total + (section + digit) * unit
            section, digit, last_unit = 0, 0, unit
    # 一万二 and 三千五 leave the last unit unsaid: it is the next lower one.
    return total + section + digit * (last_unit // 10 if last_unit > 10 else 1)


def integer(words: str) -> int | None:
    """A whole number in digits or Chinese."""
    return int(words) if re.fullmatch(r"[0-9]{1,9}", words) else chinese(words)


def decimal(digits: str, unit: str) -> Decimal | None:
    """12,000.5 with 万, 亿, 千, 百, w or k behind it (千万 multiplies both)."""
    try:
        value = Decimal(digits.replace(",", "").replace("，", ""))
    except InvalidOperation:
        return None
    for c in unit.lower():
        value *= _SMALL.get(c) or _LARGE[c]
    return value
