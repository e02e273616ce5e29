"""Consent to subscription notices: what will be told, and where to agree.

On the platform consent is given through its own open tag (wechat 3.8), which WeChat draws inside our page
(:mod:`bot.citizen.consent`).
The stand-in has no such tag: there a plain form passes the answer on to it.
"""

from pathlib import Path

import aiohttp
import structlog
from aiohttp import web

from bot.citizen import consent, who
from bot.http import csrf, pages
from bot.http.keys import PRIVATE, PROCESS
from bot.http.problems import Away
from bot.wechat.errors import ApiAway, ApiRefused
from bot.wechat.notices import STAFF
from intake.errors import Invalid

log = structlog.get_logger(__name__)

HERE = Path(__file__).parent / "templates"
ADDRESS = "/m/notices"
BACK = "/m/notices/back"
TOLD = {
    "filed": "登记成功，告诉您单号",
    "dispatched": "派给了哪个单位，什么时候前答复",
    "date_changed": "答复期限有变化",
    "question": "承办单位请您补充情况",
    "answered": "有了答复，请您评价",
    "reopened": "重新办理",
    "closed": "已经办结",
    "declined": "不予受理，以及理由",
    "commitment_news": "您关注的承诺有了进展",
    "reminder": "您负责的办件到了提醒的时候",
}
CALL = aiohttp.ClientTimeout(total=3)


async def page(request: web.Request) -> web.Response:
    """What will be told, and the way to agree that this browser has."""
    process = request.app[PROCESS]
    request[PRIVATE] = True
    openid = who.openid_of(request)
    staff = request.query.get("for") == "staff"
    simulated, templates = process.settings.simulator, consent.wanted(process.notices, staff=staff)
    in_wechat = "MicroMessenger" in request.headers.get("User-Agent", "")
    signed = await consent.signed(request) if in_wechat and templates and not simulated else None
    facts = {
        "city": process.city.name,
        "staff": staff,
        "told": [
            words for name, words in TOLD.items() if name in process.notices and (name in STAFF) is staff
        ],
        "templates": templates,
        "in_wechat": in_wechat,
        "signed": signed,
        "simulated": simulated,
        "known": openid is not None,
        "csrf": csrf.token_for(process.vault, request.cookies.get(who.COOKIE, "")) if openid else "",
        "done": request.query.get("done", ""),
    }
    response = pages.page(HERE, "notices.html", facts)
    if signed:
        response.headers["Content-Security-Policy"] = consent.WITH_BUTTON
    return response


async def begin(request: web.Request) -> web.StreamResponse:
    """To WeChat and back, to know who agrees."""
    return who.ask_wechat(request.app[PROCESS], BACK)


async def back(request: web.Request) -> web.StreamResponse:
    try:
        return await who.take_code(request, ADDRESS)
    except ApiRefused:
        raise Invalid("微信没有认可这次打开，请从公众号重新打开") from None
    except ApiAway:
        raise Away("微信暂时没有回应，请稍后再试") from None


async def answer(request: web.Request) -> web.StreamResponse:
    """Pass the answer on to the stand-in, which then pushes the event as the platform does."""
    process, openid = request.app[PROCESS], who.openid_of(request)
    if not process.settings.simulator:
        raise web.HTTPNotFound
    if openid is None:
        return pages.see_other(ADDRESS)
    data = await request.post()
    csrf.check(process.vault, request.cookies.get(who.COOKIE, ""), data.get(csrf.FIELD))
    said = "accept" if data.get("answer") == "accept" else "reject"
    target = process.settings.public_url.rstrip("/") + "/simulator/consent"
    try:
        async with process.http.post(target, json={"openid": openid, "answer": said}, timeout=CALL) as told:
            told.raise_for_status()
    except (aiohttp.ClientError, TimeoutError) as error:
        log.warning("consent_not_passed_on", reason=type(error).__name__)
        raise Away("没有传到，请稍后再试") from None
    return pages.see_other(f"{ADDRESS}?done={said}")
