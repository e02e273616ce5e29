"""``/canned-answers``: what a unit says again and again; each sees and keeps its own."""

from typing import Any

from aiohttp import web

from bot.web.api.endpoints import Call, shown
from bot.web.api.messages import row_number
from bot.web.api.shapes import Told
from intake import canned
from intake.actor import OF_ONE_UNIT
from intake.canned import CannedChange, NewCanned
from intake.clock import local
from intake.forms import checked
from storage.stores.canned import CannedRow
from storage.unit import Unit


class Canned(Told):
    """A canned answer; its ``text`` may hold {单号}, {单位} and {日期}."""

    id: int
    title: str
    text: str
    retired: bool
    changed_at: str
    changed_by: str


class CannedList(Told):
    items: list[Canned]


async def listed(call: Call) -> web.Response:
    process = call.process
    async with process.database.read() as unit:
        rows = await canned.listed(process.desk(unit), call.who)
    return shown(CannedList, {"items": [_told(row) for row in rows]})


async def add(call: Call) -> web.Response:
    process, who = call.process, call.only(*OF_ONE_UNIT)
    asked = checked(NewCanned, await call.body())
    row = await process.database.run(lambda unit: canned.add(process.desk(unit), who, asked))
    return shown(Canned, _told(row), status=201)


async def change(call: Call) -> web.Response:
    process, body, who = call.process, await call.body(), call.who
    number = row_number(call.request.match_info["id"])

    async def work(unit: Unit) -> CannedRow:
        desk = process.desk(unit)
        await canned.one(desk, who, number)  # who may not, and what is not there, before what was written
        return await canned.change(desk, who, number, checked(CannedChange, body))

    return shown(Canned, _told(await process.database.run(work)))


def _told(row: CannedRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": row.title,
        "text": row.text,
        "retired": row.retired,
        "changed_at": local(row.changed_at).isoformat(timespec="seconds"),
        "changed_by": row.changed_by,
    }
