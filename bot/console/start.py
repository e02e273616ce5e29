"""The start page: what waits for this person, as numbers that lead to lists, and the first of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.console.desks import BY_UNIT, LIST, MORE, NOTHING, TRIAGE, WAITING, Waiting
from bot.console.door import drawn
from bot.console.live import stream_of
from bot.console.triage import queue
from bot.http.filters import CaseFilter
from bot.http.keys import PROCESS
from bot.http.sessions import Session
from intake.actor import Actor
from intake.cases.listing import lines, wanted_of
from intake.cases.seeing import page, sight_of
from intake.desk import Desk
from intake.messages import READERS as MESSAGE_READERS
from storage.stores.lists import Count
from storage.vocab import Role

SHOWN = 3
UNITS = 12
"""Rows of the table unit by unit; the rest is behind its link."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A number and the list behind it."""

    words: str
    count: Count | int
    href: str
    pressing: bool = False


async def start(request: web.Request, session: Session) -> web.StreamResponse:
    """Numbers of what waits, and the most pressing of it."""
    actor, process = session.actor, request.app[PROCESS]
    async with process.database.read() as unit:
        desk = process.desk(unit)
        tip = await unit.news.tip()
        facts = await _waiting(desk, actor)
        if actor.role in MESSAGE_READERS:
            letters = await unit.desk.waiting()
            facts["tiles"].append(Tile("留言待回复", letters, "/console/messages", pressing=True))
    done = request.query.get("done", "")
    facts |= {
        "title": "工作台",
        "live": stream_of(tip),
        "more": MORE.get(actor.role, ()),
        "none_for_you": NOTHING.get(actor.role, ""),
        "done": done if done.isalnum() and len(done) < 20 else "",
    }
    return drawn(request, session, "start.html", facts)


async def _waiting(desk: Desk, actor: Actor) -> dict[str, Any]:
    mine = WAITING.get(actor.role, ())
    counts = await desk.unit.lists.counts(sight_of(actor), [asked(desk, actor, one.query) for one in mine])
    found = dict(zip(mine, counts, strict=True)) if mine else {}
    listed = [one for one, count in found.items() if one.listed and count]
    return {
        "tiles": [Tile(one.words, count, one.href, one.pressing) for one, count in found.items()],
        "queue": await queue(desk, actor) if actor.role is Role.DISPATCHER and found[TRIAGE] else [],
        "tail": TRIAGE.tail,
        "triage": Tile(TRIAGE.words, found.get(TRIAGE, Count(0)), TRIAGE.href),
        "waiting": [(one, found[one], await _first(desk, actor, one)) for one in listed],
        "columns": BY_UNIT.get(actor.role, ()),
        "units": await _by_unit(desk, actor),
    }


def asked(desk: Desk, actor: Actor, query: Mapping[str, str]) -> dict[str, Any]:
    """What an address asks the lists for."""
    return wanted_of(desk, **CaseFilter.model_validate(query).wanted(actor))


async def _first(desk: Desk, actor: Actor, one: Waiting) -> list[dict[str, Any]]:
    order = CaseFilter.model_validate(one.query).sort
    rows, _ = await page(desk, actor, asked(desk, actor, one.query), limit=SHOWN, order=order)
    return await lines(desk, rows)


async def _by_unit(desk: Desk, actor: Actor) -> list[tuple[str, list[Tile]]]:
    """Units with something in one of the columns, most of the first one first."""
    columns = BY_UNIT.get(actor.role, ())
    if not columns:
        return []
    wanted = {one.words: asked(desk, actor, one.query) for one in columns}
    found = await desk.unit.lists.by_unit(sight_of(actor), wanted)
    rows = sorted(found.items(), key=lambda row: [-row[1].get(one.words, 0) for one in columns])
    return [
        (
            desk.city.unit_name(unit) or "还没有派单",
            [Tile(one.words, counts.get(one.words, 0), _of(one, unit), one.pressing) for one in columns],
        )
        for unit, counts in rows[:UNITS]
    ]


def _of(one: Waiting, unit: str | None) -> str:
    """The same list of one unit; a case of none is still to be dispatched."""
    return f"{LIST}?{urlencode({**one.query, **({'department': unit} if unit else {'state': 'received'})})}"
