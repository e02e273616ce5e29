"""The door of the pages that show somebody's own cases: who reads is asked of WeChat, and never guessed."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from aiohttp import web

from bot.citizen import who
from bot.http import csrf, pages
from bot.http.keys import PRIVATE, PROCESS
from bot.http.posted import read
from bot.http.problems import Away, TooLarge
from bot.wechat.errors import ApiAway, ApiRefused
from intake.actor import Actor, citizen
from intake.errors import Invalid, NotFound

HERE = Path(__file__).parent / "templates"
BACK = "/m/back"
HOME = "/m/cases"


@dataclass(frozen=True, slots=True)
class Reader:
    """The citizen who reads. ``actor`` is None as long as nothing was ever registered by them."""

    actor: Actor | None
    openid: str = field(repr=False)
    csrf: str = field(repr=False)

    @property
    def known(self) -> Actor:
        """Raises :class:`NotFound` where nothing was registered: there is no such case for this reader."""
        if self.actor is None or self.actor.reporter_id is None:
            raise NotFound("没有查到这个单号")
        return self.actor


Page = Callable[[web.Request, Reader], Awaitable[web.StreamResponse]]


def for_reader(page: Page) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """A page for whoever WeChat says it is; a browser that is not WeChat is told where to open it.

    A form that comes after the quarter of an hour does nothing and gets back what was typed.
    """

    async def handle(request: web.Request) -> web.StreamResponse:
        request[PRIVATE] = True
        openid = who.openid_of(request)
        if openid is not None:
            return await page(request, await _reader(request, openid))
        if request.method == "POST":
            return await _too_late(request)
        if may_ask(request):
            return who.ask_wechat(request.app[PROCESS], f"{BACK}?to={quote(request.path)}")
        return _plain(request, "elsewhere.html")

    return handle


async def back(request: web.Request) -> web.StreamResponse:
    """Where WeChat sends the browser to, with a code; on to the page that was asked for."""
    onward = request.query.get("to", HOME)
    if not onward.startswith("/m/") or "//" in onward or "\\" in onward:
        onward = HOME
    try:
        return await who.take_code(request, onward)
    except ApiRefused:
        raise Invalid("微信没有认可这次打开，请从公众号重新打开") from None
    except ApiAway:
        raise Away("微信暂时没有回应，请稍后再试") from None


async def _reader(request: web.Request, openid: str) -> Reader:
    process = request.app[PROCESS]
    async with process.database.read() as unit:
        account = await unit.identities.account()
        digests = process.vault.lookups(account, openid) if account else ()
        row = await unit.identities.by_openid(*digests)
    token = csrf.token_for(process.vault, request.cookies.get(who.COOKIE, ""))
    return Reader(citizen(row.reporter_id) if row is not None else None, openid, token)


def may_ask(request: web.Request) -> bool:
    """Whether this browser can be sent to WeChat to say who reads."""
    inside = "MicroMessenger" in request.headers.get("User-Agent", "")
    return inside or request.app[PROCESS].settings.simulator


async def _too_late(request: web.Request) -> web.Response:
    try:
        told = (await read(request)).body
    except TooLarge:
        told = {}
    typed = [value for value in (told.get("text"), told.get("reason")) if value]
    where = request.path.rpartition("/")[0]
    return _plain(request, "too_late.html", status=401, typed=typed, where=where)


def _plain(request: web.Request, template: str, *, status: int = 200, **facts: object) -> web.Response:
    return pages.page(HERE, template, {"city": request.app[PROCESS].city.name, **facts}, status=status)
