"""A ``Reply`` as the text WeChat shows, and as the XML of a passive reply.

A citizen's own words come back in replies. WeChat turns ``<a …>`` in a text into a link and does not decode
entities, so no escaping exists; every ``<`` of a text, label or title is therefore written as the full-width
``＜``, which looks the same and can never open a tag. Links come from ``buttons`` and ``links`` alone.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote

from bot.message import Button, Reply

MAX_BYTES = 2048
_ELLIPSIS = "…"
_BETWEEN = "\u3000\u3000"  # room for a thumb
_ILLEGAL = re.compile("[^\t\n\\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACE = re.compile(r"\s+")
#: What must not stand bare between the quotes of a link; everything else (Chinese above all) stays readable.
_UNSAFE = re.compile("[\\s\"'<>&%#+\\\\]")
_JOINER = "\u200d"


def text_reply(openid: str, account: str, reply: Reply, now: datetime) -> str:
    """The passive reply from ``account`` (gh_…) to ``openid``; ``success`` where there is nothing to say.

    An empty Content would show the citizen the platform's failure notice.
    """
    content = plain_text(reply)
    if not content:
        return "success"
    return (
        f"<xml><ToUserName>{_cdata(openid)}</ToUserName><FromUserName>{_cdata(account)}</FromUserName>"
        f"<CreateTime>{int(now.timestamp())}</CreateTime><MsgType>{_cdata('text')}</MsgType>"
        f"<Content>{_cdata(content)}</Content></xml>"
    )


def plain_text(reply: Reply) -> str:
    """The text with its button and link lines and its tail, at most 2,048 bytes of UTF-8.

    The words are shortened, the lines are kept whole; lines that alone are too many fall off at the end.
    """
    lines = _choices(reply.buttons)
    lines += [_link(title, url) for title, url in reply.links]
    lines += [_label(reply.tail)] if reply.tail else []
    words = legible(reply.text).replace("<", "＜").strip()
    room = MAX_BYTES - (min(_size(words), 120) + 1 if words else 0)
    tail = "\n".join(_fitting(lines, room))
    if not tail:
        return shorten(words, MAX_BYTES)
    if not words:
        return tail
    return f"{shorten(words, MAX_BYTES - _size(tail) - 1)}\n{tail}"


def legible(text: str) -> str:
    """``text`` without what XML cannot carry: control characters, lone surrogates, non-characters."""
    return _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def shorten(text: str, limit: int) -> str:
    """At most ``limit`` bytes of UTF-8, ending in … where something was cut, no character or emoji halved."""
    raw = text.encode()
    if len(raw) <= limit:
        return text
    kept = raw[: max(limit - _size(_ELLIPSIS), 0)].decode(errors="ignore")
    while kept and not _boundary(kept[-1], text[len(kept)]):
        kept = kept[:-1]
    return kept.rstrip() + _ELLIPSIS


def _boundary(before: str, after: str) -> bool:
    """Whether a reader sees two characters here: not inside joined emoji, skin tones, accents, flags."""
    if _JOINER in (before, after) or unicodedata.combining(after):
        return False
    if "\ufe00" <= after <= "\ufe0f" or "\U0001f3fb" <= after <= "\U0001f3ff" or after == "\u20e3":
        return False
    return not ("\U0001f1e6" <= before <= "\U0001f1ff" and "\U0001f1e6" <= after <= "\U0001f1ff")


def _choices(buttons: Sequence[Button]) -> list[str]:
    lines: list[str] = []
    for number, button in enumerate(buttons, 1):
        if button.beside and lines:
            lines[-1] += _BETWEEN + _button(button, number)
        else:
            lines.append(_button(button, number))
    return lines


def _button(button: Button, number: int) -> str:
    href = f"weixin://bizmsgmenu?msgmenucontent={_address(button.word)}&msgmenuid={number}"
    return f'<a href="{href}">{_label(button.label) or _label(button.word)}</a>'


def _link(title: str, url: str) -> str:
    address = re.sub(r"[\s\"'<>\\]", lambda found: quote(found[0], safe=""), legible(url).strip())
    return f'<a href="{address}">{_label(title)}</a>'


def _address(word: str) -> str:
    return _UNSAFE.sub(lambda found: quote(found[0], safe=""), legible(word).strip())


def _label(text: str) -> str:
    return _SPACE.sub(" ", legible(text)).replace("<", "＜").strip()


def _fitting(lines: list[str], room: int) -> list[str]:
    fitting: list[str] = []
    for line in lines:
        room -= _size(line) + 1
        if room < 0:
            break
        fitting.append(line)
    return fitting


def _cdata(text: str) -> str:
    return "<![CDATA[" + legible(text).replace("]]>", "]]]]><![CDATA[>") + "]]>"


def _size(text: str) -> int:
    return len(text.encode())
