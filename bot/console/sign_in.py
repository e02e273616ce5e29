"""Signing in and out."""

import hmac

from aiohttp import web

from bot.console.door import HERE, LOGIN, PATH, back_to, sign_in_page
from bot.console.kept import SILENT, Kept, carried
from bot.console.words import word
from bot.http import csrf, pages
from bot.http.keys import PRIVATE, PROCESS
from bot.http.sessions import COOKIE, Session, set_cookie, sign_in, sign_out
from intake.errors import Refused
from intake.staffing import SESSION

WRONG = "登录名或密码不对"
STALE = "页面已经过期，请重新登录"
WRITTEN = frozenset({"text", "reason", "title", "name", "phone", "source_number"})


async def form(request: web.Request) -> web.Response:
    return sign_in_page(request)


async def submit(request: web.Request) -> web.StreamResponse:
    """Sign in; what was typed stays, but for the password, and so does the form that was interrupted."""
    data = await request.post()
    kept = carried(data.items())
    login, password = (str(data.get(name, "")).strip() for name in ("login", "password"))
    held = request.cookies.get(csrf.SIGN_IN_COOKIE, "")
    if not held or not hmac.compare_digest(held.encode(), str(data.get(csrf.FIELD, "")).encode()):
        return sign_in_page(request, login=login, fault=STALE, kept=kept, status=403)
    try:
        token = await sign_in(request, login, password)
    except Refused as refused:
        return sign_in_page(request, login=login, fault=refused.detail, kept=kept, status=429)
    if token is None:
        return sign_in_page(request, login=login, fault=WRONG, kept=kept, status=422)
    back = back_to(str(data.get("next", "")))
    response = _resumed(request, token, kept, back) if kept else pages.see_other(back)
    age = int(SESSION.total_seconds())
    set_cookie(request.app[PROCESS], response, COOKIE, token, path=PATH, age=age)
    response.del_cookie(csrf.SIGN_IN_COOKIE, path=PATH)
    return response


async def leave(request: web.Request, session: Session) -> web.StreamResponse:
    data = await request.post()
    csrf.check(request.app[PROCESS].vault, session.token, data.get(csrf.FIELD))
    await sign_out(request, session)
    response = pages.see_other(LOGIN)
    response.del_cookie(COOKIE, path=PATH)
    return response


def _resumed(request: web.Request, token: str, kept: Kept, back: str) -> web.Response:
    """What was typed before, to be looked at and sent again; nothing has been done with it."""
    request[PRIVATE] = True
    pages.environment(HERE).filters["word"] = word
    facts = {
        "city": request.app[PROCESS].city.name,
        "action": back_to(kept.action),
        "back": back,
        "csrf": csrf.token_for(request.app[PROCESS].vault, token),
        "written": [(name, value) for name, value in kept.fields if name in WRITTEN],
        "chosen": [(name, value) for name, value in kept.fields if name not in WRITTEN | SILENT],
        "silent": [(name, value) for name, value in kept.fields if name in SILENT],
    }
    return pages.page(HERE, "resume.html", facts)
