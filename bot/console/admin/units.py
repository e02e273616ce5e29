"""Units: looked for, edited, added, retired and taken into use again."""

from typing import Any

from aiohttp import web

from bot.console.admin.frame import Facts, number, refused_change, split
from bot.console.door import Form, drawn, typed_in
from bot.http.keys import PROCESS
from bot.http.pages import see_other
from bot.http.problems import status_of
from bot.http.sessions import Session
from intake.administering import units
from intake.administering.units import Entry
from intake.desk import Desk
from intake.errors import NotFound
from intake.forms import checked
from intake.profiles.schema import Flag, Level, PlaceKind
from storage.stores.departments import DepartmentRow
from storage.vocab import Sector, UnitKind

PATH = "/console/admin/departments"
LINES = ("name", "phone", "email", "supervision_phone", "supervision_email", "leader_post")
CHOICES = ("kind", "sector", "level", "place", "parent")
MOST = 60  # on the page; the others are found by name
WORDS = ("short_names", "duties")
BLANK = dict.fromkeys(("code", *LINES, *CHOICES, *WORDS), "") | {"level": "city", "kind": "government"}


async def listed(request: web.Request, session: Session) -> web.StreamResponse:
    """Every unit, or those whose names hold the words that were asked for."""
    process, asked = request.app[PROCESS], request.query.get("q", "").strip()
    async with process.database.read() as unit:
        rows = await unit.departments.all()
    found = [row for row in rows if asked in " ".join((row.name, row.code, *row.short_names))]
    found.sort(key=lambda row: (not row.active, not row.flags, row.level != "city", row.name))
    facts = {
        "title": "单位",
        "rows": found[:MOST],
        "found": len(found),
        "asked": asked,
        "total": len(rows),
    }
    return drawn(request, session, "admin_units.html", facts)


async def blank(request: web.Request, session: Session) -> web.StreamResponse:
    return await _drawn(request, session, None, {})


async def one(request: web.Request, session: Session) -> web.StreamResponse:
    return await _drawn(request, session, await _row(request), {})


async def add(request: web.Request, session: Session) -> web.StreamResponse:
    """A new unit; where it is refused what was typed stays."""
    data = await request.post()
    code = typed_in(data, "code")

    async def work(desk: Desk) -> None:
        await units.add(desk, session.actor, checked(Entry, _entry(data, code)))

    if refused := await refused_change(request, session, data, work):
        facts = {"refused": refused.detail, "faults": refused.facts.get("fields", {}), "typed": _typed(data)}
        return await _drawn(request, session, None, facts, status=status_of(refused))
    return see_other(f"{PATH}/of/{code}?done=1")


async def change(request: web.Request, session: Session) -> web.StreamResponse:
    """What a unit is now."""
    data, code = await request.post(), request.match_info["code"]

    async def work(desk: Desk) -> None:
        entry = checked(Entry, _entry(data, code))
        await units.change(desk, session.actor, entry, number(data.get("version")))

    return await _changed(request, session, data, work)


async def retire(request: web.Request, session: Session) -> web.StreamResponse:
    """Out of use, or into use again (``back``)."""
    data, code = await request.post(), request.match_info["code"]
    does = units.reinstate if "back" in data else units.retire

    async def work(desk: Desk) -> None:
        await does(desk, session.actor, code, number(data.get("version")))

    return await _changed(request, session, data, work)


async def _changed(request: web.Request, session: Session, data: Form, work: Any) -> web.StreamResponse:
    row = await _row(request)
    if refused := await refused_change(request, session, data, work):
        facts: Facts = {"refused": refused.detail, "faults": refused.facts.get("fields", {})}
        if "name" in data:
            facts["typed"] = _typed(data)
        return await _drawn(request, session, row, facts, status=status_of(refused))
    return see_other(f"{PATH}/of/{row.code}?done=1")


async def _row(request: web.Request) -> DepartmentRow:
    async with request.app[PROCESS].database.read() as unit:
        known = {row.code: row for row in await unit.departments.all()}
    if request.match_info["code"] not in known:
        raise NotFound("没有这个单位")
    return known[request.match_info["code"]]


def _entry(data: Form, code: str) -> Facts:
    """The form as :class:`Entry` takes it."""
    flags = [flag.value for flag in Flag if data.get(f"flag-{flag.value}")]
    texts = {name: typed_in(data, name) for name in (*LINES, *CHOICES)}
    nowhere = {name: None for name in ("place", "parent") if not texts[name]}
    return {
        "code": code,
        **texts,
        **nowhere,
        **{name: split(typed_in(data, name)) for name in WORDS},
        "flags": flags,
    }


def _typed(data: Form) -> Facts:
    typed: Facts = {name: typed_in(data, name) for name in BLANK}
    return typed | {"flags": [flag.value for flag in Flag if data.get(f"flag-{flag.value}")]}


def _standing(row: DepartmentRow | None) -> Facts:
    if row is None:
        return {**BLANK, "flags": []}
    lines = {name: getattr(row, name) or "" for name in ("code", *LINES, *CHOICES)}
    return lines | {name: "、".join(getattr(row, name)) for name in WORDS} | {"flags": row.flags}


async def _drawn(
    request: web.Request, session: Session, row: DepartmentRow | None, facts: Facts, *, status: int = 200
) -> web.StreamResponse:
    city = request.app[PROCESS].city
    async with request.app[PROCESS].database.read() as unit:
        burdens = await unit.departments.burdens(row.code) if row else None
    usual: Facts = {
        "title": row.name if row else "新增单位",
        "row": row,
        "burdens": burdens,
        "typed": _standing(row),
        "held": {flag.value: city.unit_name(city.flagged(flag)) for flag in Flag},
        "choices": {"kind": list(UnitKind), "sector": list(Sector), "level": list(Level)},
        "places": [place.name for place in city.places if place.kind is not PlaceKind.PREFECTURE],
        "parents": sorted((one.code, one.name) for one in city.units.values()),
        "refused": "",
        "faults": {},
        "done": "done" in request.query,
    }
    return drawn(request, session, "admin_unit.html", usual | facts, status=status)
