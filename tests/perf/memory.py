"""Memory of the service, and how it grows with the messages it has answered."""

import time

import psutil

from tests.perf.ground import Ground
from tests.perf.throughput import drive
from tests.perf.workload import TURNS, conversations
from tests.support.processes import free_port
from tests.support.service import Settings

MEGABYTE = 1_000_000
SETTLED = 5_000  # messages after which the service is as large as it should ever be
MOST_MB = 220.0
GROWTH_MB = 20.0


async def measure(ground: Ground, messages: int) -> dict[str, float]:
    """``bot all`` on SQLite with Rasa away: resident memory at start, after 5,000 and after ``messages``."""
    nowhere = f"http://127.0.0.1:{free_port()}"
    async with ground.database("sqlite", "memory") as url:
        with ground.service(url, nlu_url=nowhere) as (settings, running):
            return await follow(settings, running[0].pid, settle=SETTLED, messages=messages)


async def follow(settings: Settings, pid: int, *, settle: int, messages: int) -> dict[str, float]:
    """Write ``messages`` to a running service; the resident megabytes of process ``pid`` on the way."""
    began, process = time.monotonic(), psutil.Process(pid)

    def resident() -> float:
        return process.memory_info().rss / MEGABYTE

    start, texts = resident(), list(conversations(messages // TURNS))
    first = settle // TURNS
    await drive(settings, texts[:first])
    settled = resident()
    await drive(settings, texts[first:])
    last = resident()
    return {
        "messages": messages,
        "start_mb": start,
        "settled_mb": settled,
        "last_mb": last,
        "growth_mb": last - settled,
        "minutes": (time.monotonic() - began) / 60,
    }
