"""Signing in and out."""

import hmac

from aiohttp import web

from bot.console.door import HERE, back_to
from bot.http import csrf, pages
from bot.http.keys import PRIVATE, PROCESS
from bot.http.sessions import COOKIE, Session, set_cookie, sign_in, sign_out
from intake.errors import Refused
from intake.staffing import SESSION

WRONG = "登录名或密码不对"
PATH = "/console"


async def form(request: web.Request) -> web.Response:
    return _drawn(request, "", "")


async def submit(request: web.Request) -> web.StreamResponse:
    """Sign in; what was typed stays, but for the password."""
    data = await request.post()
    login, password = (str(data.get(name, "")).strip() for name in ("login", "password"))
    held = request.cookies.get(csrf.SIGN_IN_COOKIE, "")
    if not held or not hmac.compare_digest(held.encode(), str(data.get(csrf.FIELD, "")).encode()):
        return _drawn(request, login, "页面已经过期，请重新登录", status=403)
    try:
        token = await sign_in(request, login, password)
    except Refused as refused:
        return _drawn(request, login, refused.detail, status=429)
    if token is None:
        return _drawn(request, login, WRONG, status=422)
    response = pages.see_other(back_to(str(data.get("next", ""))))
    age = int(SESSION.total_seconds())
    set_cookie(request.app[PROCESS], response, COOKIE, token, path=PATH, age=age)
    response.del_cookie(csrf.SIGN_IN_COOKIE, path=PATH)
    return response


async def leave(request: web.Request, session: Session) -> web.StreamResponse:
    data = await request.post()
    csrf.check(request.app[PROCESS].vault, session.token, data.get(csrf.FIELD))
    await sign_out(request, session)
    response = pages.see_other("/console/login")
    response.del_cookie(COOKIE, path=PATH)
    return response


def _drawn(request: web.Request, login: str, fault: str, *, status: int = 200) -> web.Response:
    value = csrf.sign_in_value(request)
    request[PRIVATE] = True
    facts = {
        "city": request.app[PROCESS].city.name,
        "login": login,
        "fault": fault,
        "csrf": value,
        "next": back_to(request.query.get("next")),
    }
    response = pages.page(HERE, "login.html", facts, status=status)
    set_cookie(request.app[PROCESS], response, csrf.SIGN_IN_COOKIE, value, path=PATH, age=3600)
    return response
