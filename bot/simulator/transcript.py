"""What every citizen sees on the phone, in order, with listeners for pages and tests that wait."""

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from bot.simulator import anchors

KEPT = 500
TIP = "该公众号提供的服务出现故障，请稍后再试"
PUSHES = frozenset({"service", "template", "subscribe"})
"""Kinds the account sends on its own account, outside the reply to a message."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a chat.

    ``side``: citizen, account or platform. ``kind``: for the citizen the message or event type; for the
    account reply, service, template or subscribe; for the platform tip or note. ``extra`` holds what cards
    and pictures need: title, rows, url, media.
    """

    seq: int
    openid: str
    at: datetime
    side: str
    kind: str
    text: str
    extra: dict[str, object] = field(default_factory=dict)

    def shown(self) -> dict[str, object]:
        """As JSON: ``text`` raw, ``words`` as read, ``parts`` with links and options."""
        return {
            "seq": self.seq,
            "openid": self.openid,
            "at": self.at.isoformat(),
            "side": self.side,
            "kind": self.kind,
            "text": self.text,
            "words": anchors.plain(self.text),
            "parts": [
                {"text": part.text, "url": part.url, "word": part.word, "menu_id": part.menu_id}
                for part in anchors.parts(self.text)
            ],
            "extra": self.extra,
        }


Listener = asyncio.Queue[tuple[str, dict[str, object]] | None]


class Transcript:
    """The last 500 entries of every citizen, numbered through for all."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._seq = 0
        self._of: dict[str, deque[Entry]] = {}
        self._listeners: set[Listener] = set()
        self._closed = False

    def add(self, openid: str, side: str, kind: str, text: str, **extra: object) -> Entry:
        """Adds a line and tells whoever listens."""
        self._seq += 1
        entry = Entry(self._seq, openid, self._now(), side, kind, text, extra)
        self._of.setdefault(openid, deque(maxlen=KEPT)).append(entry)
        self.tell("entry", entry.shown())
        return entry

    def of(self, openid: str, *, after: int = 0, kinds: Collection[str] = ()) -> list[Entry]:
        """The citizen's entries behind number ``after``, oldest first, only of ``kinds`` when given."""
        held = self._of.get(openid, ())
        return [entry for entry in held if entry.seq > after and (not kinds or entry.kind in kinds)]

    def newest(self, kinds: Collection[str], limit: int) -> list[Entry]:
        """The newest entries of these kinds, of all citizens, newest first."""
        found = [entry for held in self._of.values() for entry in held if entry.kind in kinds]
        return sorted(found, key=lambda entry: -entry.seq)[:limit]

    async def wait(self, openid: str, *, after: int, kinds: Collection[str], seconds: float) -> list[Entry]:
        """As ``of``, but waits up to ``seconds`` for the first one."""
        with self.listen() as queue:
            try:
                async with asyncio.timeout(seconds):
                    while not (found := self.of(openid, after=after, kinds=kinds)):
                        if await queue.get() is None:
                            break
            except TimeoutError:
                return self.of(openid, after=after, kinds=kinds)
        return found

    def tell(self, name: str, facts: dict[str, object]) -> None:
        """Sends something else (clock, menu) to the listeners."""
        for queue in self._listeners:
            queue.put_nowait((name, facts))

    @contextmanager
    def listen(self) -> Iterator[Listener]:
        """A queue of (name, facts); None means that the simulator closes."""
        queue: Listener = asyncio.Queue()
        if self._closed:
            queue.put_nowait(None)
        self._listeners.add(queue)
        try:
            yield queue
        finally:
            self._listeners.discard(queue)

    def close(self) -> None:
        """Lets every listener go."""
        self._closed = True
        for queue in self._listeners:
            queue.put_nowait(None)
