"""``/calendar/{date}``: whether people work on a day; an admin may say otherwise, and deadlines follow."""

from datetime import date

from aiohttp import web

from bot.factory import Process
from bot.web.api.endpoints import Call, shown
from bot.web.api.shapes import CalendarDay
from bot.workers.recounting import Recounting
from intake.errors import Invalid
from intake.forms import checked
from intake.recounting import DayChange, Recount, day_told, set_day
from storage.unit import Unit
from storage.vocab import Role

AT_ONCE = 20
"""Batches that are counted before the answer; workers do the rest."""


async def one(call: Call) -> web.Response:
    actor, process = call.only(Role.ADMIN), call.process
    day = _day(call)
    async with process.database.read() as unit:
        facts = await day_told(process.desk(unit), actor, day)
    return shown(CalendarDay, facts)


async def change(call: Call) -> web.Response:
    actor, process = call.only(Role.ADMIN), call.process
    day, asked = _day(call), checked(DayChange, await call.body())

    async def work(unit: Unit) -> None:
        await set_day(process.desk(unit), actor, day, asked)

    await process.database.run(work)
    counted, pending = await _recount(process)
    async with process.database.read() as unit:
        facts = await day_told(process.desk(unit), actor, day)
    return shown(
        CalendarDay, {**facts, "recounted": counted.looked, "moved": counted.moved, "pending": pending}
    )


async def _recount(process: Process) -> tuple[Recount, bool]:
    recounting, looked, moved = Recounting(process), 0, 0
    for _ in range(AT_ONCE):
        found = await recounting.batch()
        looked, moved = looked + found.looked, moved + found.moved
        if not found.looked:
            break
    async with process.database.read() as unit:
        pending = await unit.clocks.any_behind(process.city.calendar)
    return Recount(looked, moved), pending


def _day(call: Call) -> date:
    try:
        return date.fromisoformat(call.request.match_info["date"])
    except ValueError:
        raise Invalid("日期不对", fields={"date": "日期写成 2027-01-01 这样"}) from None
