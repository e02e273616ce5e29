"""Sessions of the console, our own: a random token in a cookie, its SHA-256 in the database.

A session lasts twelve hours, or until nobody used it for ``JIANNUO_IDLE_MINUTES``. Where the account has a
second factor, the password opens only the question for its code.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from aiohttp import web

from bot.factory import Process
from bot.http import csrf
from bot.http.keys import PRIVATE, PROCESS
from bot.http.places import place_of
from bot.metrics import metrics
from intake import second_factor, staffing
from intake.actor import Actor
from intake.administering.log import note
from intake.errors import TooManyTries
from intake.reminders.recipients import CONSOLE
from intake.second_factor import Passed
from storage.engine import DatabaseAway
from storage.stores.sessions import Presence
from storage.stores.staff import StaffRow
from storage.unit import Raced, Unit
from storage.vocab import AdminAction, Role

COOKIE = "jiannuo_session"
WAITING_COOKIE = "jiannuo_code"
SEEN_EVERY = timedelta(minutes=1)
"""A session's last use is written down no more often: pages mostly read."""
PASSWORD_PAGE, CODE_PAGE = "/console/me/password", "/console/me/code-app"


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in. ``token`` stays on the server's side of a request; ``csrf`` goes into forms.
    ``unseen``: reminders that this person has not looked at. ``first``: the page that has to be done before
    any other, if one has."""

    actor: Actor
    person: StaffRow
    token: str = field(repr=False)
    csrf: str = field(repr=False)
    unseen: int = 0
    first: str = ""

    @property
    def name(self) -> str:
        return self.person.name

    @property
    def digest(self) -> str:
        return staffing.digest(self.token)


@dataclass(frozen=True, slots=True)
class Admitted:
    """The password was right. ``waiting``: the token is only good for typing the code."""

    token: str
    waiting: bool


def idle_of(process: Process) -> timedelta:
    """After how long without a page a session ends."""
    return timedelta(minutes=process.settings.idle_minutes)


async def session_of(request: web.Request) -> Session | None:
    """The session of the request's cookie, while it lasts and the account stands."""
    token = request.cookies.get(COOKIE)
    if not token:
        return None
    process, digest = request.app[PROCESS], staffing.digest(token)
    at = process.clock.wall()
    async with process.database.read() as unit:
        here = await unit.sessions.get(digest, at, idle=idle_of(process))
        unseen = await unit.reminders.unseen(here.person.login, CONSOLE) if here else 0
    if here is None:
        return None
    if at - here.session.seen_at > SEEN_EVERY:
        with suppress(Raced, DatabaseAway):  # the next page notes it
            await process.database.run(lambda unit: unit.sessions.seen(digest, at))
    request[PRIVATE] = True
    person = here.person
    actor = Actor(Role(person.role), person.login, person.department)
    return Session(actor, person, token, csrf.token_for(process.vault, token), unseen, _first(here))


def _first(here: Presence) -> str:
    if here.person.must_change:
        return PASSWORD_PAGE
    guarded = here.guarded_since is not None and here.guarded_since <= here.session.created_at
    return CODE_PAGE if guarded and here.second_since is None else ""


async def sign_in(request: web.Request, login: str, password: str) -> Admitted | None:
    """What a login and password open, or None for wrong ones; raises :class:`TooManyTries`."""
    process = request.app[PROCESS]
    try:
        admitted = await _admitted(request, process, login, password)
    except TooManyTries:
        metrics.logins.labels("too_many").inc()
        raise
    outcome = "refused" if admitted is None else "code_asked" if admitted.waiting else "signed_in"
    metrics.logins.labels(outcome).inc()
    return admitted


async def _admitted(request: web.Request, process: Process, login: str, password: str) -> Admitted | None:
    at, place = process.clock.wall(), place_of(request)
    held = await process.database.run(lambda unit: staffing.try_sign_in(unit, login, at))
    if not await staffing.matches(held, password):
        return None
    assert held is not None

    async def admit(unit: Unit) -> Admitted:
        second = await unit.second_factors.of(held.id)
        if second is not None and second.confirmed_at is not None:
            return Admitted(await staffing.await_code(unit, held, at), waiting=True)
        return Admitted(await staffing.open_session(unit, held, at, place), waiting=False)

    return await process.database.run(admit)


async def waiting_for_code(request: web.Request) -> bool:
    """Whether this browser has given a right password and owes the code."""
    process, token = request.app[PROCESS], request.cookies.get(WAITING_COOKIE, "")
    async with process.database.read() as unit:
        return await unit.sessions.waiting(staffing.digest(token), process.clock.wall()) is not None


async def give_code(request: web.Request, typed: str) -> str | None:
    """The session's token for the right code, or None for a wrong one; raises :class:`TooManyTries`."""
    process, at = request.app[PROCESS], request.app[PROCESS].clock.wall()
    digest, place = staffing.digest(request.cookies.get(WAITING_COOKIE, "")), place_of(request)

    async def look(unit: Unit) -> str | None:
        here = await unit.sessions.waiting(digest, at)
        if here is None:
            return None
        desk, person = process.desk(unit), here.person
        passed = await second_factor.tried(desk, person, typed, at)
        if passed is None:
            return None
        if passed is Passed.RECOVERY:
            actor = Actor(Role(person.role), person.login, person.department)
            await note(desk, actor, AdminAction.RECOVERY_CODE_USED, person.login)
        await unit.sessions.end(digest)
        return await staffing.open_session(unit, person, at, place)

    try:
        token = await process.database.run(look)
    except TooManyTries:
        metrics.logins.labels("too_many").inc()
        raise
    metrics.logins.labels("signed_in" if token else "code_refused").inc()
    return token


async def sign_out(request: web.Request, session: Session) -> None:
    """End this session; the token is worth nothing afterwards."""
    await request.app[PROCESS].database.run(lambda unit: unit.sessions.end(session.digest))


def set_cookie(
    process: Process, response: web.StreamResponse, name: str, value: str, *, path: str, age: int
) -> None:
    """A cookie that scripts do not see and other sites do not send along with a form."""
    secure = process.settings.public_url.startswith("https:")
    response.set_cookie(name, value, max_age=age, path=path, httponly=True, samesite="Lax", secure=secure)
