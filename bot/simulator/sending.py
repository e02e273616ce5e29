"""Customer-service messages: which are taken, and what the citizen reads."""

import html
from collections.abc import Mapping
from urllib.parse import quote

from bot.simulator.errors import Refused
from bot.simulator.platform import Platform

TEXT_BYTES = 2048
STAND_INS = {
    "image": "[图片]",
    "voice": "[语音]",
    "video": "[视频]",
    "music": "[音乐]",
    "wxcard": "[卡券]",
    "mpnews": "[图文]",
    "mpnewsarticle": "[图文]",
    "miniprogrampage": "[小程序]",
}


def custom(platform: Platform, body: Mapping[str, object]) -> None:
    """Shows a customer-service message to its citizen.

    Raises Refused for an unknown user (40003), type (40008), empty or long text (44004, 45002), too many
    articles (45008), unknown media (40007), a closed window (45015) or a used-up one (45047).
    """
    openid, kind = str(body.get("touser", "")), str(body.get("msgtype", ""))
    platform.followers.get(openid)
    content = body.get(kind)
    if not kind or not isinstance(content, Mapping):
        raise Refused(40008)
    shown = _shown(platform, kind, content)
    platform.followers.spend(openid)
    platform.transcript.add(openid, "account", "service", shown, type=kind, **_material(kind, content))


def _shown(platform: Platform, kind: str, content: Mapping[str, object]) -> str:
    if kind == "text":
        return _sized(str(content.get("content") or ""))
    if kind == "msgmenu":
        return _sized(_menu(content))
    if kind == "news":
        return _news(content)
    if kind not in STAND_INS:
        raise Refused(40008)
    if kind in ("image", "voice", "video"):
        platform.media.get(str(content.get("media_id", "")))
    return STAND_INS[kind]


def _sized(text: str) -> str:
    if not text:
        raise Refused(44004)
    if len(text.encode()) > TEXT_BYTES:
        raise Refused(45002)
    return text


def _menu(content: Mapping[str, object]) -> str:
    """A msgmenu as text with clickable options, the form it has on the phone."""
    options = content.get("list")
    if not isinstance(options, list) or not options:
        raise Refused(44004)
    lines = [str(content.get("head_content") or "")]
    for option in options:
        if not isinstance(option, Mapping) or not option.get("content"):
            raise Refused(47001)
        word, number = str(option["content"]), str(option.get("id", ""))
        address = f"weixin://bizmsgmenu?msgmenucontent={quote(word)}&msgmenuid={quote(number)}"
        lines.append(f'<a href="{html.escape(address)}">{word}</a>')
    lines.append(str(content.get("tail_content") or ""))
    return "\n".join(line for line in lines if line)


def _news(content: Mapping[str, object]) -> str:
    articles = content.get("articles")
    if not isinstance(articles, list) or len(articles) != 1 or not isinstance(articles[0], Mapping):
        raise Refused(45008)
    title, url = str(articles[0].get("title", "")), str(articles[0].get("url", ""))
    return f'<a href="{html.escape(url)}">{title}</a>\n{articles[0].get("description", "")}'.strip()


def _material(kind: str, content: Mapping[str, object]) -> dict[str, object]:
    return {"media": str(content["media_id"])} if kind in ("image", "voice", "video") else {}
