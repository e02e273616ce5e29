"""Reminders leave here: what is due is fired. Digests by WeChat, mail and robots go as pushes to citizens do.

The console needs no sending: a digest by that channel is sent once it stands in the list, and delivered when
its reader has opened the list.
"""

import structlog

from bot.factory import Process
from intake.city import load_city
from intake.reminders.firing import fire
from storage.stores.outbox import OutboxRow
from storage.unit import Unit

log = structlog.get_logger(__name__)

TOPIC = "reminders"


class Reminders:
    """Fires what is due, batch by batch."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def step(self) -> bool:
        """True where there may be more at once. Raises ``DatabaseAway``."""
        return await self._process.database.run(self._fire)

    async def _fire(self, unit: Unit) -> bool:
        self._process.city = await load_city(unit, self._process.city)  # no rung by a calendar of before
        return await fire(self._process.desk(unit))


async def show_digest(process: Process, claim: str, row: OutboxRow) -> None:
    """A digest of the console stands in the list from now on. Raises ``DatabaseAway``."""
    settled = {"state": "sent", "sent_at": process.clock.now(), "reason": None}
    await process.database.run(lambda unit: unit.outbox.settle(row.id, worker=claim, values=settled))
    log.info("digest_shown", outbox=row.id)
