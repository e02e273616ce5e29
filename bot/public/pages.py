"""``/``: what this is, how to speak up, commitments, guides, and each unit's phone for supervision."""

from pathlib import Path

from aiohttp import web

from bot.http import pages
from bot.http.keys import PROCESS
from bot.http.units import grouped
from bot.public import commitments, guides
from intake import guides as written
from intake.commitments.complaints import facts_of
from intake.commitments.states import STATE_NAMES
from intake.registry import list_commitments

HERE = Path(__file__).parent / "templates"
#: Commitments and guides on one page; the others are looked for.
MOST, FEW = 200, 50


async def home(request: web.Request) -> web.Response:
    process, city, q = request.app[PROCESS], request.app[PROCESS].city, guides.typed(request)
    async with process.database.read() as unit:
        desk = process.desk(unit)
        found, known = await list_commitments(desk, q=q), await written.listed(desk)
        facts = {
            "commitments": await facts_of(desk, found[:MOST], None),
            "count": len(found),
            "guides": guides.shown(city, known[:FEW]),
            "guide_count": len(known),
        }
    frame = {"city": city.name, "q": q, "states": STATE_NAMES, "groups": grouped(city)}
    return pages.page(HERE, "home.html", frame | facts)


def add_public(app: web.Application) -> None:
    """Mount ``/``, the page of each commitment, and the guides."""
    app.router.add_get("/", home)
    app.router.add_get("/guides", guides.listed)
    app.router.add_get("/guides/{code}", guides.one)
    app.router.add_get("/commitments/{code}", commitments.one)
