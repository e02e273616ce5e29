"""The list behind the bell: what this person was reminded of, newest first; the supervisor's log of all."""

from datetime import timedelta
from urllib.parse import urlencode

from aiohttp import web

from bot.console.door import drawn
from bot.http.keys import PROCESS
from bot.http.sessions import Session
from intake.errors import NotFound
from intake.reminders import reading
from storage.vocab import Role

DAYS, PAGE = 7, 100


async def listed(request: web.Request, session: Session) -> web.StreamResponse:
    """Everything that the console reminded of; to open the list is to have received it."""
    process = request.app[PROCESS]
    digests = await process.database.run(lambda unit: reading.look(process.desk(unit), session.actor.name))
    return drawn(request, session, "reminders.html", {"title": "提醒", "digests": digests, "unseen": 0})


async def log(request: web.Request, session: Session) -> web.StreamResponse:
    """What everybody was reminded of lately and what became of it, oldest first, for supervisors."""
    if session.actor.role is not Role.SUPERVISOR:
        raise NotFound("没有这个页面")
    process, cursor = request.app[PROCESS], request.query.get("cursor")
    async with process.database.read() as unit:
        desk = process.desk(unit)
        since = desk.now() - timedelta(days=DAYS)
        items, onward = await reading.page(desk, since, cursor=cursor, limit=PAGE)
    facts = {
        "title": "提醒记录",
        "items": items,
        "days": DAYS,
        "unit_name": process.city.unit_name,
        "next_page": f"/console/reminders/log?{urlencode({'cursor': onward})}" if onward else "",
    }
    return drawn(request, session, "reminder_log.html", facts)
