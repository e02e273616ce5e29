"""``/wechat``: the platform's callback. Verify, parse, take the turn, answer in time."""

import secrets

import structlog
from aiohttp import web

from bot.http.keys import PROCESS, TURNS
from bot.metrics import metrics
from bot.turn import Answer
from bot.wechat.crypto import Opened
from bot.wechat.parse import parse
from bot.wechat.rejection import CallbackRejected
from bot.wechat.render import text_reply
from storage.engine import DatabaseAway

log = structlog.get_logger(__name__)

BUDGET = 3.5  # seconds; the platform drops the connection at 5 (wechat 3.5)
MAX_BODY = 64 * 1024
SUCCESS = "success"


def add_wechat(app: web.Application) -> None:
    """Put the callback on an application that holds a process and its turns."""
    app.router.add_get("/wechat", verify_url)
    app.router.add_post("/wechat", receive)


async def verify_url(request: web.Request) -> web.Response:
    """The platform checks the address: ``echostr`` back, as it came."""
    try:
        echo = request.app[PROCESS].guard.verify_url(request.query)
    except CallbackRejected as refusal:
        return _refused(refusal)
    return web.Response(text=echo)


async def receive(request: web.Request) -> web.StreamResponse:
    """One delivery. 4xx: refused, nothing stored; 503: not noted, the platform repeats it."""
    process, turns = request.app[PROCESS], request.app[TURNS]
    try:
        opened = process.guard.open(request.query, await _body(request))
        said = parse(opened.xml)
    except CallbackRejected as refusal:
        return _refused(refusal)
    metrics.inbound.labels(kind=said.kind.value).inc()
    try:
        answer = await turns.deliver(said, budget=BUDGET)
    except DatabaseAway:
        metrics.database_away.inc()
        log.error("callback_without_database")
        return web.Response(status=503, text="database away")
    response = _rendered(request, opened, said.openid, said.account, answer)
    try:
        await response.prepare(request)
        await response.write_eof()
    except ConnectionResetError:
        log.info("reply_not_taken")  # the sweeper pushes it
    else:
        turns.taken(answer)
    return response


def _rendered(
    request: web.Request, opened: Opened, openid: str, account: str, answer: Answer
) -> web.Response:
    if answer.reply is None:
        return web.Response(text=SUCCESS)
    now = request.app[PROCESS].clock.wall()
    xml = text_reply(openid, account, answer.reply, now)
    sealed = request.app[PROCESS].guard.seal(xml, opened, now=now, nonce=secrets.token_hex(8))
    return web.Response(text=sealed, content_type="application/xml")


async def _body(request: web.Request) -> bytes:
    """The body, never more than the limit in memory."""
    if (request.content_length or 0) > MAX_BODY:
        raise CallbackRejected("too_large")
    body = bytearray()
    async for chunk in request.content.iter_chunked(16 * 1024):
        body += chunk
        if len(body) > MAX_BODY:
            raise CallbackRejected("too_large")
    return bytes(body)


def _refused(refusal: CallbackRejected) -> web.Response:
    metrics.rejected.labels(reason=refusal.reason).inc()
    log.warning("callback_refused", reason=refusal.reason)
    return web.Response(status=refusal.status, text=refusal.reason)
