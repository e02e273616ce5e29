"""Figures of a period: the page, what its charts draw, its definitions, and the export."""

from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.console.charts import charts
from bot.console.defining import PARTS, definitions
from bot.console.door import drawn
from bot.console.sheets import book
from bot.console.words import words
from bot.http.keys import PROCESS
from bot.http.sessions import Session
from intake.actor import ALL_SEEING, OF_ONE_UNIT
from intake.analysis.asking import AnalysisQuery, Period
from intake.analysis.looking import READERS, keep, look
from intake.analysis.week import week
from intake.errors import Invalid, NotFound
from intake.forms import checked
from storage.vocab import Role

PATH = "/console/analysis"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PERIODS = {
    Period.LAST_WEEK: "上周",
    Period.MONTH: "本月",
    Period.LAST_MONTH: "上月",
    Period.YEAR: "今年",
}


async def page(request: web.Request, session: Session) -> web.StreamResponse:
    """The figures; what is asked for stands in the address, and where it cannot be, why."""
    given, refused, faults = _given(request, session), "", dict[str, str]()
    try:
        told = await _told(request, session, given)
    except Invalid as wrong:
        refused, faults, told = wrong.detail, wrong.facts.get("fields", {}), await _told(request, session, {})
    weekly = None
    if session.actor.role is Role.SUPERVISOR:
        process = request.app[PROCESS]
        async with process.database.read() as unit:
            weekly = await week(process.desk(unit), session.actor)
    facts = {
        "title": "分析",
        "told": told,
        "week": weekly,
        "charts": charts(told),
        "given": given,
        "refused": refused,
        "faults": faults,
        "periods": [
            (_address({"period": one.value} | _where(given)), name, one) for one, name in PERIODS.items()
        ],
        "chosen": "" if given.get("from") else given.get("period", Period.MONTH.value),
        "places": [one.name for one in request.app[PROCESS].city.places],
        "units": sorted(one.name for one in request.app[PROCESS].city.units.values()),
        "export": f"{PATH}.xlsx?{urlencode(given)}" if not refused else f"{PATH}.xlsx",
        "sees_all": session.actor.role in ALL_SEEING,
        "of_unit": session.actor.role in OF_ONE_UNIT,
        "words": words(),
    }
    return drawn(request, session, "analysis.html", facts, status=422 if refused else 200)


async def export(request: web.Request, session: Session) -> web.StreamResponse:
    """The same as a workbook: a sheet for each table, and the definitions."""
    told = await _told(request, session, _given(request, session))
    file = BytesIO()
    book(told).save(file)
    name = f"analysis-{told['from']}-{told['to']}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=file.getvalue(), content_type=SPREADSHEET, headers=headers)


async def meanings(request: web.Request, session: Session) -> web.StreamResponse:
    """How every figure is reckoned."""
    _check(session)
    facts = {"title": "这些数怎么算的", "parts": PARTS, "told": definitions()}
    return drawn(request, session, "figures.html", facts)


async def _told(request: web.Request, session: Session, given: dict[str, str]) -> dict[str, Any]:
    process, asked = request.app[PROCESS], checked(AnalysisQuery, given)
    async with process.database.read() as unit:
        told = await look(process.desk(unit), session.actor, asked)
    await process.database.run(lambda unit: keep(process.desk(unit), session.actor, asked, told))
    return told


def _given(request: web.Request, session: Session) -> dict[str, str]:
    """What the address asks for; raises :class:`NotFound` for whom the page is not."""
    _check(session)
    return {name: value for name, value in request.query.items() if value.strip()}


def _check(session: Session) -> None:
    if session.actor.role not in READERS:
        raise NotFound("没有这个页面")


def _where(given: dict[str, str]) -> dict[str, str]:
    return {name: given[name] for name in ("department", "place") if name in given}


def _address(given: dict[str, str]) -> str:
    return f"{PATH}?{urlencode(given)}"
