"""The outbox: claim, send, settle. Nothing is sent inside a unit of work, nothing without a lease.

One citizen's rows go out in their order. A worker that dies leaves a lease that runs out; the row is then
sent by another. Only a death between sending and writing that down can make a message come twice.
"""

import asyncio
import secrets

from bot.factory import Process
from bot.workers.gates import Gates
from bot.workers.reminding import show_digest
from bot.workers.sending import LEASE, Sending, Values
from bot.workers.staff_ways import staff_way
from bot.workers.ways import first_way
from intake.reminders.recipients import CONSOLE
from storage.stores.outbox import OutboxRow

TOPIC = "outbox"


class Outbox:
    """The outbox of one process; :meth:`step` may run several times at once, in any number of processes."""

    def __init__(self, process: Process, gates: Gates, *, batch: int = 10) -> None:
        self._process = process
        self._gates = gates
        self._batch = batch
        self._unwritten: dict[int, Values] = {}

    async def step(self) -> bool:
        """Send what is due, one batch, at most one row of a citizen; True where there may be more.

        Raises ``DatabaseAway``.
        """
        claim = f"{self._process.name[:40]}-{secrets.token_hex(6)}"
        now = self._process.clock.wall()
        rows = await self._process.database.run(
            lambda unit: unit.outbox.claim(worker=claim, now=now, until=now + LEASE, limit=self._batch)
        )
        sendings = (self._send(claim, row) for row in rows)
        for end in await asyncio.gather(*sendings, return_exceptions=True):
            if isinstance(end, BaseException):
                raise end
        return bool(rows)

    async def _send(self, claim: str, row: OutboxRow) -> None:
        if row.via == CONSOLE:
            await show_digest(self._process, claim, row)
            return
        first = first_way if row.login is None else staff_way
        await Sending(self._process, self._gates, claim, row, self._unwritten, first=first).run()
