"""Amounts of money in a text: 三十万, 30w, 1.2亿, 5000元, 两千块, 3万5, ￥3,000."""

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.nlu.numerals import CHINESE, chinese, decimal
from bot.nlu.port import Entity

_MONEY = r"(?:元钱?|块钱|块|圆|人民币|rmb)"
# A bare 30万 is money unless something else is counted.
_COUNTED = (
    r"(?![人户平亩吨公里米次字斤辆套棵台册度千瓦赞票粉方名位个头只条件张天年月日号小时分升桶份岁股火双瓶根株"
    r"k多余来]|[a-z]|[0-9])"
)
_MORE = r"(?:多|余|来)?"
# 三块五; but 50块一盒 is a price for each.
_EACH = "个块盒斤张次天份包袋瓶条件套本人户米平晚顿节课碗杯度吨亩月年桶箱把支只根片位间台辆双趟回"
_JIAO = rf"(?<=块)[一二三四五六七八九1-9](?![0-9十百千万{_EACH}])"
_DIGITS = re.compile(
    r"(?P<sign>[¥￥]\s*)?(?<![0-9.])(?P<number>[0-9]{1,3}(?:[,，][0-9]{3})+(?:\.[0-9]+)?|[0-9]{1,12}(?:\.[0-9]+)?)"
    rf"\s*{_MORE}(?P<unit>[百千十]?万|亿|千|百|w|k)?{_MORE}(?P<tail>[0-9](?![0-9.万亿元块]))?"
    rf"\s*(?P<money>{_MONEY})?(?P<jiao>{_JIAO})?",
    re.IGNORECASE,
)
_WORDS = re.compile(
    rf"(?P<number>{CHINESE}){_MORE}(?P<unit>[万亿])?{_MORE}(?P<money>{_MONEY})?(?P<jiao>{_JIAO})?"
)
# 一块 is mostly "together", 三块地 are fields: a lone numeral with 块 must end what is said or go on with 五.
_LONE = re.compile(r"[，。；、！？,.;!?\s)）]|$")
_AFTER = re.compile(_COUNTED, re.IGNORECASE)
# 多收1800, 每月一千四: a bare number is money right behind words of paying, where nothing is counted.
_PAID = re.compile(
    r"(?:[收扣罚交缴花掏欠赔退付借充返拿抽补奖贷汇存捐](?:了|走|给)?(?:我们?|俺们?|他们?|她们?|人家|家长)?"
    r"|(?:张口就?|多)[要给收]|买[^，。0-9]{1,6}"
    r"|(?:费|钱|款|价|押金|工资|补助|补贴|补偿|租金|卡里|照|发了|签了|保底|日入|月入)"
    r"|(?:每一?个?|一个?)(?:户|人|亩|月|年|天|次|平|平米|米|学期|吨|套|件|张|本|份))"
    r"(?:还有|还剩|还是|只有|只给|才给|都是|一共|总共|大概|也就|就|是|共|给|发|补|交|收|要|定的)?$"
)
# 钱算错了，不是3800，是4200: another sum in the place of one.
_CORRECTED = re.compile(r"(?:钱|费|款|工资|金额|数目)[^。]{0,20}(?:不是|应该是|还是|，是|改成)$")
# Feasts and hotlines, which look like sums.
_NAMES = frozenset(("三八", "五一", "六一", "七一", "八一", "十一", "12345", "12315"))
# 三千八, 三百五: hardly anything but money leaves its last unit unsaid. What may follow a bare number:
_UNSAID = re.compile(r"[一二两三四五六七八九][千百][一二三四五六七八九]$")
_ENDS = re.compile(r"[，。；、！？,.;!?\s)）]|$|(?:[不没钱还都才了也吗呢吧啊能]|的(?!时))")
_GOES_ON = re.compile(r"(?=[去谁给退又就打在让可说算咋怎哪为时当换])")
# 1999的卡, 850一吨, 9800套系: what is bought, or for how much of it.
_PRICED = re.compile(
    r"的(?:卡|套餐|课|票|年卡)|一(?:米|亩|吨|平|斤|套|个|次|人|年|月|户|位|间)(?!点)|全包|套系|套餐"
    r"|一分(?:不|没)|换(?!了)"
)
# 亩产一千四, 血压一百八: measures whose unit everybody knows.
_MEASURED = re.compile(r"(?:亩产|产量|血压|心率|体重|身高|海拔)$")
# 五毛, 3角, 五毛六: coins.
_COINS = re.compile(
    r"(?P<number>[一二两三四五六七八九1-9])[毛角](?:钱|(?P<more>[一二三四五六七八九1-9])分?)?(?![a-z0-9落度色膜])",
    re.IGNORECASE,
)
_BEFORE = 12  # characters in which words of paying stand


def amounts(text: str) -> Iterator[Entity]:
    """Each amount of a folded text (:func:`bot.nlu.numerals.folded`), value in yuan."""
    yield from _coins(text)
    for pattern, read in ((_DIGITS, _of_digits), (_WORDS, _of_words)):
        for match in pattern.finditer(text):
            value, end = read(match), len(match[0].rstrip()) + match.start()
            if value is None or value <= 0 or value >= 10**15:
                continue
            if not match["money"] and not _AFTER.match(text, end):
                continue
            whole = value == value.to_integral_value()
            yield Entity("amount_yuan", text[match.start() : end], match.start(), end, _number(value, whole))


def _coins(text: str) -> Iterator[Entity]:
    for match in _COINS.finditer(text):
        before = text[max(0, match.start() - 1) : match.start()]
        if before not in set("块元0123456789一二三四五六七八九十"):
            cents = 10 * _digit(match["number"]) + (_digit(match["more"]) if match["more"] else 0)
            yield Entity("amount_yuan", match[0], *match.span(), float(Decimal(cents) / 100))


def _digit(numeral: str) -> int:
    return chinese(numeral) or int(numeral)


def _number(value: Decimal, whole: bool) -> float:
    return int(value) if whole else float(value)


def _of_digits(match: re.Match[str]) -> Decimal | None:
    unit = (match["unit"] or "").lower()
    large = unit in {"w", "k"} or "万" in unit or "亿" in unit
    if not (match["money"] or match["sign"] or large or _bare(match)):
        return None
    value = decimal(match["number"], unit)
    if value is not None and match["jiao"]:
        return value + Decimal(chinese(match["jiao"]) or int(match["jiao"])) / 10
    if value is None or not match["tail"]:
        return value
    # 3万5: the digit behind the unit stands for the next lower one.
    return value + int(match["tail"]) * (decimal("1", unit) or Decimal(0)) / 10 if unit else None


def _of_words(match: re.Match[str]) -> Decimal | None:
    numeral = match["number"]
    if not (match["money"] or match["unit"] or any(c in "万亿" for c in numeral) or _bare(match)):
        return None
    if len(numeral) == 1 and match["money"] == "块" and not match["jiao"]:
        return _lone(match)
    value = chinese(numeral)
    if value is None:
        return None
    tenths = Decimal(chinese(match["jiao"]) or int(match["jiao"])) / 10 if match["jiao"] else Decimal(0)
    return Decimal(value) * {"万": 10**4, "亿": 10**8}.get(match["unit"] or "", 1) + tenths


def _bare(match: re.Match[str]) -> bool:
    """Whether a number without a unit is an amount by what stands around it."""
    numeral = match["number"]
    text, end = match.string, match.end()
    if (
        len(numeral) < 2
        or numeral in _NAMES
        or _MEASURED.search(text, max(0, match.start() - _BEFORE), match.start())
    ):
        return False
    said = _ENDS.match(text, end) is not None or _GOES_ON.match(text, end) is not None
    if said and _UNSAID.match(numeral):
        return True
    if _PRICED.match(text, end):
        return len(numeral) > 2 or not numeral.isascii()
    before = text[max(0, match.start() - 2 * _BEFORE) : match.start()]
    return said and (_PAID.search(before[-_BEFORE:]) or _CORRECTED.search(before)) is not None


def _lone(match: re.Match[str]) -> Decimal | None:
    ends = _LONE.match(match.string, match.end())
    return Decimal(chinese(match["number"]) or 0) if ends and match["number"] != "一" else None
