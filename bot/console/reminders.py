"""The list behind the bell: what this person was reminded of, newest first."""

from aiohttp import web

from bot.console.door import drawn
from bot.http.keys import PROCESS
from bot.http.sessions import Session
from intake.reminders import reading


async def listed(request: web.Request, session: Session) -> web.StreamResponse:
    """Everything that the console reminded of; to open the list is to have received it."""
    process = request.app[PROCESS]
    digests = await process.database.run(lambda unit: reading.look(process.desk(unit), session.actor.name))
    return drawn(request, session, "reminders.html", {"title": "提醒", "digests": digests, "unseen": 0})
