"""The chat page, its files, the browser of the phones, and the authorisation page of open.weixin.qq.com."""

from pathlib import Path
from urllib.parse import urlencode, urlsplit

import jinja2
from aiohttp import web

from bot.simulator.errors import Refused
from bot.simulator.platform import Platform

HERE = Path(__file__).parent
COOKIE = "simulator_citizen"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SCRIPT = "text/javascript"
STATIC = {
    "chat.css": "text/css",
    "chat.js": SCRIPT,
    "phone.js": SCRIPT,
    "tools.js": SCRIPT,
    "plays.js": SCRIPT,
}


class Chat:
    """Handlers of the pages. ``prefix``: ``/simulator``."""

    def __init__(self, platform: Platform, prefix: str) -> None:
        self._platform = platform
        self._prefix = prefix
        loader = jinja2.FileSystemLoader(HERE / "templates")
        self._pages = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)

    def routes(self) -> list[web.RouteDef]:
        """The page and what belongs to it."""
        return [
            web.get(self._prefix, self._page),
            web.get(self._prefix + "/", self._page),
            web.get(self._prefix + "/static/{name}", self._static),
            web.get(self._prefix + "/media/{media_id}", self._media),
            web.get(self._prefix + "/browse", self._browse),
            web.get(self._prefix + "/open/connect/oauth2/authorize", self._authorize),
        ]

    async def _page(self, request: web.Request) -> web.Response:
        return self._html("page.html")

    async def _static(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in STATIC:
            raise web.HTTPNotFound
        text = (HERE / "static" / name).read_text(encoding="utf-8")
        return web.Response(text=text, content_type=STATIC[name], headers={"Cache-Control": "no-cache"})

    async def _media(self, request: web.Request) -> web.Response:
        try:
            held = self._platform.media.get(request.match_info["media_id"])
        except Refused:
            raise web.HTTPNotFound from None
        headers = {
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        }
        return web.Response(body=held.content, content_type=held.content_type, headers=headers)

    async def _browse(self, request: web.Request) -> web.Response:
        """Opens an address as the browser inside a citizen's WeChat: authorisation pages know who it is."""
        target = request.query.get("url", "")
        if urlsplit(target).scheme not in ("http", "https"):
            raise web.HTTPBadRequest
        response = web.Response(status=302, headers={"Location": target})
        openid = request.query.get("openid", "")
        response.set_cookie(COOKIE, openid, path=self._prefix, httponly=True, samesite="Lax")
        return response

    async def _authorize(self, request: web.Request) -> web.Response:
        """Back with a code for ``as_openid``, else for the citizen of the cookie, else asks who it is."""
        query = dict(request.query)
        fault = self._platform.oauth.fault(query)
        if fault:
            return self._html("authorize.html", status=400, fault=fault, choices=[])
        openid = query.pop("as_openid", "") or request.cookies.get(COOKIE, "")
        known = {follower.openid: follower.name for follower in self._platform.followers}
        if openid not in known:
            choices = [(name, "?" + urlencode(query | {"as_openid": each})) for each, name in known.items()]
            return self._html("authorize.html", fault="", choices=choices)
        return web.Response(status=302, headers={"Location": self._platform.oauth.grant(query, openid)})

    def _html(self, name: str, status: int = 200, **facts: object) -> web.Response:
        text = self._pages.get_template(name).render(prefix=self._prefix, **facts)
        headers = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer"}
        return web.Response(text=text, status=status, content_type="text/html", headers=headers)
