"""What the pages of administrators share: who may open them, and how a form's change is made."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.console.door import Form, Page, refusal_of, signed_in
from bot.http.keys import PROCESS
from bot.http.sessions import Session
from intake.desk import Desk
from intake.errors import NotFound, Refused
from storage.unit import Unit
from storage.vocab import Role

Facts = dict[str, Any]


def for_admins(page: Page) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """A page that is not there for anybody but an administrator."""

    async def handle(request: web.Request, session: Session) -> web.StreamResponse:
        if session.actor.role is not Role.ADMIN:
            raise NotFound("没有这个页面")
        return await page(request, session)

    return signed_in(handle)


async def refused_change(
    request: web.Request, session: Session, data: Form, work: Callable[[Desk], Awaitable[object]]
) -> Refused | None:
    """Make a change in one unit of work; None when it is made, and this process knows of it.

    Other processes follow the database within seconds.
    """
    process = request.app[PROCESS]

    async def one(unit: Unit) -> None:
        await work(process.desk(unit))

    refused = await refusal_of(request, session, data, one)
    if refused is None:
        await process.refresh()
    return refused


def number(text: object) -> int:
    """A hidden number of a form; -1, which no version is, for anything else."""
    given = str(text or "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else -1


def split(text: str) -> list[str]:
    """Words that stand on lines of their own or are parted by 、 or commas; each once."""
    for mark in "、，,；;":
        text = text.replace(mark, "\n")
    return list(dict.fromkeys(word.strip() for word in text.split("\n") if word.strip()))
