"""The list of cases: filters that stand in the address, and what changed while it lay open."""

import hashlib
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.console.bulk import BULK
from bot.console.door import drawn
from bot.console.exporting import EXPORTERS
from bot.console.live import stream_of
from bot.console.narrowing import KEPT, narrowed
from bot.console.navigation import CAME, came_from, known
from bot.console.words import word, words
from bot.http.filters import CaseFilter
from bot.http.keys import PROCESS
from bot.http.pages import see_other
from bot.http.sessions import Session
from intake.actor import ALL_SEEING, Actor
from intake.cases import seeing
from intake.cases.listing import lines, wanted_of
from intake.desk import Desk
from intake.forms import checked

PAGE = 30
SIZES = (30, 50, 100)
HERE = "/console/cases"
MARK = "mark"
"""What a page that asks for its count anew had drawn."""
NO_CHIPS = frozenset({"q", "sort", "limit", "cursor"})

Given = dict[str, str]


async def listed(request: web.Request, session: Session) -> web.StreamResponse:
    """Cases that this person may see; the filters stand in the address."""
    given = given_of(request)
    mark = given.pop(MARK, "")
    asked = checked(CaseFilter, {"limit": PAGE} | given)
    process, actor = request.app[PROCESS], session.actor
    async with process.database.read() as unit:
        desk = process.desk(unit)
        tip = await unit.news.tip()
        wanted = wanted_of(desk, **asked.wanted(actor))
        count = await unit.lists.count(seeing.sight_of(actor), wanted)
        rows, cursor = await seeing.page(
            desk, actor, wanted, cursor=asked.cursor, limit=asked.limit, order=asked.sort
        )
        items = await lines(desk, rows)
    drawn_now = _mark(items)
    facts = {
        "title": "办件",
        "live": stream_of(tip),
        "items": items,
        "tail": came_from(given),
        "count": count,
        "asked": asked,
        "choices": words(),
        "sizes": SIZES,
        "chips": _chips(given, asked, process.city.index.resolve),
        "kept": {name: given[name] for name in KEPT if name in given},
        "at": address(given),
        "watch": address(given | {MARK: mark or drawn_now}),
        "news": mark not in ("", drawn_now),
        "next_page": address(given | {"cursor": cursor}) if cursor else "",
        "sees_all": actor.role in ALL_SEEING,
        "bulk": BULK.get(actor.role, ()),
        "exports": actor.role in EXPORTERS,
        **{kind: address(_filters(given), f"{HERE}.{kind}") for kind in ("csv", "xlsx")},
    }
    return drawn(request, session, "cases.html", facts)


async def following(request: web.Request, session: Session) -> web.StreamResponse:
    """On to the case behind this one in the list that it was opened from: where it has left that list to the
    first there, and at the end back to the list."""
    given, number = known(HERE, request.query.get(CAME, "")), request.match_info["tracking_no"]
    asked = checked(CaseFilter, {"limit": PAGE} | given)
    process = request.app[PROCESS]
    async with process.database.read() as unit:
        desk = process.desk(unit)
        numbers, onward = await _numbers(desk, session.actor, asked)
        rest = numbers[numbers.index(number) + 1 :] if number in numbers else numbers
        if not rest and onward:
            given |= {"cursor": onward}
            rest, _ = await _numbers(desk, session.actor, asked.model_copy(update={"cursor": onward}))
    return see_other(f"{HERE}/{rest[0]}{came_from(given)}" if rest else address(given))


async def _numbers(desk: Desk, actor: Actor, asked: CaseFilter) -> tuple[list[str], str | None]:
    """A page of a list as it stands, and the cursor of the next one."""
    wanted = wanted_of(desk, **asked.wanted(actor))
    rows, onward = await seeing.page(
        desk, actor, wanted, cursor=asked.cursor, limit=asked.limit, order=asked.sort
    )
    return [row.tracking_no for row in rows], onward


def given_of(request: web.Request) -> Given:
    """What the address asks for; empty fields of a form ask for nothing."""
    return {name: value for name, value in request.query.items() if value.strip()}


def address(given: Given, path: str = HERE) -> str:
    return f"{path}?{urlencode(given)}" if given else path


def _filters(given: Given) -> Given:
    return {name: value for name, value in given.items() if name not in ("cursor", "limit")}


def _mark(items: list[dict[str, Any]]) -> str:
    told = "|".join(f"{item['tracking_no']}.{item['version']}" for item in items)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _chips(given: Given, asked: CaseFilter, unit_of: Any) -> list[tuple[str, str]]:
    """Each condition in words, and the address without it."""
    counted = dict(narrowed(asked))
    return [
        (
            counted.get(name) or _said(name, value, unit_of),
            address({one: it for one, it in given.items() if one not in (name, "cursor")}),
        )
        for name, value in given.items()
        if name not in NO_CHIPS
    ]


def _said(name: str, value: str, unit_of: Any) -> str:
    if name in ("type", "state", "heading"):
        return word(value, name)
    label = word(name, "filter")
    if name == "asks":
        return f"{label}：{word(value, name)}"
    if name == "due":
        return "今天到期" if value == "0" else f"{value} 个工作日内到期"
    if name == "department":
        unit = unit_of(value)
        return unit.name if unit else value
    if name in ("assignee", "commitment"):
        return f"{label} {value}"
    return label if value == "true" else f"没有{label}"
