"""What was left lying: turns that nobody finished, replies that the wire never took, and what an operator
should look at."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

import structlog

from bot.factory import Process
from bot.metrics import metrics
from bot.workers.verdict import NOT_SET_UP, UNREACHABLE
from intake.notices import NO_WAY_LEFT, queue
from storage.stores.inbox import InboxRow
from storage.unit import Unit

log = structlog.get_logger(__name__)

TOPIC = "sweep"
BATCH = 20
WIRE = timedelta(seconds=20)  # the platform's attempts end after 15 seconds (wechat 3.5)
REPLY = "inbox reply"
STUCK = timedelta(minutes=2)
RECENT = timedelta(days=1)
#: Dead letters that say something of the reader and nothing of us; they are seen where they belong.
EXPECTED = frozenset({UNREACHABLE, NO_WAY_LEFT, NOT_SET_UP})
Resume = Callable[[InboxRow], Awaitable[None]]


class Sweeper:
    """``resume`` takes over an open row whose lease has run out, if nobody else did (``bot.turn``)."""

    def __init__(self, process: Process, resume: Resume) -> None:
        self._process = process
        self._resume = resume

    async def step(self) -> bool:
        """One round; True where a batch was full. Raises ``DatabaseAway``."""
        resumed = await self.resume_abandoned()
        pushed = await self.push_unanswered()
        await self.watch()
        return max(resumed, pushed) >= BATCH

    async def resume_abandoned(self) -> int:
        """Have the turns of a dead process finished; their replies are pushed. How many there were."""
        async with self._process.database.read() as unit:
            rows = await unit.inbox.abandoned(self._process.clock.wall(), BATCH)
        if rows:
            log.warning("turns_abandoned", count=len(rows))
        for end in await asyncio.gather(*(self._resume(row) for row in rows), return_exceptions=True):
            if isinstance(end, BaseException):
                raise end
        return len(rows)

    async def push_unanswered(self) -> int:
        """Send on the replies that were ready when nobody listened any more. How many there were."""
        async with self._process.database.read() as unit:
            rows = await unit.inbox.unanswered(self._process.clock.wall() - WIRE, BATCH)
        for row in rows:
            await self._process.database.run(partial(self._push, row=row))
        return len(rows)

    async def _push(self, unit: Unit, row: InboxRow) -> None:
        if row.reply is None or not await unit.inbox.to_service(row.id):
            return
        body = self._process.vault.open_json(row.reply, REPLY)
        await queue(self._process.desk(unit), row.reporter_id, "reply", body, key=f"reply:{row.id}")
        metrics.late_replies.inc()

    async def watch(self) -> None:
        """Tell the operator what does not go by itself, and take back what has."""
        now = self._process.clock.now()
        async with self._process.database.read() as unit:
            found = {
                "inbox_stuck": await unit.inbox.open_since(now - STUCK),
                "dead_letters": await unit.outbox.dead_since(now - RECENT, besides=EXPECTED),
                "media_failed": await unit.files.failed_since(now - RECENT),
            }
            standing = await unit.operations.faults()
        wanted = {name: str(count) for name, count in found.items() if count}
        if wanted != {name: detail for name, detail in standing.items() if name in found}:
            await self._process.database.run(lambda unit: self._tell(unit, wanted, set(found)))

    async def _tell(self, unit: Unit, wanted: dict[str, str], names: set[str]) -> None:
        for name in sorted(names):
            if name in wanted:
                await unit.operations.raise_fault(name, wanted[name], self._process.clock.now())
            else:
                await unit.operations.clear_fault(name)
