"""The guides editor: the list, one guide with who changed what, and the form to write it."""

from typing import Any
from urllib.parse import quote, urlencode

from aiohttp import web

from bot.console import forms
from bot.console.door import drawn
from bot.console.navigation import came, came_from
from bot.console.words import words
from bot.http import csrf, posted
from bot.http.filters import GuideFilter
from bot.http.keys import PROCESS
from bot.http.pages import see_other
from bot.http.problems import status_of
from bot.http.sessions import Session
from intake import answered, guides
from intake.desk import Desk
from intake.errors import NotFound, Refused, StaleVersion
from intake.forms import checked
from storage.stores.registry import GuideRow
from storage.unit import Unit

PATH = "/console/guides"
MOST = 200
LISTS = ("steps", "cautions", "documents")
NOTHING: dict[str, Any] = {
    "refused": "",
    "faults": {},
    "typed": {},
    "changed": [],
    "from_case": "",
    "done": "",
}


async def listed(request: web.Request, session: Session) -> web.StreamResponse:
    """Guides of every unit; the filters stand in the address."""
    given = {name: value for name, value in request.query.items() if value.strip()}
    asked = checked(GuideFilter, given)
    process = request.app[PROCESS]
    async with process.database.read() as unit:
        desk = process.desk(unit)
        rows = await guides.listed(desk, **asked.model_dump(), everything=True)
    facts = {
        "title": "办事指南",
        "items": [guides.facts_of(desk, row) for row in rows[:MOST]],
        "count": len(rows),
        "asked": asked,
        "tail": came_from(given),
        "choices": words(),
        "may_create": session.actor.role in guides.WRITERS,
    }
    return drawn(request, session, "guides.html", facts)


async def blank(request: web.Request, session: Session) -> web.StreamResponse:
    """The form for a new guide; ``?case=单号`` fills it in from the answer to an inquiry."""
    process, number = request.app[PROCESS], request.query.get("case", "")
    if session.actor.role not in guides.WRITERS:
        raise NotFound("没有这个页面")
    if not number:
        return _form(request, session, {})
    async with process.database.read() as unit:
        typed = await answered.as_guide(process.desk(unit), session.actor, number)
    return _form(request, session, {"typed": typed, "from_case": number})


async def create(request: web.Request, session: Session) -> web.StreamResponse:
    """Write one down; where it is refused what was typed comes back."""
    process, data = request.app[PROCESS], posted.Posted({})

    async def work(unit: Unit) -> GuideRow:
        body = {name: value for name, value in data.body.items() if name != "version"}
        return await guides.create(process.desk(unit), session.actor, body)

    try:
        data = await posted.read(request)
        csrf.check(process.vault, session.token, data.csrf)
        row = await process.database.run(work)
    except Refused as refused:
        return _form(request, session, _again(refused, data), status=status_of(refused))
    return see_other(f"{PATH}/{quote(row.code)}?{urlencode({'done': 'create'})}")


async def one(request: web.Request, session: Session) -> web.StreamResponse:
    """One guide, its form for who may change it, and what was changed by whom."""
    return await _page(request, session, {"done": request.query.get("done", "")})


async def change(request: web.Request, session: Session) -> web.StreamResponse:
    """Save, publish, retire or take back; where it is refused what was typed comes back."""
    process, code, data = request.app[PROCESS], request.match_info["code"], posted.Posted({})

    async def work(unit: Unit) -> GuideRow:
        return await guides.change(process.desk(unit), session.actor, code, data.body)

    try:
        data = await posted.read(request)
        csrf.check(process.vault, session.token, data.csrf)
        row = await process.database.run(work)
    except NotFound:
        raise
    except Refused as refused:
        facts = _again(refused, data) | {"seen": data.seen if isinstance(refused, StaleVersion) else None}
        return await _page(request, session, facts, status=status_of(refused))
    done = data.body.get("state") or "change"
    return see_other(f"{PATH}/{quote(row.code)}?{urlencode({'done': done, **came(request.query)})}")


async def _page(
    request: web.Request, session: Session, facts: dict[str, Any], *, status: int = 200
) -> web.Response:
    process = request.app[PROCESS]
    async with process.database.read() as unit:
        desk = process.desk(unit)
        row = await guides.find(desk, request.match_info["code"], everything=True)
        events = await guides.history(desk, row)
    usual = NOTHING | {
        "title": row.title,
        "words": words(),
        "one": guides.facts_of(desk, row),
        "events": events,
        "fields": _fields(guides.Guide) if guides.may_change(session.actor, row) else [],
        "publishes": session.actor.role in guides.PUBLISHERS,
        "unit_names": _unit_names(desk),
    }
    facts = usual | facts
    facts["typed"] = facts["typed"] or _standing(usual["one"])
    if facts.get("seen") is not None:
        facts["changed"] = [event for event in events if event["seq"] > facts["seen"]]
    return drawn(request, session, "guide.html", facts, status=status)


def _form(
    request: web.Request, session: Session, facts: dict[str, Any], *, status: int = 200
) -> web.Response:
    usual = NOTHING | {
        "title": "新的办事指南",
        "words": words(),
        "fields": _fields(guides.NewGuide),
        "publishes": session.actor.role in guides.PUBLISHERS,
        "unit_names": [unit.name for unit in request.app[PROCESS].city.units.values()],
    }
    return drawn(request, session, "guide_new.html", usual | facts, status=status)


def _again(refused: Refused, data: posted.Posted) -> dict[str, Any]:
    return {"refused": refused.detail, "faults": refused.facts.get("fields", {}), "typed": data.body}


def _fields(form: type[guides.Guide]) -> list[forms.Field]:
    """The inputs; what becomes of the guide is said by the buttons."""
    return [field for field in forms.inputs_of(form) if field.name != "state"]


def _standing(one: dict[str, Any]) -> dict[str, str]:
    """The guide as it would be typed."""
    lists = {name: "\n".join(one[name]) for name in LISTS}
    return one | lists | {"department": one["department"]["name"]}


def _unit_names(desk: Desk) -> list[str]:
    return [unit.name for unit in desk.city.units.values()]
