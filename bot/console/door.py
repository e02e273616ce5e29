"""The door of the console: who is signed in, the form to sign in, and pages in their frame."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from aiohttp import web

from bot.console.kept import Kept, left_over, page_of
from bot.console.navigation import CAME, SEES_CASES, back_of, came, links_of
from bot.console.words import word
from bot.http import csrf, pages
from bot.http.keys import PRIVATE, PROCESS
from bot.http.sessions import Session, session_of, set_cookie
from intake.errors import NotFound, Refused
from storage.unit import Unit
from storage.vocab import Role

HERE = Path(__file__).parent / "templates"
PATH, LOGIN, LOGOUT = "/console", "/console/login", "/console/logout"
ENDED = "登录已经过期，请重新登录。您填写的内容还在，登录后可以接着提交。"

Form = Mapping[str, object]
Page = Callable[[web.Request, Session], Awaitable[web.StreamResponse]]


def signed_in(page: Page) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """A page for whoever is signed in; others are sent to sign in and then back, with what they typed."""

    async def handle(request: web.Request) -> web.StreamResponse:
        session = await session_of(request)
        if session is not None and session.first and not _may_open(request.path, session.first):
            return pages.see_other(session.first)
        if session is not None:
            return await page(request, session)
        if "HX-Request" in request.headers:
            return web.Response(status=204)  # a part that a page asks for by itself: it stays as it is
        if request.method == "POST":
            kept = await left_over(request)
            if kept:
                return sign_in_page(request, fault=ENDED, kept=kept, status=401)
        onward = page_of(request) if request.method == "POST" else request.path_qs
        return pages.see_other(f"{LOGIN}?next={quote(onward, safe='')}")

    return handle


def _may_open(path: str, first: str) -> bool:
    return path in (LOGOUT, first) or path.startswith(f"{first}/")


async def refusal_of(
    request: web.Request, session: Session, data: Form, work: Callable[[Unit], Awaitable[None]]
) -> Refused | None:
    """Do in one unit what the person's form asks; None when it is done, else why not, for the page to show.

    Raises :class:`NotFound`, for which there is no page to show it on.
    """
    process = request.app[PROCESS]
    try:
        csrf.check(process.vault, session.token, data.get(csrf.FIELD))
        await process.database.run(work)
    except NotFound:
        raise
    except Refused as refused:
        return refused
    return None


def typed_in(data: Form, name: str) -> str:
    """A text field as it was typed, with the line ends and without the NULs that a browser may send."""
    return str(data.get(name, "")).replace("\r\n", "\n").replace("\0", "").strip()


def plainly(typed: dict[str, Any]) -> list[str]:
    """What was typed into a form that is gone, to be copied from the page."""
    return [str(value) for key, value in typed.items() if key not in ("version", "attachments") and value]


def drawn(
    request: web.Request, session: Session, template: str, facts: dict[str, Any], *, status: int = 200
) -> web.Response:
    """A page in the console's frame."""
    pages.environment(HERE).filters |= {"word": word, "plainly": plainly}
    city = request.app[PROCESS].city
    bar, rest = links_of(session.actor.role, request.path)
    frame = {
        "city": city.name,
        "who": session.name,
        "role": session.actor.role.value,
        "unit": city.unit_name(session.actor.department),
        "csrf": session.csrf,
        "sees_cases": session.actor.role in SEES_CASES,
        "administers": session.actor.role is Role.ADMIN,
        "bar": bar,
        "rest": rest,
        "above": back_of(session.actor.role, request.path, request.query.get(CAME, "")),
        "tail": f"?{urlencode(handed)}" if (handed := came(request.query)) else "",
        "unseen": session.unseen,
        "here": request.path,
        "live": "",
    }
    return pages.page(HERE, template, frame | facts, status=status)


def sign_in_page(
    request: web.Request,
    *,
    template: str = "login.html",
    login: str = "",
    fault: str = "",
    kept: Kept | None = None,
    onward: str = "",
    status: int = 200,
) -> web.Response:
    """A form of signing in; ``kept`` goes along in it, ``onward`` is the page that was wanted."""
    value = csrf.sign_in_value(request)
    request[PRIVATE] = True
    facts = {
        "city": request.app[PROCESS].city.name,
        "login": login,
        "fault": fault,
        "csrf": value,
        "next": back_to(kept.page if kept else onward or request.query.get("next")),
        "kept": kept,
    }
    response = pages.page(HERE, template, facts, status=status)
    set_cookie(request.app[PROCESS], response, csrf.SIGN_IN_COOKIE, value, path=PATH, age=3600)
    return response


def back_to(given: str | None) -> str:
    """Where to go after signing in: only ever a page of the console."""
    path = (given or "").partition("?")[0]
    if given and path.startswith("/console") and "//" not in path and "\\" not in path:
        return given
    return "/console"
