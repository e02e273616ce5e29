"""Canned answers: a unit's own people keep them, and put one into the answer that they are writing."""

from typing import Any

from aiohttp import web

from bot.console.door import drawn, refusal_of, typed_in
from bot.http.keys import PROCESS
from bot.http.pages import see_other
from bot.http.problems import status_of
from bot.http.sessions import Session
from intake import canned
from intake.canned import CannedChange, NewCanned
from intake.errors import NotFound, WrongRole
from intake.forms import checked
from storage.unit import Unit

PATH = "/console/canned"
Facts = dict[str, Any]


async def listed(request: web.Request, session: Session) -> web.StreamResponse:
    return await _drawn(request, session, {})


async def add(request: web.Request, session: Session) -> web.StreamResponse:
    """Keep another one; where it is refused what was typed stays."""
    data = await request.post()
    typed = {name: typed_in(data, name) for name in ("title", "text")}

    async def work(unit: Unit) -> None:
        await canned.add(request.app[PROCESS].desk(unit), session.actor, checked(NewCanned, typed))

    if refused := await refusal_of(request, session, data, work):
        faults = refused.facts.get("fields", {})
        facts = {"refused": refused.detail, "faults": faults, "typed": typed}
        return await _drawn(request, session, facts, status=status_of(refused))
    return see_other(f"{PATH}?done=1")


async def change(request: web.Request, session: Session) -> web.StreamResponse:
    """Change one, or retire it (``retired``)."""
    data, number = await request.post(), int(request.match_info["id"])
    typed = {name: typed_in(data, name) for name in ("title", "text")}
    asked = {"retired": True} if "retired" in data else typed

    async def work(unit: Unit) -> None:
        wanted = checked(CannedChange, asked)
        await canned.change(request.app[PROCESS].desk(unit), session.actor, number, wanted)

    if refused := await refusal_of(request, session, data, work):
        faults = refused.facts.get("fields", {})
        facts = {"refused": refused.detail, "faults": faults, "typed": typed, "tried": number}
        return await _drawn(request, session, facts, status=status_of(refused))
    return see_other(f"{PATH}?done=1")


async def _drawn(request: web.Request, session: Session, facts: Facts, *, status: int = 200) -> web.Response:
    process = request.app[PROCESS]
    try:
        async with process.database.read() as unit:
            rows = await canned.listed(process.desk(unit), session.actor)
    except WrongRole:
        raise NotFound("没有这个页面") from None
    usual: Facts = {
        "title": "常用答复",
        "rows": rows,
        "done": "done" in request.query,
        "refused": "",
        "faults": {},
        "typed": {"title": "", "text": ""},
        "tried": 0,
    }
    return drawn(request, session, "canned.html", usual | facts, status=status)
