"""The part that a named unit plays in its sentence: only a doer can be accused (domain 6)."""

import re
from enum import StrEnum

CLAUSE = "，。；！？、\n,;!?"
PLACED = re.compile(
    r"的?(?:官网|网站|网页|公众号|小程序|办公室|家属院|家属楼|宿舍|小区|院里|院内|后院|大?门口|大?门前|大门|附近|旁|对面|对过|隔壁|楼下|后面|前面|路段|路口|十字"
    r"|红绿灯|站牌|公交站|[东西南北][侧边面]|往[东西南北]|向[东西南北]|以[东西南北]|辖区|管辖|片区|周边|工地|建的|停车场)"
)
LOCATING = re.compile(r"(?:位于|路过|途经|经过|住在|紧邻|毗邻|靠近|挨着)$")
POSING = re.compile(r"(?:冒充|假冒|自称(?:是)?|冒用|假装|仿冒|谎称(?:是)?)[^" + CLAUSE + r"]{0,4}$")
THANKED = re.compile(r"(?:感谢|谢谢|表扬|点赞|感激)[^" + CLAUSE + r"]{0,4}$")
GREETED = re.compile(r"(?:尊敬的|敬爱的|亲爱的|致)(?:各位)?$")
GREETING = re.compile(
    r"的?(?:各位|全体)?(?:领导|局长|书记|主任|负责人|同志|工作人员)?(?:们|同志)?"
    r"(?:[：:]|[，, ]?(?:您|你|你们|大家)好)"
)
ACCUSING = (
    r"(?:投诉|举报|控告|检举|状告|追究|问责|严查|查处|查查|彻查|严惩|谴责|曝光|质疑|质问|监督)"
    r"(?:一下|的?是|了|：|:|一?个|有关|关于)?"
)
ACCUSED = re.compile(ACCUSING + r"$")
URGED = re.compile(r"(?:督促|责令|责成|监督|敦促|要求)$")
URGED_TO = re.compile(
    r"[^"
    + CLAUSE
    + r"]{0,6}(?:兑现|履行|履约|践诺|守信|支付|返还|归还|整改|纠正|依法行政|还钱|还款|给个说法)"
)
ASKED = re.compile(
    r"(?:希望|请求|恳请|恳求|请|求|建议|呼吁|盼|望|期待|麻烦|拜托|能否|能不能|可否|咨询|想问|问一下|问下|需要|要求|该由|应该由|应由|归|让)"
    r"[^" + CLAUSE + r"]{0,8}$"
)
HELLO = re.compile(r"(?:同志|大人)?[：:，, ]*(?:您们?|你们?)好")
TOLD = re.compile(
    r"(?:在|向|给|跟|同|找|去|到|打|联系|致电|拨打|询问|问|求助|投诉到|反映到|反映给|报告|咨询)"
    r"(?:了|过|过了|到)?(?:当地|我们?|咱们?)?$"
)


class Role(StrEnum):
    """What a text does with a unit it names."""

    ACCUSED = "accused"
    ASKED = "asked"
    TOLD = "told"
    GREETED = "greeted"
    PLACE = "place"
    NAMED = "named"


def role(text: str, start: int, end: int) -> Role:
    """The part of what stands at ``text[start:end]``; ``NAMED`` is a doer or an object like any other."""
    before = text[max(0, start - 16) : start]
    if PLACED.match(text, end) or LOCATING.search(before) or POSING.search(before):
        return Role.PLACE
    if THANKED.search(before) or GREETED.search(before) or _opens(text, start, end):
        return Role.GREETED
    if ACCUSED.search(before) or (URGED.search(before) and URGED_TO.match(text, end)):
        return Role.ACCUSED
    if ASKED.search(before):
        return Role.ASKED
    return Role.TOLD if TOLD.search(before) else Role.NAMED


def _opens(text: str, start: int, end: int) -> bool:
    """Whether a letter begins here: somebody is greeted, or stands with a colon at the head of a sentence."""
    if HELLO.match(text, end):
        return True
    return (start == 0 or text[start - 1] in CLAUSE + " ：:") and bool(GREETING.match(text, end))
