"""The one access token of the account, shared by every process.

``stable_token`` (developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken.html) gives the same
token to all who ask while it lives, so no process can invalidate another's. What is left to do here: ask
once for many callers, drop only the token that was really refused, and never storm the platform.
"""

import asyncio
import secrets
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeGuard

from bot.wechat.errors import ApiAway, ApiRefused
from bot.wechat.transport import TOKEN_CALL, Transport

#: Ask for the next token this early; the platform hands it out 5 minutes before the old one ends.
MARGIN = timedelta(seconds=240)
LEASE_SECONDS = 8.0
_WAIT_SECONDS = 3.0
_POLL_SECONDS = 0.1
_BACK_OFF = (2, 4, 8, 16, 32, 60)
_PER_MINUTE = 5
#: The platform's limits on ``force_refresh``: 20 a day, 30 seconds apart.
_FORCED_APART = timedelta(seconds=31)
_FORCED_PER_DAY = 20


@dataclass(frozen=True, slots=True)
class StoredToken:
    """A token and when it ends (aware UTC). Its repr does not show it."""

    value: str = field(repr=False)
    expires_at: datetime


class TokenStore(Protocol):
    """Where the processes of one account meet. Each method is one short transaction of its own, committed
    on return; none is ever called inside another transaction."""

    async def load(self) -> StoredToken | None:
        """What stands now, expired or not."""

    async def save(self, token: str, expires_at: datetime, *, replaces: str | None) -> StoredToken:
        """Compare and set, in one atomic step: write when what stands is ``replaces`` (``None``: nothing
        stands) or is ``token`` itself; otherwise leave what stands. Returns what stands afterwards."""

    async def claim(self, owner: str, seconds: float) -> bool:
        """Take the lease when nobody holds it or it ran out (wall time); true for the holder, of whom there
        is one at any time. The holder claiming again prolongs it."""

    async def release(self, owner: str) -> None:
        """Give the lease back; nothing happens when ``owner`` does not hold it."""

    async def drop(self, token: str) -> None:
        """Compare and delete: remove the token only while ``token`` is the one that stands."""


class TokenUnavailable(Exception):
    """There is no usable token at the moment; ``reason`` names no secret. Nothing was sent."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class FetchedToken:
    """What the platform gave; ``expires_in`` in seconds."""

    value: str = field(repr=False)
    expires_in: int


#: Asks the platform; the argument is ``force_refresh``. Raises ``ApiRefused`` or ``ApiAway``.
Fetch = Callable[[bool], Awaitable[FetchedToken]]


def stable_token(transport: Transport, app_id: str, secret: str) -> Fetch:
    """The way to ask the platform for the account's token, within 3 seconds."""

    async def fetch(force: bool) -> FetchedToken:
        body = {
            "grant_type": "client_credential",
            "appid": app_id,
            "secret": secret,
            "force_refresh": force,
        }
        answer = await transport.post("/cgi-bin/stable_token", {}, body, TOKEN_CALL)
        value, seconds = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(value, str) or not value or not isinstance(seconds, int):
            raise ApiAway("not_json", sent=True)
        return FetchedToken(value, seconds)

    return fetch


class TokenManager:
    """Hands out the token; one refresh at a time in this process and, by the store's lease, across processes.

    ``wall`` is real time, aware. ``fault`` says why the last refresh failed, and is ``None`` when a token
    could be had; ``/readyz`` shows it.
    """

    def __init__(self, fetch: Fetch, store: TokenStore, wall: Callable[[], datetime]) -> None:
        self._fetch = fetch
        self._store = store
        self._wall = wall
        self._owner = secrets.token_hex(8)
        self._one_at_a_time = asyncio.Lock()
        self._refused = ""
        self._failures = 0
        self._not_before = datetime.min.replace(tzinfo=UTC)
        self._asked: deque[datetime] = deque(maxlen=_PER_MINUTE)
        self._forced: deque[datetime] = deque(maxlen=_FORCED_PER_DAY)
        self.fault: str | None = None

    async def get(self) -> str:
        """A token to use now. Raises :class:`TokenUnavailable`, at once while a failure is waited out."""
        stored = await self._store.load()
        if self._fresh(stored):
            return self._good(stored)
        async with self._one_at_a_time:
            stored = await self._store.load()
            if self._fresh(stored):
                return self._good(stored)
            try:
                return await self._refresh_alone()
            except TokenUnavailable:
                if self._alive(stored):
                    return stored.value
                raise

    async def expired(self, token: str) -> None:
        """The platform refused ``token``: forget it, unless another process has replaced it already."""
        self._refused = token
        await self._store.drop(token)

    async def _refresh_alone(self) -> str:
        """Refresh under the lease, or wait for whoever holds it."""
        for _ in range(int(_WAIT_SECONDS / _POLL_SECONDS)):
            self._check_pace()
            if await self._store.claim(self._owner, LEASE_SECONDS):
                return await self._as_holder()
            await asyncio.sleep(_POLL_SECONDS)
            stored = await self._store.load()
            if self._fresh(stored):
                return self._good(stored)
        raise TokenUnavailable("refreshed elsewhere, not finished")

    async def _as_holder(self) -> str:
        try:
            stored = await self._store.load()
            if self._fresh(stored):
                return self._good(stored)
            return await self._refresh(stored)
        finally:
            await self._store.release(self._owner)

    async def _refresh(self, stored: StoredToken | None) -> str:
        try:
            fetched = await self._ask(force=False)
            if fetched.value == self._refused:
                fetched = await self._ask_for_another()
        except (ApiRefused, ApiAway) as failure:
            raise self._failed(str(failure)) from None
        expires_at = self._wall() + timedelta(seconds=fetched.expires_in)
        standing = await self._store.save(
            fetched.value, expires_at, replaces=stored.value if stored else None
        )
        return self._good(standing)

    async def _ask(self, *, force: bool) -> FetchedToken:
        self._asked.append(self._wall())
        return await self._fetch(force)

    async def _ask_for_another(self) -> FetchedToken:
        """The platform repeats a token it refuses: the one case for ``force_refresh``."""
        self._check_pace()
        now = self._wall()
        used_up = len(self._forced) == _FORCED_PER_DAY and now - self._forced[0] < timedelta(days=1)
        if used_up or (self._forced and now - self._forced[-1] < _FORCED_APART):
            raise self._failed("the platform keeps returning a token it refuses")
        self._forced.append(now)
        fetched = await self._ask(force=True)
        if fetched.value == self._refused:
            raise self._failed("the platform keeps returning a token it refuses")
        return fetched

    def _check_pace(self) -> None:
        """At most five requests a minute, and after failures a growing pause."""
        now = self._wall()
        if now < self._not_before:
            raise TokenUnavailable(self.fault or "waiting after a failure")
        if len(self._asked) == _PER_MINUTE and now - self._asked[0] < timedelta(minutes=1):
            raise TokenUnavailable(self.fault or "too many refreshes")

    def _failed(self, reason: str) -> TokenUnavailable:
        pause = _BACK_OFF[min(self._failures, len(_BACK_OFF) - 1)]
        self._failures += 1
        self._not_before = self._wall() + timedelta(seconds=pause)
        self.fault = reason
        return TokenUnavailable(reason)

    def _good(self, token: StoredToken) -> str:
        self._failures = 0
        self.fault = None
        return token.value

    def _fresh(self, token: StoredToken | None) -> TypeGuard[StoredToken]:
        return token is not None and token.expires_at - MARGIN > self._wall()

    def _alive(self, token: StoredToken | None) -> TypeGuard[StoredToken]:
        return token is not None and token.value != self._refused and token.expires_at > self._wall()
