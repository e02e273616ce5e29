"""The custodian's page: a case by its number, who reported it, and every look that anybody took."""

from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.console.door import drawn, refusal_of, typed_in
from bot.http.keys import PROCESS
from bot.http.problems import status_of
from bot.http.sessions import Session
from intake.cases import seeing
from intake.errors import Invalid, NotFound, WrongRole
from intake.reporters import check_left_any, open_identity, openings
from storage.unit import Unit
from storage.vocab import Role

PATH = "/console/identities"
PAGE = 50
Facts = dict[str, Any]


async def listed(request: web.Request, session: Session) -> web.StreamResponse:
    return await _drawn(request, session, {})


async def look(request: web.Request, session: Session) -> web.StreamResponse:
    """Open who reported, on this page alone and this once; the look is in the archive with its reason."""
    process, data = request.app[PROCESS], await request.post()
    typed = {name: typed_in(data, name)[:1000] for name in ("number", "reason")}
    opened: Facts = {}

    async def work(unit: Unit) -> None:
        desk = process.desk(unit)
        try:
            case = await seeing.find(desk, session.actor, typed["number"], lock=True)
        except NotFound as absent:
            raise Invalid(absent.detail, fields={"number": "请核对单号"}) from None
        check_left_any(case)
        opened["known"] = await open_identity(desk, session.actor, case, typed["reason"])
        opened["number"] = case.tracking_no

    if refused := await refusal_of(request, session, data, work):
        faults = refused.facts.get("fields", {})
        facts = {"refused": refused.detail, "faults": faults, "typed": typed}
        return await _drawn(request, session, facts, status=status_of(refused))
    return await _drawn(request, session, opened)


async def _drawn(request: web.Request, session: Session, facts: Facts, *, status: int = 200) -> web.Response:
    process, before = request.app[PROCESS], request.query.get("before", "")
    below = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    try:
        async with process.database.read() as unit:
            rows = await openings(process.desk(unit), session.actor, before=below, limit=PAGE)
    except WrongRole:
        raise NotFound("没有这个页面") from None
    usual: Facts = {
        "title": "身份",
        "rows": rows,
        "may_open": session.actor.role is Role.CUSTODIAN,
        "next_page": f"{PATH}?{urlencode({'before': rows[-1].id})}" if len(rows) == PAGE else "",
        "known": None,
        "number": "",
        "refused": "",
        "faults": {},
        "typed": {"number": "", "reason": ""},
    }
    return drawn(request, session, "identities.html", usual | facts, status=status)
