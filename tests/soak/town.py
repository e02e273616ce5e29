"""Citizens with their phones, and the service's processes, for the runs in which processes die."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field

from bot.simulator.followers import openid_of
from bot.simulator.remote import Remote
from tests.perf.workload import CONFIRM, matter
from tests.support.processes import Child
from tests.support.service import Settings, Stand

PUSHED = 60.0  # seconds for a push after a death: lease, sweep, the platform's last repeat
TIMES = 3  # a citizen who sees the failure tip and hears nothing writes again so often


@dataclass
class Service:
    """The service's processes by command, how often each was killed, and the slowest start."""

    stand: Stand
    settings: Settings
    running: dict[str, Child] = field(default_factory=dict)
    killed: Counter[str] = field(default_factory=Counter)
    slowest_start: float = 0.0

    async def start(self, name: str) -> None:
        """``all``, ``serve`` or ``work``; the web ones are ready afterwards."""
        began = time.monotonic()
        self.running[name] = await asyncio.to_thread(getattr(self.stand, name), self.settings)
        self.slowest_start = max(self.slowest_start, time.monotonic() - began)

    async def kill(self, name: str) -> None:
        """Kill one as a power cut would, and start it again."""
        self.running[name].kill()
        self.killed[name] += 1
        await self.start(name)


@dataclass
class Town:
    """``said``: messages sent; ``again``: how often one had to write again after the failure tip."""

    remote: Remote
    said: int = 0
    again: int = 0
    _progress: asyncio.Event = field(default_factory=asyncio.Event)

    async def complain(self, number: int) -> None:
        """Tell a matter and confirm it; returns when both were answered."""
        await self.say(openid_of(number), matter(number))
        await self.say(openid_of(number), CONFIRM)

    async def say(self, openid: str, text: str) -> None:
        """Until it is answered, over the wire or by a push. Raises AssertionError for silence."""
        for _ in range(TIMES):
            self.said += 1
            self._progress.set()
            delivery = await self.remote.say(openid, text)
            if delivery["status"] == "replied":
                return
            if await self.remote.entries(openid, after=delivery["seq"], kinds=["service"], wait=PUSHED):
                return
            self.again += 1
        raise AssertionError(f"never answered: {delivery}")

    async def until_said(self, count: int) -> None:
        """Returns as soon as ``count`` messages were sent in all."""
        while self.said < count:
            self._progress.clear()
            await self._progress.wait()

    async def heard(self, number: int, *, kinds: tuple[str, ...] = ("reply", "service")) -> list[str]:
        """What the account told a citizen, in order."""
        entries = await self.remote.entries(openid_of(number), kinds=kinds)
        return [str(entry["words"]) for entry in entries]
