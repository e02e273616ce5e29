"""Reminders leave here: what is due is fired, and a digest to staff goes by its channel.

The console needs no sending: a digest by that channel is sent once it stands in the list, and delivered when
its reader has opened the list.
"""

from collections.abc import Awaitable, Callable

import structlog

from bot.factory import Process
from intake.city import load_city
from intake.reminders.firing import fire
from intake.reminders.recipients import CONSOLE
from storage.stores.outbox import OutboxRow
from storage.unit import Unit

log = structlog.get_logger(__name__)

TOPIC = "reminders"
Settled = dict[str, object]
"""What became of a digest, as columns of the outbox."""


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


async def by_console(process: Process, row: OutboxRow) -> Settled:
    """The list of the console shows the digest from now on."""
    return {"state": "sent", "sent_at": process.clock.now(), "reason": None}


CHANNELS: dict[str, Callable[[Process, OutboxRow], Awaitable[Settled]]] = {CONSOLE: by_console}
"""How a digest leaves by each channel of ``intake.reminders.recipients.channels_of``."""


async def send_digest(process: Process, claim: str, row: OutboxRow) -> None:
    """Send one claimed digest and write down what became of it. Raises ``DatabaseAway``."""
    way = CHANNELS.get(row.via or "")
    unknown: Settled = {"state": "dead", "reason": "no_such_channel"}
    settled = await way(process, row) if way else unknown
    await process.database.run(lambda unit: unit.outbox.settle(row.id, worker=claim, values=settled))
    log.info("digest_settled", outbox=row.id, channel=row.via, state=settled["state"])
