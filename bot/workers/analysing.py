"""The figures of many cases are reckoned before anybody waits for them (``intake.analysis.looking``)."""

import structlog

from bot.factory import Process
from intake.analysis import looking

log = structlog.get_logger(__name__)

TOPIC = "analysis"


class Analysing:
    """Renews one period at a time. Reckoning only reads; what comes of it is kept by a unit of its own."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def step(self) -> bool:
        """Whether a period was renewed, so that there may be another. Raises ``DatabaseAway``."""
        process = self._process
        async with process.database.read() as unit:
            desk = process.desk(unit)
            asked = await looking.stale(desk)
            if asked is None:
                return False
            body = await looking.renewed(desk, asked)
        await process.database.run(lambda unit: looking.put(process.desk(unit), asked, body))
        log.info("analysis_renewed", since=asked.since.isoformat(), until=asked.until.isoformat())
        return True
