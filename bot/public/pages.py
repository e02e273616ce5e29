"""``/``: what this is, how to speak up, commitments, guides, and each unit's phone for supervision."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.http import pages
from bot.http.keys import PROCESS
from bot.public import commitments
from intake.city import City
from intake.commitments.states import STATE_NAMES
from intake.profiles.schema import Department, Level
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
    frame = {"city": city.name, "q": q, "states": STATE_NAMES, "groups": _groups(city)}
    return pages.page(HERE, "home.html", frame | facts)


def add_public(app: web.Application) -> None:
    """Mount ``/`` and the page of each commitment."""
    app.router.add_get("/", home)
    app.router.add_get("/commitments/{code}", commitments.one)


def _groups(city: City) -> list[tuple[str, list[dict[str, Any]]]]:
    """Units under headings: the city's own first, then place by place in the profile's order."""
    units = list(city.units.values())
    groups = [("市级单位", _cards(unit for unit in units if unit.level is Level.CITY))]
    groups += [(place.name, _cards(u for u in units if u.place == place.name)) for place in city.places]
    return [(name, cards) for name, cards in groups if cards]


def _cards(units: Iterable[Department]) -> list[dict[str, Any]]:
    return [
        {
            "name": unit.name,
            "phone": unit.phone,
            "email": unit.email,
            "supervision_phone": unit.supervision_phone,
            "supervision_email": unit.supervision_email,
        }
        for unit in units
    ]
