"""A person's own page: how reminders reach them, who stands in, codes to bind, where they are signed in."""

from typing import Any

from aiohttp import web

from bot.console.door import drawn, refusal_of, typed_in
from bot.http.keys import PROCESS
from bot.http.pages import see_other
from bot.http.problems import status_of
from bot.http.sessions import Session, idle_of
from intake.reach import binding
from intake.reach.choice import Choice, choice_of, choose
from storage.unit import Unit
from storage.vocab import Reach

PATH = "/console/me"
TYPED = ("email", "quiet_from", "quiet_to", "away_until", "substitute")


async def page(request: web.Request, session: Session) -> web.StreamResponse:
    return await _drawn(request, session, {})


async def save(request: web.Request, session: Session) -> web.StreamResponse:
    """Write the choice down; where it is refused what was typed stays."""
    process, data = request.app[PROCESS], await request.post()
    typed = {name: typed_in(data, name) for name in TYPED}
    channels = [str(one) for one in data.getall("channels", [])]
    given: dict[str, Any] = {name: value for name, value in typed.items() if value} | {"channels": channels}

    async def work(unit: Unit) -> None:
        await choose(process.desk(unit), session.actor, given)

    if refused := await refusal_of(request, session, data, work):
        facts = {
            "refused": refused.detail,
            "faults": refused.facts.get("fields", {}),
            "typed": typed | {"channels": channels},
        }
        return await _drawn(request, session, facts, status=status_of(refused))
    return see_other(f"{PATH}?done=saved")


async def code(request: web.Request, session: Session) -> web.StreamResponse:
    """A new code to type into the chat: shown on this answer alone."""
    process, made = request.app[PROCESS], list[str]()

    async def work(unit: Unit) -> None:
        made[:] = [await binding.new_code(process.desk(unit), session.actor)]

    if refused := await refusal_of(request, session, await request.post(), work):
        return await _drawn(request, session, {"refused": refused.detail}, status=status_of(refused))
    return await _drawn(request, session, {"code": made[0]})


async def unbind(request: web.Request, session: Session) -> web.StreamResponse:
    """The WeChat of this account gets nothing any more."""
    process = request.app[PROCESS]

    async def work(unit: Unit) -> None:
        await binding.unbind(process.desk(unit), session.actor.name)

    if refused := await refusal_of(request, session, await request.post(), work):
        return await _drawn(request, session, {"refused": refused.detail}, status=status_of(refused))
    return see_other(f"{PATH}?done=unbound")


async def _drawn(
    request: web.Request, session: Session, facts: dict[str, Any], *, status: int = 200
) -> web.Response:
    process = request.app[PROCESS]
    async with process.database.read() as unit:
        choice = await choice_of(process.desk(unit), session.actor)
        at, idle = process.clock.wall(), idle_of(process)
        sessions = await unit.sessions.of(session.person.id, at, idle=idle)
        second = await unit.second_factors.of(session.person.id)
    usual = {
        "title": "我的账号",
        "sessions": sessions,
        "digest": session.digest,
        "second_since": second.confirmed_at if second else None,
        "idle": process.settings.idle_minutes,
        "choice": choice,
        "typed": _standing(choice),
        "ways": list(Reach),
        "mail_off": not process.settings.smtp_url.get_secret_value(),
        "minutes": int(binding.VALID.total_seconds() // 60),
        "code": "",
        "refused": "",
        "faults": {},
        "done": request.query.get("done", ""),
    }
    return drawn(request, session, "me.html", usual | facts, status=status)


def _standing(choice: Choice) -> dict[str, Any]:
    """What stands, as the inputs show it."""
    return {
        "email": choice.email,
        "quiet_from": f"{choice.quiet_from:%H:%M}" if choice.quiet_from else "",
        "quiet_to": f"{choice.quiet_to:%H:%M}" if choice.quiet_to else "",
        "away_until": choice.away_until.isoformat() if choice.away_until else "",
        "substitute": choice.substitute or "",
        "channels": choice.channels,
    }
