"""How far a file is that is being read or written: for whoever waits for it."""

from dataclasses import dataclass


@dataclass
class Progress:
    """Rows that are done, of about ``total`` (0: not known yet). Written by one thread, read by any.

    ``stopped``: nobody waits any more; reading ends with the next row.
    """

    done: int = 0
    total: int = 0
    stopped: bool = False

    def begin(self, total: int) -> None:
        """Count anew, up to ``total``."""
        self.done, self.total = 0, total

    @property
    def percent(self) -> int | None:
        """0–100; None as long as nobody knows."""
        return min(100, self.done * 100 // self.total) if self.total else None
