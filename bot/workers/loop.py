"""A loop: do one step, then wait to be woken, for time to pass, or for the end.

This is the workers' door: the one place where an unforeseen failure is caught, counted and slept over.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from bot.metrics import metrics
from storage.engine import DatabaseAway
from storage.unit import Raced

log = structlog.get_logger(__name__)

Step = Callable[[], Awaitable[bool]]
PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0)  # seconds after failures in a row


@dataclass(slots=True)
class Loop:
    """``step`` answers whether there may be more to do at once. ``wake`` is cleared before each step, so
    that a call in the middle of one is not lost. ``every``: seconds after which it looks unasked."""

    name: str
    step: Step
    stopping: asyncio.Event
    wake: asyncio.Event
    every: float
    failures: int = 0

    async def run(self) -> None:
        """Until ``stopping`` is set; a step that runs then is finished."""
        while not self.stopping.is_set():
            self.wake.clear()
            pause = await self.once()
            if pause and not self.stopping.is_set():
                await _first_of(self.stopping, self.wake, seconds=pause)

    async def once(self) -> float:
        """One step; how many seconds to wait before the next unless woken."""
        try:
            more = await self.step()
        except DatabaseAway as error:
            log.warning("loop_without_database", loop=self.name, reason=str(error))
            metrics.database_away.inc()
            return self._after_failure()
        except Raced:
            log.info("loop_raced", loop=self.name)
            return self._after_failure()
        except Exception:
            log.exception("loop_failed", loop=self.name, failures=self.failures + 1)
            metrics.unexpected.labels(door=f"worker:{self.name}").inc()
            return self._after_failure()
        self.failures = 0
        return 0.0 if more else self.every

    def _after_failure(self) -> float:
        self.failures += 1
        return PAUSES[min(self.failures, len(PAUSES)) - 1]


async def _first_of(*events: asyncio.Event, seconds: float) -> None:
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)


async def run_all(loops: list[Loop], stopping: asyncio.Event, *, grace: float) -> None:
    """Run until ``stopping`` is set, then give running steps ``grace`` seconds; what is cut off stands under
    a lease and is taken up again."""
    tasks = [asyncio.create_task(loop.run(), name=loop.name) for loop in loops]
    try:
        await stopping.wait()
        _, late = await asyncio.wait(tasks, timeout=grace)
        if late:
            log.warning("stopped_in_the_middle", loops=sorted(task.get_name() for task in late))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
