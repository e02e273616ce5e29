"""Several matters that somebody numbers in one text: what 列出诉求 is offered, and what the reporter is told.

One text is one case, whose claims are answered one by one (domain 3); it is never taken apart by itself.
"""

import re

SHORTEST, MOST = 4, 20  # characters of a matter; matters of a case
_DIGITS = "一二三四五六七八九十"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
_N = rf"\d|[{_DIGITS}]"
_MARK = re.compile(
    rf"[（(]({_N})[)）]|([{_CIRCLED}])|(?:(?<=[\s，,。；;：:！!？?])|^)"
    rf"(?:({_N})\s*(?:[、，,．]|\.(?!\d))|第({_N})(?:[、，,:：]|[个件](?:[、，,:：]|是))|([{_DIGITS}])[是来])"
)
_EDGES = " \t\r\n，,。；;、：:"


def numbered(text: str) -> list[str]:
    """The matters that ``text`` numbers from one on, in their order; empty unless there are two at least."""
    marks, wanted = [], 1
    for found in _MARK.finditer(text):
        if wanted <= MOST and _number(found) == wanted:
            marks.append(found)
            wanted += 1
    ends = [*(mark.start() for mark in marks), len(text)][1:]
    told = [text[mark.end() : end].strip(_EDGES) for mark, end in zip(marks, ends, strict=True)]
    return told if len(told) > 1 and all(len(one) >= SHORTEST for one in told) else []


def _number(found: re.Match[str]) -> int:
    sign = next(one for one in found.groups() if one)
    if sign.isascii():
        return int(sign)
    return (_CIRCLED if sign in _CIRCLED else _DIGITS).index(sign) + 1
