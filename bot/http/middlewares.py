"""What surrounds every request: its id and log line, security headers, and the door where errors end."""

import re
import secrets
import time
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from bot.http import pages, problems
from bot.http.keys import PRIVATE, REQUEST_ID
from bot.http.problems import status_of
from bot.metrics import metrics
from intake.errors import Refused
from storage.engine import DatabaseAway
from storage.unit import Raced

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; media-src 'self'; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
log = structlog.get_logger(__name__)

_PACKED = re.compile(r"text/(?!event-stream)|application/(?:json|[a-z.]+\+(?:json|xml))")
_WORTH_IT = 1000  # bytes; less is not packed
_GIVEN_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_API = "/api/"
_WORDS = {
    400: ("bad_request", "请求的格式不对"),
    404: ("not_found", "没有这个地址"),
    405: ("method_not_allowed", "这个地址不能这样访问"),
    413: ("too_large", "内容太大"),
    415: ("unsupported_media_type", "不是能识别的内容类型"),
}


@web.middleware
async def told(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give the request an id; when it is answered, one log line and two metrics: no address, no query."""
    given = request.headers.get("X-Request-ID", "")
    request[REQUEST_ID] = given if _GIVEN_ID.fullmatch(given) else secrets.token_hex(8)
    route, began = _route(request), time.monotonic()
    with structlog.contextvars.bound_contextvars(request_id=request[REQUEST_ID]):
        response = await handler(request)
        took = time.monotonic() - began
        metrics.requests.labels(request.method, route, str(response.status)).inc()
        metrics.request_seconds.labels(route).observe(took)
        log.info(
            "answered", method=request.method, route=route, status=response.status, ms=round(took * 1000)
        )
    return response


@web.middleware
async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Security headers; what a door made for somebody known is kept by nobody."""
    response = await handler(request)
    if response.prepared:
        return response
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.get(PRIVATE):
        response.headers["Cache-Control"] = "no-store"
    response.headers["X-Request-ID"] = request[REQUEST_ID]
    return response


@web.middleware
async def packed(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What everybody gets alike goes out compressed to those who take it. Nothing that was made for somebody
    known or that sets a cookie: the length would tell of a secret beside words that others chose (BREACH).
    """
    response = await handler(request)
    body = getattr(response, "body", None)
    if request.get(PRIVATE) or response.cookies or response.status != 200 or not isinstance(body, bytes):
        return response
    encoded = "Content-Encoding" in response.headers
    if encoded or len(body) < _WORTH_IT or not _PACKED.match(response.content_type):
        return response
    others = response.headers.get("Vary")
    response.headers["Vary"] = f"{others}, Accept-Encoding" if others else "Accept-Encoding"
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response.enable_compression(web.ContentCoding.gzip)
    return response


@web.middleware
async def error_door(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Where every failure of a request ends: a refusal as its status, anything unforeseen as a bare 500."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        code, words = _WORDS.get(error.status, ("refused", "请求没有被接受"))
        return _answer(request, error.status, code, words)
    except Refused as refused:
        return _answer(request, status_of(refused), refused.code, refused.detail, **refused.facts)
    except DatabaseAway:
        metrics.database_away.inc()
        log.error("database_away", route=_route(request))
        return _answer(request, 503, "database_away", "系统暂时不能用，请稍后再试")
    except Raced:
        return _answer(request, 503, "busy", "办理的人太多，请再试一次")
    except Exception:
        metrics.unexpected.labels("web").inc()
        log.exception("unexpected", route=_route(request))
        return _answer(request, 500, "unexpected", "系统出了差错，已经记下")


@web.middleware
async def unslashed(request: web.Request, handler: Handler) -> web.StreamResponse:
    """To the page without the slash that people type at the end, where there is one."""
    bare = request.rel_url.raw_path.rstrip("/")
    unknown = isinstance(request.match_info.http_exception, web.HTTPNotFound)
    if unknown and bare != request.rel_url.raw_path and request.method in ("GET", "HEAD"):
        there = request.rel_url.with_path(bare, encoded=True, keep_query=True)
        if (await request.app.router.resolve(request.clone(rel_url=there))).http_exception is None:
            return web.Response(status=308, headers={"Location": str(there)})
    return await handler(request)


def _answer(request: web.Request, status: int, code: str, detail: str, **facts: object) -> web.Response:
    if request.path.startswith(_API):
        return problems.problem(status, code, detail, **facts)
    return pages.error(request, status, detail)


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "none"
