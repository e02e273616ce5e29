"""``/``: what this is, how to speak up, commitments, guides, and each unit's phone for supervision."""

from pathlib import Path

from aiohttp import web

from bot.http import pages
from bot.http.keys import PROCESS
from bot.http.units import grouped
from bot.public import commitments
from intake.commitments.states import STATE_NAMES
from intake.registry import commitment_facts, list_commitments, list_guides

HERE = Path(__file__).parent / "templates"


async def home(request: web.Request) -> web.Response:
    process, q = request.app[PROCESS], request.query.get("q", "").strip()[:100]
    async with process.database.read() as unit:
        desk = process.desk(unit)
        facts = {
            "commitments": [commitment_facts(desk, row) for row in await list_commitments(desk, q=q)],
            "guides": [
                (guide, process.city.unit_name(guide.department)) for guide in await list_guides(desk)
            ],
        }
    city = process.city
    frame = {"city": city.name, "q": q, "states": STATE_NAMES, "groups": grouped(city)}
    return pages.page(HERE, "home.html", frame | facts)


def add_public(app: web.Application) -> None:
    """Mount ``/`` and the page of each commitment."""
    app.router.add_get("/", home)
    app.router.add_get("/commitments/{code}", commitments.one)
