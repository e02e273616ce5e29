"""Ticks: APScheduler wakes loops by their topics and does nothing else.

Deadlines are rows; a tick that is missed costs nothing, since the next one finds the same rows.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from storage.engine import Database


@contextmanager
def ticking(database: Database, every: Mapping[str, float]) -> Iterator[None]:
    """Wake each topic every so many seconds, for as long as the context lasts."""
    logging.getLogger("apscheduler").setLevel(logging.WARNING)  # a line for each tick says nothing
    scheduler = AsyncIOScheduler(
        timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    for topic, seconds in every.items():
        scheduler.add_job(_wake, "interval", seconds=seconds, args=[database, topic], id=topic)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)


async def _wake(database: Database, topic: str) -> None:
    database.wake(topic)
