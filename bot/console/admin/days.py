"""The working calendar: a year at a glance, and another word on a day, its effect seen before it is given."""

from datetime import date

from aiohttp import web

from bot.console.admin.frame import Facts, number, refused_change
from bot.console.door import drawn, typed_in
from bot.http.keys import PROCESS
from bot.http.pages import see_other
from bot.http.problems import status_of
from bot.http.sessions import Session
from intake.administering import calendar
from intake.desk import Desk
from intake.errors import NotFound
from intake.forms import checked
from intake.recounting import DayChange

PATH = "/console/admin/calendar"
FIRST, LAST = 2004, 2199
WEEK = "一二三四五六日"


async def year(request: web.Request, session: Session) -> web.StreamResponse:
    """Twelve months, each day worked or not, and who said what of it."""
    process, today = request.app[PROCESS], request.app[PROCESS].clock.today()
    asked = number(request.query.get("year"))
    shown = asked if FIRST <= asked <= LAST else today.year
    async with process.database.read() as unit:
        days = await calendar.year_of(process.desk(unit), session.actor, shown)
        changes = await unit.calendar.changes(10)
    months = [[day for day in days if day.date.month == month] for month in range(1, 13)]
    facts = {
        "title": f"{shown} 年工作日",
        "year": shown,
        "today": today,
        "months": months,
        "week": WEEK,
        "worked": sum(day.working for day in days),
        "estimated": sum(day.estimated for day in days),
        "words": [day for day in days if day.word],
        "changes": changes,
        "first": FIRST,
        "last": LAST,
        "done": request.query.get("done", ""),
    }
    return drawn(request, session, "admin_calendar.html", facts)


async def one(request: web.Request, session: Session) -> web.StreamResponse:
    """A day, and what the other word on it would move."""
    return await _drawn(request, session, {})


async def change(request: web.Request, session: Session) -> web.StreamResponse:
    """Give the word; workers count the deadlines anew at once."""
    data, day = await request.post(), _day(request)
    asked = {"working": data.get("working") == "true", "reason": typed_in(data, "reason")}

    async def work(desk: Desk) -> None:
        told, seen = checked(DayChange, asked), number(data.get("calendar"))
        await calendar.set_as_seen(desk, session.actor, day, told, seen)

    if refused := await refused_change(request, session, data, work):
        facts: Facts = {
            "refused": refused.detail,
            "faults": refused.facts.get("fields", {}),
            "reason": asked["reason"],
        }
        return await _drawn(request, session, facts, status=status_of(refused))
    return see_other(f"{PATH}?year={day.year}&done={day.isoformat()}")


async def _drawn(
    request: web.Request, session: Session, facts: Facts, *, status: int = 200
) -> web.StreamResponse:
    process, day = request.app[PROCESS], _day(request)
    await process.refresh()  # what the page decides on is what stands
    working = process.city.workdays.is_workday(day)
    async with process.database.read() as unit:
        desk = process.desk(unit)
        effect = await calendar.effect(desk, session.actor, day, working=not working)
        word = await unit.calendar.day(day)
    usual: Facts = {
        "title": f"{day.isoformat()}",
        "day": day,
        "weekday": WEEK[day.weekday()],
        "working": working,
        "estimated": process.city.workdays.is_estimated(day),
        "word": word,
        "effect": effect,
        "calendar": process.city.calendar,
        "unit_name": process.city.unit_name,
        "reason": "",
        "refused": "",
        "faults": {},
    }
    return drawn(request, session, "admin_day.html", usual | facts, status=status)


def _day(request: web.Request) -> date:
    try:
        day = date.fromisoformat(request.match_info["date"])
    except ValueError:
        raise NotFound("没有这一天") from None
    if not FIRST <= day.year <= LAST:
        raise NotFound("日历里没有这一年")
    return day
