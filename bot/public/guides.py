"""``/guides``: how things are done (办事指南), all or those looked for; ``/guides/{code}``: one of them."""

from pathlib import Path
from typing import Any

from aiohttp import web

from bot.http import pages
from bot.http.keys import PROCESS
from intake import guides
from intake.city import City
from storage.stores.registry import GuideRow

HERE = Path(__file__).parent / "templates"
MOST = 200
LONGEST = 100
"""Characters that are read of what was typed."""


async def listed(request: web.Request) -> web.Response:
    process, q = request.app[PROCESS], typed(request)
    async with process.database.read() as unit:
        rows = await guides.listed(process.desk(unit), q=q)
    facts = {
        "city": process.city.name,
        "q": q,
        "count": len(rows),
        "guides": shown(process.city, rows[:MOST]),
    }
    return pages.page(HERE, "guides.html", facts)


async def one(request: web.Request) -> web.Response:
    """Raises :class:`intake.errors.NotFound`."""
    process = request.app[PROCESS]
    async with process.database.read() as unit:
        row = await guides.find(process.desk(unit), request.match_info["code"])
    (guide,) = shown(process.city, [row])
    return pages.page(HERE, "guide.html", {"city": process.city.name, **guide})


def shown(city: City, rows: list[GuideRow]) -> list[dict[str, Any]]:
    """Guides with the names of their units."""
    return [{"guide": row, "unit": city.unit_name(row.department)} for row in rows]


def typed(request: web.Request) -> str:
    """What stands in the search box."""
    return request.query.get("q", "").strip()[:LONGEST]
