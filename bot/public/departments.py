"""``/departments/{code}``: a unit, its duties, how to reach it, what it promised and how it keeps that."""

from typing import Any

from aiohttp import web

from bot.http import pages
from bot.http.caching import shared
from bot.http.keys import PROCESS
from bot.public.commitments import HERE, words
from intake.commitments.listing import wanted_of
from intake.commitments.states import STATE_NAMES
from intake.desk import Desk
from intake.errors import NotFound
from intake.profiles.schema import Department
from intake.registry import commitment_facts, count_commitments, list_commitments
from storage.vocab import CommitmentState

SHOWN = 100
"""Commitments on the page; the list has the rest."""
ORDER = (
    CommitmentState.ACTIVE,
    CommitmentState.BROKEN,
    CommitmentState.FULFILLED,
    CommitmentState.PREDISCLOSURE,
    CommitmentState.ENDED,
)


async def one(request: web.Request) -> web.Response:
    """Raises :class:`NotFound` for a code that no unit has."""
    process = request.app[PROCESS]
    unit_ = unit_of(request)
    async with process.database.read() as unit:
        facts = await _kept(process.desk(unit), unit_)
        facts["guides"] = await unit.registry.guides(department=unit_.code)
    city = process.city
    frame = {
        "city": city.name,
        "unit": unit_,
        "parent": city.units.get(unit_.parent or ""),
        "below": [other for other in city.units.values() if other.parent == unit_.code],
        "states": STATE_NAMES,
        "words": words(),
    }
    return shared(request, pages.page(HERE / "templates", "department.html", frame | facts))


def unit_of(request: web.Request) -> Department:
    """The unit of the address; raises :class:`NotFound`."""
    found = request.app[PROCESS].city.units.get(request.match_info["code"])
    if found is None:
        raise NotFound("没有这个单位")
    return found


async def _kept(desk: Desk, unit: Department) -> dict[str, Any]:
    """Its public commitments by state, and how many of each there are."""
    rows = await list_commitments(desk, department=unit.code, limit=SHOWN)
    facts = [commitment_facts(desk, row) for row in rows]
    counts = await desk.unit.registry.by_state(wanted_of(desk, department=unit.code))
    return {
        "counts": counts,
        "overdue": await count_commitments(desk, department=unit.code, overdue=True),
        "groups": [(state, mine) for state in ORDER if (mine := [f for f in facts if f["state"] == state])],
        "more": sum(counts.values()) > len(facts),
    }
