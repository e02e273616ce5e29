"""A person's own password, second factor and sessions."""

from typing import Any

import segno
from aiohttp import web

from bot.console.door import Form, drawn, refusal_of
from bot.http import csrf
from bot.http.keys import PROCESS
from bot.http.pages import see_other
from bot.http.problems import status_of
from bot.http.sessions import CODE_PAGE, PASSWORD_PAGE, Session, idle_of
from intake import second_factor, staffing
from intake.administering.log import note
from intake.errors import Invalid, Refused
from storage.unit import Unit
from storage.vocab import AdminAction

ME = "/console/me"
Facts = dict[str, Any]


async def password(request: web.Request, session: Session) -> web.StreamResponse:
    return _password_page(request, session, {})


async def change_password(request: web.Request, session: Session) -> web.StreamResponse:
    """Another password; every other session of the account ends."""
    process, data = request.app[PROCESS], await request.post()
    new, repeated = str(data.get("new_password", "")).strip(), str(data.get("repeated", "")).strip()
    try:
        await _prove(request, session, data)
        _compare(session, str(data.get("password", "")).strip(), new, repeated)
        password_hash = await staffing.hashed(new)
    except Refused as refused:
        fields = refused.facts.get("fields", {})
        faults = {"new_password" if name == "password" else name: words for name, words in fields.items()}
        facts = {"refused": refused.detail, "faults": faults}
        return _password_page(request, session, facts, status=status_of(refused))

    async def write(unit: Unit) -> None:
        values = {"password_hash": password_hash, "must_change": False}
        await unit.staff.change(session.actor.name, values)
        await unit.sessions.end_of(session.person.id, but=session.digest)
        login = session.actor.name
        await note(process.desk(unit), session.actor, AdminAction.PASSWORD_CHANGED, login)

    await process.database.run(write)
    return see_other(f"{ME}?done=password")


async def code_app(request: web.Request, session: Session) -> web.StreamResponse:
    return await _code_page(request, session, {})


async def begin(request: web.Request, session: Session) -> web.StreamResponse:
    """A new secret; it is in force once its first code was typed."""
    process = request.app[PROCESS]

    async def work(unit: Unit) -> None:
        await second_factor.begin(process.desk(unit), session.person)

    if refused := await refusal_of(request, session, await request.post(), work):
        return await _code_page(request, session, {"refused": refused.detail}, status=status_of(refused))
    return see_other(CODE_PAGE)


async def confirm(request: web.Request, session: Session) -> web.StreamResponse:
    """Put the secret in force; the recovery codes are shown on this answer alone."""
    process, data, made = request.app[PROCESS], await request.post(), list[str]()
    at, typed = process.clock.wall(), str(data.get("one_time", ""))[:40]

    async def work(unit: Unit) -> None:
        made[:] = await second_factor.confirm(process.desk(unit), session.actor, session.person, typed, at)

    if refused := await refusal_of(request, session, data, work):
        return await _code_page(request, session, {"refused": refused.detail}, status=status_of(refused))
    if not made:
        told = "验证码不对。请核对手机的时间，填现在显示的六位数字"
        return await _code_page(request, session, {"refused": told}, status=422)
    return await _code_page(request, session, {"codes": made})


async def new_codes(request: web.Request, session: Session) -> web.StreamResponse:
    """Recovery codes anew, for whoever knows the password."""
    process, data, made = request.app[PROCESS], await request.post(), list[str]()

    async def work(unit: Unit) -> None:
        made[:] = await second_factor.new_codes(process.desk(unit), session.actor, session.person)

    if refused := await _proved(request, session, data) or await refusal_of(request, session, data, work):
        return await _code_page(request, session, {"refused": refused.detail}, status=status_of(refused))
    return await _code_page(request, session, {"codes": made})


async def turn_off(request: web.Request, session: Session) -> web.StreamResponse:
    """The password alone again, for whoever knows it and whose role may."""
    process, data = request.app[PROCESS], await request.post()

    async def work(unit: Unit) -> None:
        await second_factor.turn_off(process.desk(unit), session.actor, session.person)

    if refused := await _proved(request, session, data) or await refusal_of(request, session, data, work):
        return await _code_page(request, session, {"refused": refused.detail}, status=status_of(refused))
    return see_other(f"{ME}?done=off")


async def end_sessions(request: web.Request, session: Session) -> web.StreamResponse:
    """End one of the person's sessions (``session``: how its digest begins), or all but this one."""
    process, data = request.app[PROCESS], await request.post()
    wanted, others = str(data.get("session", "")), "others" in data

    async def work(unit: Unit) -> None:
        ended = 0
        if others:
            ended = await unit.sessions.end_of(session.person.id, but=session.digest)
        else:
            at, idle = process.clock.wall(), idle_of(process)
            for row in await unit.sessions.of(session.person.id, at, idle=idle):
                if wanted and row.token_digest.startswith(wanted) and row.token_digest != session.digest:
                    ended += await unit.sessions.end(row.token_digest)
        if ended:
            login = session.actor.name
            await note(process.desk(unit), session.actor, AdminAction.SESSIONS_ENDED, login)

    if refused := await refusal_of(request, session, data, work):
        raise refused
    return see_other(f"{ME}?done=ended")


async def _prove(request: web.Request, session: Session, data: Form) -> None:
    """That the person at the browser knows the password; tries are counted as at the door.

    Raises ``ForgedForm``, ``TooManyTries`` and :class:`Invalid`.
    """
    process, login = request.app[PROCESS], session.actor.name
    csrf.check(process.vault, session.token, data.get(csrf.FIELD))
    at = process.clock.wall()
    held = await process.database.run(lambda unit: staffing.try_sign_in(unit, login, at))
    if not await staffing.matches(held, str(data.get("password", "")).strip()):
        raise Invalid("密码不对", fields={"old": "密码不对"})
    await process.database.run(lambda unit: unit.staff.forget_failures(login))


async def _proved(request: web.Request, session: Session, data: Form) -> Refused | None:
    try:
        await _prove(request, session, data)
    except Refused as refused:
        return refused
    return None


def _compare(session: Session, old: str, new: str, repeated: str) -> None:
    if new != repeated:
        raise Invalid("两次填的新密码不一样", fields={"repeated": "两次填的不一样"})
    if new in (old, session.actor.name):
        raise Invalid("新密码不能和旧密码、登录名一样", fields={"password": "换一个"})


def _password_page(
    request: web.Request, session: Session, facts: Facts, *, status: int = 200
) -> web.Response:
    usual = {
        "title": "修改密码",
        "forced": session.first == PASSWORD_PAGE,
        "shortest": staffing.SHORTEST_PASSWORD,
        "refused": "",
        "faults": {},
    }
    return drawn(request, session, "own_password.html", usual | facts, status=status)


async def _code_page(
    request: web.Request, session: Session, facts: Facts, *, status: int = 200
) -> web.Response:
    process, person = request.app[PROCESS], session.person
    async with process.database.read() as unit:
        row = await unit.second_factors.of(person.id)
        secret = await second_factor.being_set_up(process.desk(unit), person)
        left = await unit.second_factors.codes_left(person.id)
        guarded = person.role in await unit.second_factors.guarded()
    address = second_factor.address_of(secret, person.login, process.city.name) if secret else ""
    usual = {
        "title": "两步验证",
        "forced": session.first == CODE_PAGE,
        "on_since": row.confirmed_at if row else None,
        "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)) if secret else "",
        "picture": segno.make(address, error="m").svg_data_uri(scale=5, border=2) if address else "",
        "left": left,
        "guarded": guarded,
        "codes": [],
        "refused": "",
    }
    return drawn(request, session, "own_code.html", usual | facts, status=status)
