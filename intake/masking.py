"""Hiding who wrote a text: phones, ID numbers, mail addresses and self-given names (domain 6).

Only confidential and anonymous cases are masked; the words as typed go to the custodian's sealed copy.
"""

import re
from collections.abc import Iterable

SHORTEST = 2  # characters of a name; a single one stands in too many other words
_ID_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d{2}\d{7}[\dXx](?![0-9A-Za-z])|(?<!\d)[1-9]\d{16}[\dXx](?!\d)"
)
_PHONE = re.compile(r"(?<!\d)(?:\+?86[\s-]?)?1[3-9]\d(?:[\s-]?\d){8}(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}[\s-]?\d{7,8}(?!\d)")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_HANDLE = re.compile(r"((?:微信号?|QQ号?|qq)\s*(?:是|为|[:：])?\s*)[A-Za-z0-9_-]{5,20}")
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方"
    "石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段漕钱汤尹黎易常武乔贺赖龚文申牛尚路冀"
)
_SELF = re.compile(
    rf"((?:我叫|我是|俺叫|俺是|本人|姓名|名字叫|联系人|投诉人|举报人|反映人)(?:\s*[:：是为叫]?\s*))"
    rf"([{_SURNAMES}][\u4e00-\u9fff]{{1,2}})(?=[，。,.;；、！!?？\s\d（(]|$|的|，|在|住|于|电话|手机|身份|今年|男|女)"
)
_SIGNED = re.compile(rf"((?:此致\s*敬礼|敬上|反映人|署名)[\s：:]*)([{_SURNAMES}][\u4e00-\u9fff]{{1,2}})\s*$")
_LAST_LINE = re.compile(
    rf"(?<=\S)([\n。！!]\s*)([{_SURNAMES}][\u4e00-\u9fff]{{1,2}})"
    r"(?=\s*(?:(?:20)?\d{2}[年./-]\d{1,2}[月./-](?:\d{1,2}日?)?|\d{1,2}月\d{1,2}日)?\s*[。.]?\s*$)"
)
_PLACE_ENDS = "区县市镇乡村庄路街道局委院里寨屯营集桥口坡岭河湖楼店厂校园站厅处"
"""What a line of two or three characters ends in that names a place or a unit and nobody."""
_NOT_NAMES = (
    "方便",
    "高中",
    "高三",
    "高一",
    "高二",
    "常住",
    "常年",
    "任何",
    "于是",
    "何时",
    "白天",
    "金融",
    "石油",
    "江西",
    "江苏",
    "万元",
)


def masked(text: str, known: Iterable[str] = ()) -> str:
    """``text`` with what points to its writer replaced by ＊; its length may change, its sense does not.

    ``known`` is what the writer told of themselves elsewhere: it is hidden wherever it stands.
    """
    for told in known:
        if len(told) >= SHORTEST:
            text = text.replace(told, "＊＊＊")
    text = _ID_NUMBER.sub("＊＊＊（身份证号已隐去）", text)
    text = _PHONE.sub("＊＊＊（电话已隐去）", text)
    text = _LANDLINE.sub("＊＊＊（电话已隐去）", text)
    text = _MAIL.sub("＊＊＊（邮箱已隐去）", text)
    text = _HANDLE.sub(r"\1＊＊＊", text)
    text = _SELF.sub(_hide_name, text)
    text = _SIGNED.sub(r"\1＊＊＊", text)
    return _LAST_LINE.sub(_hide_signature, text)


def _hide_signature(found: re.Match[str]) -> str:
    name = found.group(2)
    if name.startswith(_NOT_NAMES) or name[-1] in _PLACE_ENDS:
        return found.group(0)
    return f"{found.group(1)}＊＊＊"


def _hide_name(found: re.Match[str]) -> str:
    if found.group(2).startswith(_NOT_NAMES):
        return found.group(0)
    return f"{found.group(1)}＊＊＊"
