"""Pages that stay open are told that something they show has changed: server-sent events from the database.

One task a process looks at the archive every two seconds for all of its streams; nothing is kept in memory
that a page loaded anew would not show. What is sent says that something changed and never what: the page asks
for it through the door that every reader goes through.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog
from aiohttp import web

from bot.factory import Process
from bot.http.keys import PROCESS
from bot.http.sessions import Session, session_of
from intake.actor import Actor
from intake.cases.seeing import find, sight_of
from intake.messages import READERS as MESSAGE_READERS
from storage.engine import DatabaseAway
from storage.stores.news import Happened

EVERY = 2.0  # seconds between two looks
HEARTBEAT = 15.0  # seconds after which a silent stream shows that it is alive, and its session is asked for
WRITE_WITHIN = 10.0
PER_SESSION = 4  # a browser has six connections to a host
MOST_STREAMS = 500
MOST_EVENTS = 500
LATE = 200
"""Event numbers that PostgreSQL may commit behind higher ones: so far back is looked again."""
CASES, CASE, BYE = "cases", "case", "bye"
HEADERS = {
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx passes on what comes as it comes
    "X-Content-Type-Options": "nosniff",
}
log = structlog.get_logger(__name__)


@dataclass(eq=False, slots=True)
class Stream:
    """One open page: who looks, at which case (its number, or empty), and what it has not been told yet."""

    actor: Actor
    session: str = field(repr=False)
    case: str
    names: set[str] = field(default_factory=set)
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    ended: bool = False

    def tell(self, name: str) -> None:
        self.names.add(name)
        self.woken.set()

    def end(self) -> None:
        self.ended = True
        self.woken.set()

    def hears(self, one: Happened) -> None:
        """Be told of an event, where the case is one that this person may see."""
        sight = sight_of(self.actor)
        if sight.everything or sight.department in one.units or (sight.supervised and one.supervised):
            self.tell(CASES)
            if one.tracking_no == self.case:
                self.tell(CASE)

    async def news(self) -> set[str]:
        """What there is to tell, empty after a silence; takes it away."""
        try:
            async with asyncio.timeout(HEARTBEAT):
                await self.woken.wait()
        except TimeoutError:
            return set()
        self.woken.clear()
        names, self.names = self.names, set()
        return names


class Hub:
    """The streams of one process."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._streams: list[Stream] = []
        self._looking: asyncio.Task[None] | None = None
        self._beginning = asyncio.Lock()
        self._known: set[int] = set()
        self._letters = 0
        self.tip = 0

    @asynccontextmanager
    async def joined(self, stream: Stream, after: int | None) -> AsyncIterator[None]:
        """Have the stream told what happens, and at once what happened behind event ``after``, if given."""
        mine = [one for one in self._streams if one.session == stream.session]
        for one in mine[: max(0, len(mine) + 1 - PER_SESSION)]:
            one.tell(BYE)  # the newest pages are the ones that somebody looks at
        self._streams.append(stream)
        try:
            async with self._beginning:
                if self._looking is None or self._looking.done():
                    await self._begin()
            for happened in await self._since(after) if after is not None else ():
                stream.hears(happened)
            yield
        finally:
            self._streams.remove(stream)

    @property
    def full(self) -> bool:
        return len(self._streams) >= MOST_STREAMS

    async def close(self, _app: web.Application) -> None:
        """End every stream: their pages ask again, wherever the service then is."""
        for stream in self._streams:
            stream.end()
        if self._looking is not None:
            self._looking.cancel()

    async def _begin(self) -> None:
        async with self._process.database.read() as unit:
            self.tip, self._letters = await unit.news.tip(), await unit.desk.waiting()
        self._known = {one.id for one in await self._since(self.tip - LATE)}
        self._looking = asyncio.create_task(self._look())

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            if not self._streams:
                return
            try:
                await self._once()
            except DatabaseAway as error:
                log.warning("database_away", reason=str(error))

    async def _once(self) -> None:
        happened = await self._since(self.tip - LATE)
        fresh = [one for one in happened if one.id not in self._known]
        self._known = {one.id for one in happened}
        self.tip = max([self.tip, *self._known])
        async with self._process.database.read() as unit:
            letters, before = await unit.desk.waiting(), self._letters
        self._letters = letters
        for stream in self._streams:
            for one in fresh:
                stream.hears(one)
            if letters != before and stream.actor.role in MESSAGE_READERS:
                stream.tell(CASES)

    async def _since(self, number: int) -> list[Happened]:
        async with self._process.database.read() as unit:
            return await unit.news.since(number, limit=MOST_EVENTS)


HUB: web.AppKey[Hub] = web.AppKey("hub", Hub)


def add_live(app: web.Application) -> None:
    """Mount ``/console/live``."""
    app[HUB] = hub = Hub(app[PROCESS])
    app.on_shutdown.append(hub.close)
    app.router.add_get("/console/live", live)


async def live(request: web.Request) -> web.StreamResponse:
    """A stream of ``cases`` and, where the page shows one, ``case``; 204, after which a browser does not ask
    again, without a session. Raises :class:`NotFound` for a case that is not the reader's."""
    session, hub = await session_of(request), request.app[HUB]
    if session is None or hub.full:
        return web.Response(status=204)
    stream = Stream(session.actor, session.token, await _case(request, session))
    response = web.StreamResponse(headers=HEADERS)
    response.content_type, response.charset = "text/event-stream", "utf-8"
    await response.prepare(request)
    async with hub.joined(stream, _after(request)):
        try:
            await _written(response, b"retry: 3000\n\n")
            while not stream.ended:
                names = await stream.news()
                await _written(response, _said(names, hub.tip))
                if BYE in names or (not names and await session_of(request) is None):
                    await _written(response, _said({BYE}, hub.tip))
                    break
        except (ConnectionResetError, TimeoutError):
            pass  # whoever looked is gone
    return response


async def _case(request: web.Request, session: Session) -> str:
    number = request.query.get("case", "")
    if not number:
        return ""
    process = request.app[PROCESS]
    async with process.database.read() as unit:
        return (await find(process.desk(unit), session.actor, number)).tracking_no


def _after(request: web.Request) -> int | None:
    """Behind which event the reader knows nothing: what a browser says that comes again, else what the page
    says."""
    given = request.headers.get("Last-Event-ID") or request.query.get("tip", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None


def stream_of(tip: int, case: str = "") -> str:
    """The address of the stream of a page that was drawn when ``tip`` was the newest event."""
    return f"/console/live?tip={tip}" + (f"&case={case}" if case else "")


def _said(names: set[str], tip: int) -> bytes:
    lines = [f"id: {tip}\nevent: {name}\ndata: {tip}\n\n" for name in sorted(names)]
    return "".join(lines).encode() or b": here\n\n"


async def _written(response: web.StreamResponse, data: bytes) -> None:
    async with asyncio.timeout(WRITE_WITHIN):
        await response.write(data)
