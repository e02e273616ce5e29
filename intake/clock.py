"""Two times: the office's (which a simulator may turn forward) and the wall's (for leases and retries)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock:
    """The office's time is the wall's plus ``ahead``; in production ``ahead`` stays zero."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def set_ahead(self, seconds: float) -> None:
        """Stand so many seconds before the wall; forward only, so that no time is seen twice."""
        self.ahead = max(self.ahead, timedelta(seconds=seconds))

    def now(self) -> datetime:
        """The office's time, aware, UTC: deadlines, allowances, what people read."""
        return datetime.now(UTC) + self.ahead

    def wall(self) -> datetime:
        """The machine's time, aware, UTC: leases, retries, tokens."""
        return datetime.now(UTC)

    def today(self) -> date:
        """The office's date in Asia/Shanghai."""
        return self.now().astimezone(SHANGHAI).date()


def local(moment: datetime) -> datetime:
    """The same moment on a clock in Asia/Shanghai."""
    return moment.astimezone(SHANGHAI)


def span(since: date | None, until: date | None) -> tuple[datetime | None, datetime | None] | None:
    """Days of Asia/Shanghai, both included, as moments: from the first on and before the second; None where
    neither is given."""
    if since is None and until is None:
        return None
    ends = midnight(until + timedelta(days=1)) if until is not None else None
    return midnight(since) if since is not None else None, ends


def midnight(day: date) -> datetime:
    """The first moment of a day in Asia/Shanghai."""
    return datetime.combine(day, time.min, SHANGHAI)
