"""The simulated time: whoever mounts the simulator says how it is read and moved."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol


class ClockControl(Protocol):
    """A clock that can be moved forward."""

    def now(self) -> datetime:
        """The simulated time, aware."""

    async def set(self, now: datetime) -> datetime:
        """Moves to ``now`` and answers the time it is then. Raises ValueError for a time gone by."""


class MemoryClock:
    """Runs along with real time at a distance that only grows; for one process."""

    def __init__(self, wall: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._wall = wall
        self._ahead = timedelta()

    def now(self) -> datetime:
        """Real time plus the distance."""
        return self._wall() + self._ahead

    async def set(self, now: datetime) -> datetime:
        """Grows the distance. Raises ValueError for a time gone by."""
        if now < self.now():
            raise ValueError("the clock moves forward only")
        self._ahead = now - self._wall()
        return self.now()
