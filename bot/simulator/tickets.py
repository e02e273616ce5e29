"""jsapi_ticket as the platform hands it out: the same one to all who ask while it lives.

Source: developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/JS-SDK.html, appendix 1.
"""

import secrets
from collections.abc import Callable

from bot.simulator.errors import Refused

VALID = 7200
"""Seconds a ticket is good for."""
OVERLAP = 300
"""So long before the end the next one is handed out."""
KINDS = frozenset({"jsapi", "wx_card"})


class Tickets:
    """All tickets of one account, by kind. ``wall``: seconds since 1970."""

    def __init__(self, wall: Callable[[], float]) -> None:
        self._wall = wall
        self._held: dict[str, tuple[str, float]] = {}

    def get(self, kind: str) -> tuple[str, int]:
        """Ticket and its seconds left. Raises Refused 40035 for a kind that does not exist."""
        if kind not in KINDS:
            raise Refused(40035)
        now = self._wall()
        if kind not in self._held or now >= self._held[kind][1] - OVERLAP:
            self._held[kind] = (secrets.token_urlsafe(64), now + VALID)
        ticket, until = self._held[kind]
        return ticket, int(until - now)
