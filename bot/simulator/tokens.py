"""access_token as the platform hands it out: stable and plain ones, isolated from each other.

Source: developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken.html.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from bot.simulator.errors import Refused

VALID = 7200
"""Seconds a token is good for."""
OVERLAP = 300
"""The platform renews this long before the end, and the old token stays good as long after a renewal."""
FORCED_A_DAY = 20
FORCED_APART = 30
DAY = 86400


@dataclass(slots=True)
class _Token:
    text: str
    until: float
    superseded: bool = False


class Tokens:
    """All tokens of one account. ``wall``: seconds since 1970; tokens do not follow the simulated clock."""

    def __init__(self, wall: Callable[[], float]) -> None:
        self._wall = wall
        self._known: dict[str, _Token] = {}
        self._stable: _Token | None = None
        self._plain: _Token | None = None
        self._forced: list[float] = []

    def stable(self, *, force: bool = False) -> tuple[str, int]:
        """Token and its seconds left: the same one until five minutes before its end.

        ``force`` makes a new one and ends the old at once. Raises Refused 45011 when forced twice within
        30 s, 45009 after 20 in a day.
        """
        now = self._wall()
        if force:
            self._count_forced(now)
            self._supersede(self._stable, now)
            self._stable = self._issue(now)
        elif self._stable is None or now >= self._stable.until - OVERLAP:
            self._supersede(self._stable, now + OVERLAP)
            self._stable = self._issue(now)
        return self._stable.text, int(self._stable.until - now)

    def plain(self) -> tuple[str, int]:
        """A new token each time; the one before lives five minutes more."""
        now = self._wall()
        self._supersede(self._plain, now + OVERLAP)
        self._plain = self._issue(now)
        return self._plain.text, VALID

    def check(self, text: str) -> None:
        """Raises Refused 41001 for none, 40001 for an unknown or superseded, 42001 for an expired one."""
        if not text:
            raise Refused(41001)
        token = self._known.get(text)
        if token is None:
            raise Refused(40001)
        if self._wall() >= token.until:
            raise Refused(40001 if token.superseded else 42001)

    def expire(self) -> None:
        """Every token is expired from now on (42001), as after two hours."""
        for token in self._known.values():
            token.until = min(token.until, self._wall())

    def revoke(self) -> None:
        """Every token is unknown from now on (40001), as after another system fetched its own."""
        self._known.clear()
        self._stable = self._plain = None

    def _issue(self, now: float) -> _Token:
        self._known = {text: token for text, token in self._known.items() if token.until > now - DAY}
        token = _Token(secrets.token_urlsafe(117), now + VALID)
        self._known[token.text] = token
        return token

    @staticmethod
    def _supersede(token: _Token | None, until: float) -> None:
        if token is not None:
            token.superseded = True
            token.until = until

    def _count_forced(self, now: float) -> None:
        self._forced = [at for at in self._forced if at > now - DAY]
        if self._forced and now - self._forced[-1] < FORCED_APART:
            raise Refused(45011)
        if len(self._forced) >= FORCED_A_DAY:
            raise Refused(45009)
        self._forced.append(now)
