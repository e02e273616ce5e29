"""``GET /supervision``: what a supervisor looks after, one list for each heading."""

from aiohttp import web

from bot.web.api.endpoints import Call, shown
from bot.web.api.shapes import Supervision
from intake.supervision import watched
from storage.vocab import Role


async def headings(call: Call) -> web.Response:
    call.only(Role.SUPERVISOR)
    process = call.process
    async with process.database.read() as unit:
        facts = await watched(process.desk(unit))
    return shown(Supervision, facts)
