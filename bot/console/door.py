"""The door of the console: who is signed in, forms that were drawn for them, and pages in their frame."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiohttp import web

from bot.console.words import word
from bot.http import pages
from bot.http.keys import PROCESS
from bot.http.sessions import Session, session_of

HERE = Path(__file__).parent / "templates"
LOGIN = "/console/login"
MESSAGE_READERS = frozenset({"dispatcher", "supervisor"})

Page = Callable[[web.Request, Session], Awaitable[web.StreamResponse]]


def signed_in(page: Page) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """A page for whoever is signed in; everybody else is sent to sign in and then back."""

    async def handle(request: web.Request) -> web.StreamResponse:
        session = await session_of(request)
        if session is None:
            back = f"?next={quote(request.path_qs, safe='')}" if request.method == "GET" else ""
            return pages.see_other(LOGIN + back)
        return await page(request, session)

    return handle


def drawn(
    request: web.Request, session: Session, template: str, facts: dict[str, Any], *, status: int = 200
) -> web.Response:
    """A page in the console's frame."""
    pages.environment(HERE).filters["word"] = word
    city = request.app[PROCESS].city
    frame = {
        "city": city.name,
        "who": session.name,
        "role": session.actor.role.value,
        "unit": city.unit_name(session.actor.department),
        "csrf": session.csrf,
        "reads_messages": session.actor.role.value in MESSAGE_READERS,
        "here": request.path,
    }
    return pages.page(HERE, template, frame | facts, status=status)


def back_to(given: str | None) -> str:
    """Where to go after signing in: only ever a page of the console."""
    if given and given.startswith("/console") and "//" not in given and "\\" not in given:
        return given
    return "/console"
