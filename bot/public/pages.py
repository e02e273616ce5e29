"""``/``: what this is, how to speak up, commitments, guides, and each unit's phone for supervision."""

from pathlib import Path

from aiohttp import web

from bot.http import pages
from bot.http.caching import shared
from bot.http.keys import PROCESS
from bot.http.units import grouped
from bot.public import commitments, departments, feed, guides
from bot.public.asking import asked_of
from intake import guides as written
from intake.commitments.listing import wanted_of
from intake.commitments.states import STATE_NAMES
from intake.registry import count_commitments

HERE = Path(__file__).parent / "templates"
#: Commitments and guides on the first page of all; the others are listed or looked for.
FIRST, FEW = 10, 8


async def home(request: web.Request) -> web.Response:
    process, asked = request.app[PROCESS], asked_of(request)
    async with process.database.read() as unit:
        desk = process.desk(unit)
        facts, known = await commitments.found(desk, asked, most=FIRST), await written.listed(desk)
        facts |= {
            "counts": await unit.registry.by_state(wanted_of(desk)),
            "overdue": await count_commitments(desk, overdue=True),
            "guides": guides.shown(process.city, known[:FEW]),
            "guide_count": len(known),
        }
    frame = {"city": process.city.name, "q": asked.filters.q or "", "states": STATE_NAMES}
    facts |= {"groups": grouped(process.city), "days": process.city.rules.answer_days}
    return shared(request, pages.page(HERE, "home.html", frame | facts))


def add_public(app: web.Application) -> None:
    """Mount ``/``, commitments, units, feeds and guides."""
    app.router.add_get("/", home)
    app.router.add_get("/commitments", commitments.listed)
    app.router.add_get("/commitments.atom", feed.city)
    app.router.add_get("/commitments/{code}", commitments.one)
    app.router.add_get("/commitments/{code}/documents/{id}", commitments.document)
    app.router.add_get("/departments/{code}", departments.one)
    app.router.add_get("/departments/{code}/commitments.atom", feed.department)
    app.router.add_get("/guides", guides.listed)
    app.router.add_get("/guides/{code}", guides.one)
