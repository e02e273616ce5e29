"""The simulated time: whoever mounts the simulator says how it is read and moved."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from intake.clock import SHANGHAI
from intake.deadlines.workdays import DAY, Workdays

MORNING = time(9, 0)


class ClockControl(Protocol):
    """A clock that can be moved forward."""

    def now(self) -> datetime:
        """The simulated time, aware."""

    async def set(self, now: datetime) -> datetime:
        """Moves to ``now`` and answers the time it is then. Raises ValueError for a time gone by."""

    def is_workday(self, day: date) -> bool:
        """Whether people work on this day."""


def next_morning(clock: ClockControl) -> datetime:
    """Nine o'clock in Shanghai of the next working day."""
    day = clock.now().astimezone(SHANGHAI).date() + DAY
    while not clock.is_workday(day):
        day += DAY
    return datetime.combine(day, MORNING, SHANGHAI)


class MemoryClock:
    """Runs along with real time at a distance that only grows; for one process."""

    def __init__(self, wall: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._wall = wall
        self._ahead = timedelta()
        self._workdays = Workdays({})

    def now(self) -> datetime:
        """Real time plus the distance."""
        return self._wall() + self._ahead

    async def set(self, now: datetime) -> datetime:
        """Grows the distance. Raises ValueError for a time gone by."""
        if now < self.now():
            raise ValueError("the clock moves forward only")
        self._ahead = now - self._wall()
        return self.now()

    def is_workday(self, day: date) -> bool:
        """By the published holidays."""
        return self._workdays.is_workday(day)
