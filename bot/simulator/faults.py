"""Trouble on demand: calls that are refused or slow, pushes that come twice or in the wrong order."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field


@dataclass(slots=True)
class CallFault:
    """What happens to the next ``times`` calls (None: to all) whose path ends with ``path`` (empty: any).

    ``errcode`` is answered as the platform does, with status 200; any other ``status`` answers the empty
    body of a broken server instead; 0 closes the connection. ``delay`` (seconds) comes before, and alone it
    only slows the call. ``openid`` restricts it to calls for that user. ``after`` true: the call takes
    effect first, so that only the answer is lost.
    """

    path: str = ""
    errcode: int = 0
    status: int = 200
    delay: float = 0.0
    times: int | None = 1
    openid: str = ""
    after: bool = False

    def concerns(self, path: str, openid: str) -> bool:
        """Whether it strikes this call."""
        return path.endswith(self.path) and self.openid in ("", openid) and self.times != 0


@dataclass(slots=True)
class PushFaults:
    """``duplicate``: the next n pushes are sent twice at the same moment. ``hold``: the next n wait until a
    later one was delivered, so they arrive out of order. ``wrong_signature``: the next n attempts are badly
    signed. ``old_key``: while true, pushes are encrypted with the key before the current one."""

    duplicate: int = 0
    hold: int = 0
    wrong_signature: int = 0
    old_key: bool = False

    def take(self, what: str) -> bool:
        """Uses up one of ``what``; false when none is left."""
        left = int(getattr(self, what))
        if left > 0:
            setattr(self, what, left - 1)
        return left > 0


@dataclass(slots=True)
class Faults:
    """All trouble that is arranged now."""

    calls: list[CallFault] = field(default_factory=list)
    push: PushFaults = field(default_factory=PushFaults)

    def add(self, faults: Iterable[CallFault]) -> None:
        """Arranges more; the first that concerns a call strikes it."""
        self.calls.extend(faults)

    def strike(self, path: str, openid: str = "") -> CallFault | None:
        """The fault for this call, used up once."""
        for fault in self.calls:
            if fault.concerns(path, openid):
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None

    def clear(self) -> None:
        """No trouble any more."""
        self.calls.clear()
        self.push = PushFaults()

    def shown(self) -> dict[str, object]:
        """As JSON."""
        return {
            "calls": [asdict(fault) for fault in self.calls if fault.times != 0],
            "push": asdict(self.push),
        }
