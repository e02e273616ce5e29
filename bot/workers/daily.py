"""What is done once a day, by whichever process is first; the claim and the work are one unit of work."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

import structlog

from bot.factory import Process
from bot.workers.recounting import look_for_new_years
from intake.archive import make_head
from intake.cases.timers import invite_again
from intake.clock import SHANGHAI, local
from intake.commitments.dues import start_missing
from intake.commitments.news import note_overdue
from intake.commitments.polls import close_due
from intake.desk import Desk
from intake.retention import forget
from storage.unit import Unit

log = structlog.get_logger(__name__)

TOPIC = "daily"


@dataclass(frozen=True, slots=True)
class Run:
    """``at``: the time of day in Shanghai from which the run of that day is due."""

    name: str
    at: time
    work: Callable[[Desk], Awaitable[object]]


async def close_yesterday(desk: Desk) -> date:
    """Yesterday's archive head, unless it stands."""
    day = local(desk.now()).date() - timedelta(days=1)
    last = await desk.unit.events.last_head()
    if last is None or last.day < day:
        await make_head(desk.unit, desk.vault.archive_key, day=day, at=desk.now())
    return day


RUNS = (
    Run("calendar", time(0, 2), look_for_new_years),
    Run("polls", time(0, 1), close_due),
    Run("archive_head", time(0, 5), close_yesterday),
    Run("commitment_clocks", time(0, 10), start_missing),
    Run("overdue_commitments", time(0, 15), note_overdue),
    Run("retention", time(3, 10), forget),
    Run("rating_again", time(10, 0), invite_again),
)


class Daily:
    """Looks at the clock and does what is due; a run that failed is tried again with the next look."""

    def __init__(self, process: Process, runs: tuple[Run, ...] = RUNS) -> None:
        self._process = process
        self._runs = runs
        self._known: dict[str, datetime] = {}

    async def step(self) -> bool:
        """Raises ``DatabaseAway``."""
        for run in self._runs:
            due = datetime.combine(self._process.clock.today(), run.at, SHANGHAI)
            if self._process.clock.now() >= due and self._known.get(run.name) != due:
                await self._process.database.run(partial(self._once, run=run, due=due))
                self._known[run.name] = due
        return False

    async def _once(self, unit: Unit, run: Run, due: datetime) -> None:
        if not await unit.operations.claim_run(run.name, due):
            return
        result = await run.work(self._process.desk(unit))
        await unit.operations.finish_run(run.name, due, self._process.clock.now())
        log.info("daily_run", run=run.name, result=str(result))
