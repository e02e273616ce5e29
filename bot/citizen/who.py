"""Who opened a citizen's page: WeChat says it once, a sealed cookie keeps it for a quarter of an hour."""

import base64
import binascii
import secrets
from datetime import timedelta

from aiohttp import web

from bot.factory import Process
from bot.http.keys import PROCESS
from bot.http.pages import see_other
from bot.http.sessions import set_cookie
from bot.wechat.oauth import authorize_url
from intake.errors import Invalid
from intake.identity import Unreadable

COOKIE, STATE = "jiannuo_citizen", "jiannuo_state"
PATH = "/m"
LASTS = timedelta(minutes=15)
PURPOSE = "citizen page"


def openid_of(request: web.Request) -> str | None:
    """The openid of the page's reader, or None where WeChat has not told it (or not lately)."""
    process = request.app[PROCESS]
    try:
        sealed = base64.urlsafe_b64decode(request.cookies.get(COOKIE, ""))
        kept = process.vault.open_json(sealed, PURPOSE)
    except (binascii.Error, ValueError, Unreadable):
        return None
    return str(kept["openid"]) if kept["until"] > process.clock.wall().timestamp() else None


def ask_wechat(process: Process, back: str) -> web.Response:
    """Send the browser to WeChat, which sends it on to ``back`` (a path) with a code."""
    settings, state = process.settings, secrets.token_hex(16)
    target = settings.public_url.rstrip("/") + back
    response = see_other(authorize_url(settings.wechat_open_url, settings.wechat_app_id, target, state))
    set_cookie(process, response, STATE, state, path=PATH, age=600)
    return response


async def take_code(request: web.Request, onward: str) -> web.Response:
    """Exchange the code that the browser came back with; raises :class:`Invalid` for a strange return.

    Raises also what ``bot.wechat.oauth.exchange_code`` raises.
    """
    process, query = request.app[PROCESS], request.query
    held = request.cookies.get(STATE, "")
    if not held or not secrets.compare_digest(held.encode(), query.get("state", "").encode()):
        raise Invalid("这个链接已经过期，请从公众号重新打开")
    signed = await process.wechat.exchange_code(query.get("code", ""))
    if signed.is_snapshot:
        raise Invalid("现在是预览，请点“使用完整服务”后再办")
    until = (process.clock.wall() + LASTS).timestamp()
    sealed = process.vault.seal_json({"openid": signed.openid, "until": until}, PURPOSE)
    response = see_other(onward)
    value = base64.urlsafe_b64encode(sealed).decode()
    set_cookie(process, response, COOKIE, value, path=PATH, age=int(LASTS.total_seconds()))
    response.del_cookie(STATE, path=PATH)
    return response
