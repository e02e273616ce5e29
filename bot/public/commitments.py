"""Public commitments: the list with its filters, and each one: who answers for it and what became of it."""

from functools import cache
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.http import pages
from bot.http.attachments import hand_out_paper
from bot.http.caching import shared
from bot.http.keys import PROCESS
from bot.public.asking import PAGE, Asked, asked_of
from intake.clock import local
from intake.commitments.course import course
from intake.commitments.documents import find_document
from intake.commitments.states import STATE_NAMES, STEP_NAMES
from intake.commitments.telling import told
from intake.desk import Desk
from intake.errors import Invalid
from intake.registry import commitment_facts, count_commitments, find_commitment, list_commitments
from intake.yaml_file import read_yaml
from storage.stores.wanted import PUBLISHED

HERE = Path(__file__).parent
PATH = "/commitments"
YEARS_BACK, YEARS_ON = 6, 6


@cache
def words() -> dict[str, dict[str, str]]:
    """Kind → code → what people read."""
    read: dict[str, dict[str, str]] = read_yaml(HERE / "words.yml")
    return read


async def listed(request: web.Request) -> web.Response:
    """The list; what it is asked for stands in the address."""
    process, asked = request.app[PROCESS], asked_of(request)
    async with process.database.read() as unit:
        facts = await found(process.desk(unit), asked)
    year = local(process.clock.now()).year
    choices = {
        "years": range(year - YEARS_BACK, year + YEARS_ON),
        "open_states": [state for state in STATE_NAMES if state in PUBLISHED],
        "unit_names": [unit.name for unit in process.city.units.values()],
    }
    frame = {"city": process.city.name, "states": STATE_NAMES, "words": words()}
    return shared(request, pages.page(HERE / "templates", "commitments.html", frame | choices | facts))


async def found(desk: Desk, asked: Asked, *, most: int = PAGE) -> dict[str, Any]:
    """A page of what is asked for, and how many there are; a unit that is not there is a fault."""
    faults = asked.faults
    try:
        rows = await list_commitments(desk, **asked.wanted(), limit=most, offset=(asked.page - 1) * most)
        count = await count_commitments(desk, **asked.wanted())
    except Invalid:
        rows, count, faults = [], 0, (*faults, "department")
    pages_ = -(-count // most)
    return {
        "asked": asked,
        "items": [commitment_facts(desk, row) for row in rows],
        "count": count,
        "faults": faults,
        "pages": pages_,
        "earlier": asked.address(PATH, page=min(asked.page - 1, pages_)) if asked.page > 1 and pages_ else "",
        "later": asked.address(PATH, page=asked.page + 1) if asked.page < pages_ else "",
    }


async def one(request: web.Request) -> web.Response:
    """Raises :class:`intake.errors.NotFound`, also for one that is not public."""
    process = request.app[PROCESS]
    async with process.database.read() as unit:
        desk = process.desk(unit)
        facts = await told(desk, await find_commitment(desk, request.match_info["code"]), None)
    frame = {"city": process.city.name, "states": STATE_NAMES, "words": words(), "step_names": STEP_NAMES}
    story = {"one": facts, "course": course(facts)}
    return shared(request, pages.page(HERE / "templates", "commitment.html", frame | story))


async def document(request: web.Request) -> web.Response:
    """A paper of a public commitment, under its name; raises :class:`intake.errors.NotFound`."""
    process = request.app[PROCESS]
    async with process.database.read() as unit:
        desk = process.desk(unit)
        row = await find_commitment(desk, request.match_info["code"])
        held, name = await find_document(desk, row, request.match_info["id"])
    return await hand_out_paper(request, held, name)
