"""What citizens said, and what they were answered, becomes searchable some seconds later: filing waits for
nothing. Cases of before the index are written down in the same way, the newest ones first."""

from bot.factory import Process

BATCH = 100
"""Cases at once: on SQLite nobody else writes meanwhile."""


class Wording:
    """Writes down the words of cases, batch by batch; several processes share the work."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def step(self) -> bool:
        """True where there may be more at once. Raises ``DatabaseAway``."""
        async with self._process.database.read() as unit:
            if not await unit.case_words.any_to_write():
                return False
        return await self._process.database.run(lambda unit: unit.case_words.write(BATCH)) == BATCH
