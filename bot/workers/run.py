"""All the workers of one process: ``python -m bot work``, and beside the web in ``all``."""

import structlog

from bot.factory import Process
from bot.turn import Turns
from bot.workers import (
    analysing,
    daily,
    importing,
    media,
    menu,
    outbox,
    recounting,
    rehearing,
    reminding,
    sweeper,
    telling_news,
    wording,
)
from bot.workers.gates import Gates
from bot.workers.loop import Loop, Step, run_all
from bot.workers.schedule import ticking
from intake.cases import timers
from intake.commitments.importing import TOPIC

log = structlog.get_logger(__name__)

GRACE = 4.0  # seconds that running steps get when the process stops
LANES = 2  # loops over the outbox: one slow call does not hold up everybody else
POLL = 1.0  # seconds after which rows of other processes are looked for
SELDOM = 3.0  # the same of what may take some seconds more
MINUTE = 60.0  # a loop that lives by ticks looks by itself this often
REFRESH, TIMERS = "refresh", "timers"
#: Seconds between ticks.
TICKS = {
    sweeper.TOPIC: 5.0,
    TIMERS: 5.0,
    rehearing.TOPIC: 5.0,
    daily.TOPIC: 5.0,
    reminding.TOPIC: 5.0,
    recounting.TOPIC: 5.0,
    telling_news.TOPIC: 5.0,
    analysing.TOPIC: 60.0,
    menu.TOPIC: 5.0,
}


async def run_workers(process: Process) -> None:
    """Work until ``process.stopping`` is set. What is cut off then stands under a lease."""
    ticks = TICKS | {REFRESH: 1.0 if process.settings.simulator else 5.0}
    log.info("working", process=process.name)
    with ticking(process.database, ticks):
        await run_all(_loops(process), process.stopping, grace=GRACE)
    log.info("workers_stopped", process=process.name)


def _loops(process: Process) -> list[Loop]:
    gates, turns = Gates(process.clock), Turns(process)
    sending, fetching = outbox.Outbox(process, gates), media.Fetcher(process, gates)

    def loop(name: str, topic: str, step: Step, every: float = MINUTE) -> Loop:
        return Loop(name, step, process.stopping, process.database.topic(topic), every)

    async def refresh() -> bool:
        await process.refresh()
        return False

    async def run_out() -> bool:
        rated = await process.database.run(lambda unit: timers.close_unrated(process.desk(unit)))
        replied = await process.database.run(lambda unit: timers.end_pauses(process.desk(unit)))
        return max(rated, replied) > 0

    lanes = [loop(f"outbox-{n}", outbox.TOPIC, sending.step, POLL) for n in range(LANES)]
    return [
        *lanes,
        loop("media", media.TOPIC, fetching.step, POLL),
        loop("imports", TOPIC, importing.Importing(process).step, SELDOM),
        loop("sweeper", sweeper.TOPIC, sweeper.Sweeper(process, turns.resume).step),
        loop("rehearing", rehearing.TOPIC, rehearing.Rehearing(process).step),
        loop("timers", TIMERS, run_out),
        loop("calendar", recounting.TOPIC, recounting.Recounting(process).step),
        loop("reminders", reminding.TOPIC, reminding.Reminders(process).step),
        loop("commitment-news", telling_news.TOPIC, telling_news.TellingNews(process).step),
        loop("case-words", "case_words", wording.Wording(process).step, SELDOM),
        loop("analysis", analysing.TOPIC, analysing.Analysing(process).step),
        loop("menu", menu.TOPIC, menu.MenuPushes(process).step),
        loop("daily", daily.TOPIC, daily.Daily(process).step),
        loop("refresh", REFRESH, refresh),
    ]
