"""What lets a page of ours ask WeChat for its own abilities: the ticket and the signature of JS-SDK.

Source: developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/JS-SDK.html, appendix 1.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.wechat.errors import ApiAway, ApiRefused
from bot.wechat.token import TokenUnavailable

#: Ask for the next ticket this early.
MARGIN = timedelta(minutes=5)
#: After a failure nobody asks the platform for this long.
PAUSE = timedelta(minutes=1)
_NEVER = datetime.min.replace(tzinfo=UTC)


def signature(ticket: str, nonce: str, timestamp: str, url: str) -> str:
    """The page's signature, 40 hexadecimal digits.

    ``url`` is what the browser shows, unchanged but for a fragment, which is left out; ``timestamp`` in
    seconds since 1970.
    """
    page = url.partition("#")[0]
    signed = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={page}"
    return hashlib.sha1(signed.encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Ticket:
    """What the platform gave; ``expires_in`` in seconds. Its repr does not show it."""

    value: str = field(repr=False)
    expires_in: int


class TicketUnavailable(Exception):
    """There is no ticket at the moment; ``reason`` names no secret."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


#: Asks the platform. Raises ``ApiRefused``, ``ApiAway`` or ``TokenUnavailable``.
Fetch = Callable[[], Awaitable[Ticket]]


class Tickets:
    """The ticket of this process: asked for once for many pages, and at most once a minute while that fails.

    The platform gives every process the same ticket while it lives, so none needs to know of another.
    ``wall`` is real time, aware.
    """

    def __init__(self, fetch: Fetch, wall: Callable[[], datetime]) -> None:
        self._fetch = fetch
        self._wall = wall
        self._one_at_a_time = asyncio.Lock()
        self._value = ""
        self._ends = self._not_before = _NEVER
        self._fault = ""

    async def get(self) -> str:
        """A ticket to sign with now. Raises :class:`TicketUnavailable`, at once after a failure."""
        if self._left() > MARGIN:
            return self._value
        async with self._one_at_a_time:
            if self._left() <= MARGIN and self._wall() >= self._not_before:
                await self._renew()
        if self._left() > timedelta():
            return self._value
        raise TicketUnavailable(self._fault)

    def _left(self) -> timedelta:
        return max(self._ends - self._wall(), timedelta())

    async def _renew(self) -> None:
        try:
            fetched = await self._fetch()
        except (ApiRefused, ApiAway, TokenUnavailable) as failure:
            self._fault = str(failure)
            self._not_before = self._wall() + PAUSE
            return
        self._value = fetched.value
        self._ends = self._wall() + timedelta(seconds=fetched.expires_in)
        # A ticket about to end is handed out again as it is: not to be asked for with every page.
        self._not_before = self._wall() + PAUSE
