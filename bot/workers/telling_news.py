"""News of commitments leave here: one digest a person and day, in the daytime."""

from bot.factory import Process
from intake.commitments.news import any_to_tell, tell

TOPIC = "commitment_news"


class TellingNews:
    """Queues the digests, batch by batch; the outbox sends them."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def step(self) -> bool:
        """True where there may be more at once. Raises ``DatabaseAway``."""
        async with self._process.database.read() as unit:
            if not await any_to_tell(self._process.desk(unit)):
                return False
        return await self._process.database.run(lambda unit: tell(self._process.desk(unit)))
