"""Interfaces of the platform, and the ways to staff, that are left alone for a while, so that one fault is
not asked for a thousand times. Each process finds out for itself; what waits stands in the database."""

from datetime import date, datetime, timedelta
from typing import Literal

from bot.workers.verdict import Closed
from intake.clock import Clock

Api = Literal["service", "subscribe", "template", "media", "email", "wecom"]
BRIEF = (1, 2, 5, 10, 15)  # seconds, growing while nothing gets through
MINUTE = timedelta(minutes=1)


class Gates:
    """Which interfaces are closed. Pauses follow the wall's time, daily quotas the office's date."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[Api, datetime] = {}
        self._day: dict[Api, date] = {}
        self._failures: dict[Api, int] = {}
        self._sound: set[Api] = set()

    def closed_for(self, api: Api) -> timedelta | None:
        """How long a row for this interface should wait before it looks again; None where it is open."""
        if self._day.get(api) == self._clock.today():
            return MINUTE
        left = self._until.get(api, self._clock.wall()) - self._clock.wall()
        return left if left > timedelta(0) else None

    def close(self, api: Api, how: Closed) -> timedelta:
        """Close an interface; how long what waits for it should wait."""
        self._sound.discard(api)
        standing = self.closed_for(api)
        if standing is not None:
            return standing
        if how is Closed.UNTIL_MIDNIGHT:
            self._day[api] = self._clock.today()
            return MINUTE
        number = self._failures.get(api, 0)
        self._failures[api] = number + 1
        brief = timedelta(seconds=BRIEF[min(number, len(BRIEF) - 1)])
        pause = MINUTE if how is Closed.A_MINUTE else brief
        self._until[api] = self._clock.wall() + pause
        return pause

    def reopen(self, api: Api) -> bool:
        """A call got through; True where the operator may still see a fault of this interface."""
        self._failures.pop(api, None)
        if api in self._sound:
            return False
        self._sound.add(api)
        return True
