"""What WeChat needs to draw its subscribe button in a page: signed parameters, and a policy that lets it.

Source: developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_Open_Tag.html, 使用步骤 and 2.3.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from aiohttp import web

from bot.factory import Process
from bot.http import assets
from bot.http.keys import PROCESS
from bot.http.middlewares import POLICY
from bot.wechat.jsapi import TicketUnavailable, signature
from bot.wechat.notices import STAFF, Notice

log = structlog.get_logger(__name__)

#: WeChat draws the tag in a frame of its own: the one addition, in the words of its documentation.
WITH_BUTTON = f"{POLICY}; frame-src https://*.qq.com webcompt:"


@dataclass(frozen=True, slots=True)
class Signed:
    """What the page hands to ``wx.config``; good for its own address only."""

    app_id: str
    timestamp: str
    nonce: str
    signature: str


def wanted(notices: Mapping[str, Notice], *, staff: bool) -> str:
    """The templates that need consent, as the tag takes them: of what citizens are told, or ``staff``;
    template messages need none."""
    asked = (n for name, n in notices.items() if n.via == "subscribe" and (name in STAFF) is staff)
    return ",".join(sorted({notice.template_id for notice in asked}))


async def signed(request: web.Request) -> Signed | None:
    """Parameters for this very address, or None (with a log line) while the button cannot be had."""
    process = request.app[PROCESS]
    if not assets.has_asset(assets.JWEIXIN):
        log.warning("jweixin_absent", remedy="make assets")
        return None
    try:
        ticket = await process.tickets.get()
    except TicketUnavailable as failure:
        log.warning("jsapi_ticket_unavailable", reason=failure.reason)
        return None
    return _sign(process, ticket, request.raw_path)


def _sign(process: Process, ticket: str, path: str) -> Signed:
    nonce, timestamp = secrets.token_hex(8), str(int(process.clock.wall().timestamp()))
    url = process.settings.public_url.rstrip("/") + path
    signature_of_page = signature(ticket, nonce, timestamp, url)
    return Signed(process.settings.wechat_app_id, timestamp, nonce, signature_of_page)
