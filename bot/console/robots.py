"""Units' group robots, set by an admin; an address is shown masked once it stands."""

from typing import Any

from aiohttp import web

from bot.console.door import drawn, refusal_of, typed_in
from bot.http.keys import PROCESS
from bot.http.pages import see_other
from bot.http.problems import status_of
from bot.http.sessions import Session
from intake.errors import NotFound, WrongRole
from intake.reach import robots
from storage.unit import Unit

PATH = "/console/robots"


async def listed(request: web.Request, session: Session) -> web.StreamResponse:
    return await _drawn(request, session, {})


async def save(request: web.Request, session: Session) -> web.StreamResponse:
    """Give a unit its robot or take it away; a refused address is not shown again, it is a secret."""
    process, data = request.app[PROCESS], await request.post()
    department, webhook = typed_in(data, "department"), typed_in(data, "webhook")
    base = process.settings.wecom_url

    async def work(unit: Unit) -> None:
        await robots.set_robot(process.desk(unit), session.actor, department, webhook, base=base)

    if refused := await refusal_of(request, session, data, work):
        fields = refused.facts.get("fields", {})
        facts = {"refused": refused.detail, "faults": fields, "department": department}
        return await _drawn(request, session, facts, status=status_of(refused))
    return see_other(f"{PATH}?done=1")


async def _drawn(
    request: web.Request, session: Session, facts: dict[str, Any], *, status: int = 200
) -> web.Response:
    process = request.app[PROCESS]
    try:
        async with process.database.read() as unit:
            rows = await robots.listed(process.desk(unit), session.actor)
    except WrongRole:
        raise NotFound("没有这个页面") from None
    usual = {
        "title": "群机器人",
        "rows": rows,
        "units": sorted((unit.code, unit.name) for unit in process.city.units.values()),
        "unit_name": process.city.unit_name,
        "example": f"{process.settings.wecom_url.rstrip('/')}{robots.PATH}?key=…",
        "department": "",
        "refused": "",
        "faults": {},
        "done": "done" in request.query,
    }
    return drawn(request, session, "robots.html", usual | facts, status=status)
