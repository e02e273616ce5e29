"""A clock that stands still until a test turns it."""

from datetime import UTC, datetime, timedelta

from intake.clock import SHANGHAI, Clock

START = datetime(2026, 3, 3, 9, 30, tzinfo=SHANGHAI)
"""A Tuesday morning in an ordinary working week."""


class HandClock(Clock):
    """The office's time and the wall's, apart; :meth:`advance` turns both, the wall alone is ``at_wall``."""

    def __init__(self, now: datetime = START) -> None:
        super().__init__()
        self.at = now.astimezone(UTC)
        self.at_wall = self.at

    def now(self) -> datetime:
        return self.at + self.ahead

    def wall(self) -> datetime:
        return self.at_wall

    def set(self, now: datetime) -> None:
        """Both times to a moment; an aware one."""
        self.at = self.at_wall = now.astimezone(UTC)

    def advance(self, **span: float) -> datetime:
        """Turn both times forward by a ``timedelta`` in words: ``days=3, hours=1``. Returns the new time."""
        self.at += timedelta(**span)
        self.at_wall += timedelta(**span)
        return self.now()
