"""A case by number and query code, in any browser: for whoever has no WeChat, or another one by now."""

import hmac
import ipaddress
from typing import Any

from aiohttp import web

from bot.citizen import story
from bot.citizen.reader import HERE
from bot.http import csrf, pages
from bot.http.keys import PRIVATE, PROCESS
from bot.http.sessions import set_cookie
from intake.cases import reporter
from intake.cases.numbering import BadNumber
from intake.errors import Refused, TooManyTries, WrongCode
from storage.stores.cases import CaseRow
from storage.unit import Unit

COOKIE, PATH, AGE = "jiannuo_lookup", "/m/progress", 3600


async def page(request: web.Request) -> web.Response:
    return _form(request, number=request.query.get("number", "")[:40])


async def look(request: web.Request) -> web.Response:
    """The case where number and code fit; a wrong try is counted for the case and for the address it came
    from (domain 3, Tracking numbers)."""
    process, told = request.app[PROCESS], await request.post()
    number, held = str(told.get("number", ""))[:40], request.cookies.get(COOKIE, "")
    if not held or not hmac.compare_digest(held.encode(), str(told.get(csrf.FIELD, "")).encode()):
        return _form(request, number=number, refused="页面已经过期，请再填一次", status=403)
    code = "".join(char for char in str(told.get("code", ""))[:40] if char.isdigit())
    asker = process.vault.lookup("web", _address(request))[:32]

    async def work(unit: Unit) -> CaseRow | Refused:
        try:
            return await reporter.open_by_code(process.desk(unit), asker, number, code)
        except (WrongCode, TooManyTries) as refused:
            return refused  # a wrong try is kept: the unit must commit

    try:
        found = await process.database.run(work)
    except BadNumber:
        return _form(request, number=number, refused="请核对单号", status=422)
    if isinstance(found, Refused):
        status = 429 if isinstance(found, TooManyTries) else 422
        return _form(request, number=number, refused=found.detail, status=status)
    request[PRIVATE] = True
    async with process.database.read() as unit:
        facts = await story.told(process.desk(unit), found)
    return _page(request, "other.html", case=facts)


def _address(request: web.Request) -> str:
    """Whose browser asks; what a proxy of this machine says of it counts (deploy/nginx.conf)."""
    peer = request.remote or ""
    try:
        near = ipaddress.ip_address(peer).is_loopback
    except ValueError:
        near = False
    return request.headers.get("X-Forwarded-For", peer).rpartition(",")[2].strip() if near else peer


def _form(request: web.Request, *, number: str, refused: str = "", status: int = 200) -> web.Response:
    held = request.cookies.get(COOKIE, "")
    value = held if len(held) == csrf.LENGTH else csrf.fresh()
    response = _page(request, "progress.html", number=number, refused=refused, csrf=value, status=status)
    set_cookie(request.app[PROCESS], response, COOKIE, value, path=PATH, age=AGE)
    return response


def _page(request: web.Request, template: str, *, status: int = 200, **facts: Any) -> web.Response:
    return pages.page(HERE, template, {"city": request.app[PROCESS].city.name, **facts}, status=status)
