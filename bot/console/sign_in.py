"""Signing in and out: the password, then the code where the account has a second factor."""

import hmac

from aiohttp import web

from bot.console.door import HERE, LOGIN, PATH, Form, back_to, sign_in_page
from bot.console.kept import SILENT, Kept, carried
from bot.console.words import word
from bot.http import csrf, pages
from bot.http.keys import PRIVATE, PROCESS
from bot.http.sessions import (
    COOKIE,
    WAITING_COOKIE,
    Session,
    give_code,
    set_cookie,
    sign_in,
    sign_out,
    waiting_for_code,
)
from intake.errors import Refused
from intake.staffing import CODE_WITHIN, SESSION

WRONG = "登录名或密码不对"
WRONG_CODE = "验证码不对。每个验证码只能用一次，请等下一个；也可以用恢复码"
STALE = "页面已经过期，请重新登录"
WRITTEN = frozenset({"text", "reason", "title", "name", "phone", "source_number"})
CODE_FORM = "login_code.html"


async def form(request: web.Request) -> web.Response:
    return sign_in_page(request)


async def submit(request: web.Request) -> web.StreamResponse:
    """Sign in; what was typed stays, but for the password, and so does the form that was interrupted."""
    data = await request.post()
    kept, onward = carried(data.items()), str(data.get("next", ""))
    login, password = (str(data.get(name, "")).strip() for name in ("login", "password"))
    if not _ours(request, data):
        return sign_in_page(request, login=login, fault=STALE, kept=kept, status=403)
    try:
        admitted = await sign_in(request, login, password)
    except Refused as refused:
        return sign_in_page(request, login=login, fault=refused.detail, kept=kept, status=429)
    if admitted is None:
        return sign_in_page(request, login=login, fault=WRONG, kept=kept, onward=onward, status=422)
    if not admitted.waiting:
        return _inside(request, admitted.token, kept, back_to(onward))
    response = sign_in_page(request, template=CODE_FORM, kept=kept, onward=onward)
    age = int(CODE_WITHIN.total_seconds())
    set_cookie(request.app[PROCESS], response, WAITING_COOKIE, admitted.token, path=LOGIN, age=age)
    return response


async def code(request: web.Request) -> web.StreamResponse:
    """The code after the password; five minutes later the password is asked for again."""
    data = await request.post()
    kept, onward = carried(data.items()), str(data.get("next", ""))
    if not _ours(request, data) or not await waiting_for_code(request):
        return sign_in_page(request, fault=STALE, kept=kept, onward=onward, status=403)
    try:
        token = await give_code(request, str(data.get("one_time", ""))[:40])
    except Refused as refused:
        told = refused.detail
        return sign_in_page(request, template=CODE_FORM, fault=told, kept=kept, onward=onward, status=429)
    if token is None:
        return sign_in_page(
            request, template=CODE_FORM, fault=WRONG_CODE, kept=kept, onward=onward, status=422
        )
    response = _inside(request, token, kept, back_to(onward))
    response.del_cookie(WAITING_COOKIE, path=LOGIN)
    return response


async def leave(request: web.Request, session: Session) -> web.StreamResponse:
    data = await request.post()
    csrf.check(request.app[PROCESS].vault, session.token, data.get(csrf.FIELD))
    await sign_out(request, session)
    response = pages.see_other(LOGIN)
    response.del_cookie(COOKIE, path=PATH)
    return response


def _ours(request: web.Request, data: Form) -> bool:
    """Whether the form was drawn by us for this browser."""
    held = request.cookies.get(csrf.SIGN_IN_COOKIE, "")
    return bool(held) and hmac.compare_digest(held.encode(), str(data.get(csrf.FIELD, "")).encode())


def _inside(request: web.Request, token: str, kept: Kept | None, back: str) -> web.Response:
    """On to the page that was wanted, signed in, or to the form that was interrupted."""
    response = _resumed(request, token, kept, back) if kept else pages.see_other(back)
    age = int(SESSION.total_seconds())
    set_cookie(request.app[PROCESS], response, COOKIE, token, path=PATH, age=age)
    response.del_cookie(csrf.SIGN_IN_COOKIE, path=PATH)
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
