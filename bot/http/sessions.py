"""Sessions of the console, our own: a random token in a cookie, its SHA-256 in the database, twelve hours."""

from dataclasses import dataclass, field

from aiohttp import web

from bot.factory import Process
from bot.http import csrf
from bot.http.keys import PRIVATE, PROCESS
from bot.metrics import metrics
from intake import staffing
from intake.actor import Actor
from intake.errors import TooManyTries
from intake.reminders.recipients import CONSOLE
from storage.vocab import Role

COOKIE = "jiannuo_session"


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in. ``token`` stays on the server's side of a request; ``csrf`` goes into forms.
    ``unseen``: reminders that this person has not looked at."""

    actor: Actor
    name: str
    token: str = field(repr=False)
    csrf: str = field(repr=False)
    unseen: int = 0


async def session_of(request: web.Request) -> Session | None:
    """The session of the request's cookie, while it lasts and the account stands."""
    token = request.cookies.get(COOKIE)
    if not token:
        return None
    process = request.app[PROCESS]
    async with process.database.read() as unit:
        row = await unit.staff.by_session(staffing.digest(token), process.clock.wall())
        unseen = await unit.reminders.unseen(row.login, CONSOLE) if row else 0
    if row is None:
        return None
    request[PRIVATE] = True
    actor = Actor(Role(row.role), row.login, row.department)
    return Session(actor, row.name, token, csrf.token_for(process.vault, token), unseen)


async def sign_in(request: web.Request, login: str, password: str) -> str | None:
    """A new session's token, or None for a wrong login or password; raises :class:`TooManyTries`."""
    process = request.app[PROCESS]
    try:
        token = await _admitted(process, login, password)
    except TooManyTries:
        metrics.logins.labels("too_many").inc()
        raise
    metrics.logins.labels("signed_in" if token else "refused").inc()
    return token


async def _admitted(process: Process, login: str, password: str) -> str | None:
    at = process.clock.wall()
    held = await process.database.run(lambda unit: staffing.try_sign_in(unit, login, at))
    if not await staffing.matches(held, password):
        return None
    assert held is not None
    return await process.database.run(lambda unit: staffing.open_session(unit, held, at))


async def sign_out(request: web.Request, session: Session) -> None:
    """End this session; the token is worth nothing afterwards."""
    process = request.app[PROCESS]
    await process.database.run(lambda unit: unit.staff.end_session(staffing.digest(session.token)))


def set_cookie(
    process: Process, response: web.StreamResponse, name: str, value: str, *, path: str, age: int
) -> None:
    """A cookie that scripts do not see and other sites do not send along with a form."""
    secure = process.settings.public_url.startswith("https:")
    response.set_cookie(name, value, max_age=age, path=path, httponly=True, samesite="Lax", secure=secure)
