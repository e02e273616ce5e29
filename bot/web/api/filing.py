"""``POST /cases``: letters, visits and calls, written down by a dispatcher."""

from typing import Any

from aiohttp import web

from bot.http.registering import NewCase, heard, register
from bot.web.api.cases import whole
from bot.web.api.endpoints import Call, shown
from bot.web.api.shapes import FiledCase
from intake.forms import checked
from storage.unit import Unit
from storage.vocab import Role


async def file(call: Call) -> web.Response:
    """File a case, or find the one that this channel's source number has already."""
    call.only(Role.DISPATCHER)
    process, asked = call.process, checked(NewCase, await call.body())
    said = await heard(process, asked)

    async def work(unit: Unit) -> tuple[int, dict[str, Any]]:
        desk = process.desk(unit)
        found = await register(desk, call.who, asked, said)
        status = 200 if found.query_code is None else 201
        return status, {**await whole(desk, call, found.case), "query_code": found.query_code}

    status, facts = await process.database.run(work)
    return shown(FiledCase, facts, status=status)
