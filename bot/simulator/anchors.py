"""Links inside texts, as WeChat clients read them: ``<a href="…">`` and clickable menu options."""

import html
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

ANCHOR = re.compile(
    r"<a\s[^>]*?href\s*=\s*(?:\"([^\"]*)\"|'([^']*)')[^>]*>(.*?)</a>", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text: plain, a link (``url``), or an option that says ``word`` when clicked."""

    text: str
    url: str = ""
    word: str = ""
    menu_id: str = ""


def parts(text: str) -> list[Part]:
    """The text in pieces. A link that is neither http(s) nor an option stays plain words."""
    found, end = [], 0
    for match in ANCHOR.finditer(text):
        if match.start() > end:
            found.append(Part(text[end : match.start()]))
        found.append(_part(html.unescape(match[1] or match[2] or ""), match[3]))
        end = match.end()
    if end < len(text):
        found.append(Part(text[end:]))
    return found


def plain(text: str) -> str:
    """What the citizen reads."""
    return "".join(part.text for part in parts(text))


def options(text: str) -> list[Part]:
    """The clickable options of a text, in order."""
    return [part for part in parts(text) if part.word]


def _part(address: str, label: str) -> Part:
    try:
        split = urlsplit(address)
    except ValueError:
        return Part(label)
    if split.scheme == "weixin" and split.netloc == "bizmsgmenu":
        query = parse_qs(split.query, keep_blank_values=True)
        word = query.get("msgmenucontent", [""])[0]
        return Part(label, word=word, menu_id=query.get("msgmenuid", [""])[0]) if word else Part(label)
    if split.scheme in ("http", "https") and split.netloc:
        return Part(label, url=address)
    return Part(label)
