"""``/commitments.atom``, and the same of each unit: what became of public commitments (RFC 4287)."""

import re
from datetime import UTC, datetime
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as Tree

from aiohttp import web

from bot.http.caching import shared
from bot.http.keys import PROCESS
from bot.public.commitments import PATH, words
from bot.public.departments import unit_of
from intake.commitments.happened import News, latest

ATOM = "http://www.w3.org/2005/Atom"
UNFIT = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold."""
NEVER = datetime(2020, 11, 1, tzinfo=UTC)
"""Of a feed in which nothing is yet."""
Tree.register_namespace("", ATOM)


async def city(request: web.Request) -> web.Response:
    """What is new of all commitments."""
    name = f"{request.app[PROCESS].city.name}政务守信践诺"
    return await _feed(request, name, f"{PATH}.atom", PATH)


async def department(request: web.Request) -> web.Response:
    """What is new of a unit's commitments; raises :class:`intake.errors.NotFound`."""
    unit = unit_of(request)
    page = f"/departments/{unit.code}"
    return await _feed(request, f"{unit.name}的承诺", f"{page}{PATH}.atom", page, unit.code)


async def _feed(
    request: web.Request, title: str, path: str, page: str, unit_code: str | None = None
) -> web.Response:
    process = request.app[PROCESS]
    async with process.database.read() as unit:
        news = await latest(process.desk(unit), unit_code)
        newest = await unit.registry.newest()
    base, city_name = process.settings.public_url.rstrip("/"), process.city.name
    root = Tree.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "zh-CN"})
    _add(root, "id", uuid5(NAMESPACE_URL, f"{city_name}{path}").urn)
    _add(root, "title", title)
    _add(root, "updated", _moment(news[0].at if news else NEVER))
    _add(root, "link", rel="self", type="application/atom+xml", href=base + path)
    _add(root, "link", rel="alternate", type="text/html", href=base + page)
    _add(_add(root, "author"), "name", city_name)
    for one in news:
        _entry(root, one, base)
    body = Tree.tostring(root, encoding="utf-8", xml_declaration=True)
    answer = web.Response(body=body, content_type="application/atom+xml", charset="utf-8")
    return shared(request, answer, changed=newest)


def _entry(root: Tree.Element, news: News, base: str) -> None:
    what = words()["news"][news.what]
    entry = _add(root, "entry")
    _add(entry, "id", news.id.urn)
    _add(entry, "title", f"{what}：{news.title}")
    _add(entry, "updated", _moment(news.at))
    _add(entry, "link", rel="alternate", type="text/html", href=f"{base}{PATH}/{quote(news.code)}")
    _add(_add(entry, "author"), "name", news.unit)
    _add(entry, "category", term=news.what, label=what)
    percent = f"{news.percent}%" if news.percent is not None else ""
    said = (percent, words()["broken_reason"].get(news.broken_reason, ""), news.text)
    _add(entry, "summary", "　".join(filter(None, said)) or f"{news.unit}　{what}")


def _add(to: Tree.Element, name: str, text: str | None = None, **attributes: str) -> Tree.Element:
    added = Tree.SubElement(to, f"{{{ATOM}}}{name}", attributes)
    added.text = UNFIT.sub("", text) if text is not None else None
    return added


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
