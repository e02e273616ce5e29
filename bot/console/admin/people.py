"""Accounts: added with a password for the first time, changed, shut, opened; second factors by role."""

import secrets
from typing import Any

from aiohttp import web

from bot.console.admin.frame import Facts, number, refused_change
from bot.console.door import Form, drawn, typed_in
from bot.http import csrf
from bot.http.keys import PROCESS
from bot.http.pages import see_other
from bot.http.problems import status_of
from bot.http.sessions import Session
from intake import second_factor, staffing
from intake.actor import OF_ONE_UNIT
from intake.administering import people
from intake.administering.people import Changed
from intake.desk import Desk
from intake.errors import NotFound, Refused
from intake.forms import checked
from storage.stores.staff import StaffRow
from storage.vocab import Role

PATH = "/console/admin/staff"
ROLES = [role for role in Role if role not in staffing.NO_STAFF]
FIELDS = ("login", "name", "role", "department")


async def listed(request: web.Request, session: Session) -> web.StreamResponse:
    """Accounts by role, unit or words; shut ones last."""
    process, asked = request.app[PROCESS], request.query
    wanted = {name: asked.get(name, "").strip() for name in ("q", "role", "department")}
    async with process.database.read() as unit:
        rows, second = await unit.staff.all(), await unit.second_factors.confirmed()
        guarded = await unit.second_factors.guarded()
    found = [row for row in rows if _matches(row, wanted)]
    facts = {
        "title": "账号",
        "rows": sorted(found, key=lambda row: (row.disabled, row.role, row.department or "", row.login)),
        "total": len(rows),
        "second": second,
        "guarded": guarded,
        "asked": wanted,
        "roles": ROLES,
        "units": _units(request),
        "unit_name": process.city.unit_name,
        "done": "done" in asked,
    }
    return drawn(request, session, "admin_staff.html", facts)


async def demand(request: web.Request, session: Session) -> web.StreamResponse:
    """The roles that must have a second factor."""
    data = await request.post()
    wanted = {str(role) for role in data.getall("guarded", [])}

    async def work(desk: Desk) -> None:
        for role in ROLES:
            await second_factor.demand(desk, session.actor, role, wanted=role.value in wanted)

    if refused := await refused_change(request, session, data, work):
        raise refused
    return see_other(f"{PATH}?done=1")


async def blank(request: web.Request, session: Session) -> web.StreamResponse:
    return await _drawn(request, session, None, {})


async def add(request: web.Request, session: Session) -> web.StreamResponse:
    """A new account; its password is shown on this answer alone."""
    process, data = request.app[PROCESS], await request.post()
    typed, password = {name: typed_in(data, name) for name in FIELDS}, secrets.token_urlsafe(9)
    try:
        csrf.check(process.vault, session.token, data.get(csrf.FIELD))
        asked = checked(Changed, {name: typed[name] or None for name in FIELDS[1:]})
        new = staffing.NewStaff(typed["login"], password, asked.role, asked.department, asked.name)
        prepared = await staffing.prepare(new)
        await process.database.run(lambda unit: people.add(process.desk(unit), session.actor, prepared))
    except Refused as refused:
        facts = {"refused": refused.detail, "faults": refused.facts.get("fields", {}), "typed": typed}
        return await _drawn(request, session, None, facts, status=status_of(refused))
    return await _drawn(request, session, await _account(request, new.login), {"password": password})


async def one(request: web.Request, session: Session) -> web.StreamResponse:
    return await _drawn(request, session, await _account(request), {})


async def change(request: web.Request, session: Session) -> web.StreamResponse:
    """Another name, role or unit."""
    data, login = await request.post(), request.match_info["login"]
    typed = {name: typed_in(data, name) for name in FIELDS[1:]}

    async def work(desk: Desk) -> None:
        asked = checked(Changed, {name: value or None for name, value in typed.items()})
        await people.change(desk, session.actor, login, asked, number(data.get("version")))

    return await _changed(request, session, data, work, {"typed": typed | {"login": login}})


async def shut(request: web.Request, session: Session) -> web.StreamResponse:
    """Out of use, or into use again (``back``)."""
    data, login = await request.post(), request.match_info["login"]
    does = people.enable if "back" in data else people.disable

    async def work(desk: Desk) -> None:
        await does(desk, session.actor, login, number(data.get("version")))

    return await _changed(request, session, data, work, {})


async def new_password(request: web.Request, session: Session) -> web.StreamResponse:
    """A password for the first sign-in, shown on this answer alone; every session of the account ends."""
    data, login, password = await request.post(), request.match_info["login"], secrets.token_urlsafe(9)
    password_hash = await staffing.hashed(password)

    async def work(desk: Desk) -> None:
        await people.set_password(desk, session.actor, login, password_hash)

    if refused := await refused_change(request, session, data, work):
        row = await _account(request)
        return await _drawn(request, session, row, {"refused": refused.detail}, status=status_of(refused))
    return await _drawn(request, session, await _account(request), {"password": password})


async def reset_code(request: web.Request, session: Session) -> web.StreamResponse:
    """A lost second factor is forgotten; every session of the account ends."""
    data, login = await request.post(), request.match_info["login"]

    async def work(desk: Desk) -> None:
        await second_factor.reset(desk, session.actor, login)

    return await _changed(request, session, data, work, {})


async def _changed(
    request: web.Request, session: Session, data: Form, work: Any, kept: Facts
) -> web.StreamResponse:
    if refused := await refused_change(request, session, data, work):
        faults = refused.facts.get("fields", {})
        facts = {"refused": refused.detail, "faults": faults, **kept}
        row = await _account(request)
        return await _drawn(request, session, row, facts, status=status_of(refused))
    return see_other(f"{PATH}/of/{request.match_info['login']}?done=1")


async def _account(request: web.Request, login: str = "") -> StaffRow:
    async with request.app[PROCESS].database.read() as unit:
        row = await unit.staff.by_login(login or request.match_info["login"])
    if row is None:
        raise NotFound("没有这个账号")
    return row


async def _drawn(
    request: web.Request, session: Session, row: StaffRow | None, facts: Facts, *, status: int = 200
) -> web.StreamResponse:
    process = request.app[PROCESS]
    async with process.database.read() as unit:
        second = await unit.second_factors.of(row.id) if row else None
        assigned = await unit.cases.assigned(row.login) if row else 0
    standing: Facts = {name: (getattr(row, name) or "") if row else "" for name in FIELDS}
    usual: Facts = {
        "title": row.name if row else "新建账号",
        "row": row,
        "typed": standing,
        "second_since": second.confirmed_at if second else None,
        "assigned": assigned,
        "mine": row is not None and row.login == session.actor.name,
        "roles": ROLES,
        "united": OF_ONE_UNIT,
        "units": _units(request),
        "password": "",
        "refused": "",
        "faults": {},
        "done": "done" in request.query,
    }
    return drawn(request, session, "admin_person.html", usual | facts, status=status)


def _units(request: web.Request) -> list[tuple[str, str]]:
    return sorted((unit.code, unit.name) for unit in request.app[PROCESS].city.units.values())


def _matches(row: StaffRow, wanted: dict[str, str]) -> bool:
    if wanted["role"] and row.role != wanted["role"]:
        return False
    if wanted["department"] and row.department != wanted["department"]:
        return False
    return wanted["q"] in f"{row.login} {row.name}"
