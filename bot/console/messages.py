"""Messages that citizens left for a person, and the dispatcher's answers."""

from typing import Any

from aiohttp import web

from bot.console.door import drawn, refusal_of, typed_in
from bot.http.keys import PROCESS
from bot.http.pages import see_other
from bot.http.problems import status_of
from bot.http.sessions import Session
from intake import messages
from intake.errors import NotFound, WrongRole
from storage.unit import Unit
from storage.vocab import Role


async def listed(request: web.Request, session: Session) -> web.StreamResponse:
    return await _drawn(request, session, {})


async def reply(request: web.Request, session: Session) -> web.StreamResponse:
    """Answer once; where it is refused the words stay in the form."""
    process, data = request.app[PROCESS], await request.post()
    number = request.match_info["id"]
    text = typed_in(data, "text")

    async def work(unit: Unit) -> None:
        await messages.reply(process.desk(unit), session.actor, int(number), text)

    if refused := await refusal_of(request, session, data, work):
        facts = {"refused": refused.detail, "typed": text, "tried": int(number)}
        return await _drawn(request, session, facts, status=status_of(refused))
    return see_other("/console/messages?done=1")


async def _drawn(
    request: web.Request, session: Session, facts: dict[str, Any], *, status: int = 200
) -> web.Response:
    process = request.app[PROCESS]
    try:
        async with process.database.read() as unit:
            rows = await messages.listed(process.desk(unit), session.actor)
    except WrongRole:
        raise NotFound("没有这个页面") from None
    usual = {
        "title": "留言",
        "rows": rows,
        "may_reply": session.actor.role is Role.DISPATCHER,
        "refused": "",
        "typed": "",
        "tried": 0,
        "done": "done" in request.query,
    }
    return drawn(request, session, "messages.html", usual | facts, status=status)
