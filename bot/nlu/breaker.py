"""A circuit breaker: stop asking what keeps failing, look again after a while with one question."""

from collections.abc import Callable
from typing import Literal

State = Literal["closed", "open", "half_open"]


class Breaker:
    """Closed: everything may pass. Open: nothing. Half-open: one probe, whose fate decides.

    ``failures`` in a row open it for ``pause`` seconds of ``clock`` (monotonic). A probe that never reports
    back (its task was cancelled) is given up after another ``pause``.
    """

    def __init__(self, *, clock: Callable[[], float], failures: int = 3, pause: float = 5.0) -> None:
        self._clock = clock
        self._limit = failures
        self._pause = pause
        self._failed = 0
        self._opened_at: float | None = None
        self._probing_since: float | None = None

    @property
    def state(self) -> State:
        if self._opened_at is None:
            return "closed"
        return "open" if self._clock() - self._opened_at < self._pause else "half_open"

    def allows(self) -> bool:
        """Whether a call may be made now; in the half-open state this takes the one probe."""
        match self.state:
            case "closed":
                return True
            case "open":
                return False
            case "half_open":
                return self._take_probe()

    def _take_probe(self) -> bool:
        now = self._clock()
        if self._probing_since is not None and now - self._probing_since < self._pause:
            return False
        self._probing_since = now
        return True

    def succeeded(self) -> None:
        self._failed = 0
        self._opened_at = self._probing_since = None

    def failed(self) -> None:
        """Count a failure; a failed probe opens the breaker anew."""
        self._failed += 1
        if self._failed >= self._limit or self._opened_at is not None:
            self._opened_at = self._clock()
            self._probing_since = None
