"""Any sequence of wishes by anybody, through the office's own commands and each database.

Of every step it is known beforehand what has to come of it (``tests.proofs.verdict``); what is refused
leaves every row as it was, and after each step rows, events and clocks tell the same story.
"""

import asyncio
from datetime import timedelta

from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from intake import archive
from intake.actor import SYSTEM
from intake.desk import Desk
from tests.proofs.people import furnish
from tests.proofs.town import ACTIONS, Drawn, Tally, Town
from tests.support import databases
from tests.support.city import make_vault, snapshot
from tests.support.time import START, HandClock

WALKS, STEPS, BATCH = 52, 60, 12
AT_LEAST = 3000
ERRORS = (
    "not_found",
    "role",
    "invalid",
    "stale_version",
    "state_refuses",
    "accused_unit",
    "merged",
    "once_only",
)
small = st.integers(0, 127)
walks = st.tuples(small, st.lists(st.tuples(small, small, small, small), min_size=STEPS, max_size=STEPS))
once = settings(
    max_examples=WALKS,
    phases=[Phase.generate],
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
)


class Office:
    """One process on one database; a batch of steps is one unit of work."""

    def __init__(self, url: str) -> None:
        self.database, self.clock, self.vault = databases.opened(url), HandClock(), make_vault()
        self.tally = Tally()

    async def employ(self) -> None:
        async with self.database.write() as unit:
            await furnish(await self.desk(unit))

    async def desk(self, unit: object) -> Desk:
        return Desk(unit, self.clock, self.vault, await snapshot(unit))  # type: ignore[arg-type]

    async def walk(self, day: int, steps: list[Drawn]) -> None:
        self.clock.set(START + timedelta(days=day))
        town = Town(self.tally, self.clock)
        try:
            for begin in range(0, len(steps), BATCH):
                async with self.database.write() as unit:
                    desk = await self.desk(unit)
                    for drawn in steps[begin : begin + BATCH]:
                        await town.take(desk, drawn)
            await self.verify(town)
        finally:
            note("\n".join(town.diary))

    async def verify(self, town: Town) -> None:
        """The whole archive holds, and so does every case of the walk."""
        async with self.database.read() as unit:
            desk = await self.desk(unit)
            assert await archive.verify(unit, self.vault.archive_key) == []
            for row in await town.rows(desk):
                await town.check(desk, row)


def test_any_wishes_of_anybody_are_met_as_the_domain_demands(database_url: str) -> None:
    with asyncio.Runner() as runner:
        office = Office(database_url)
        runner.run(office.employ())

        @once
        @given(walks)
        def walk(course: tuple[int, list[Drawn]]) -> None:
            runner.run(office.walk(*course))

        try:
            walk()
        finally:
            runner.run(office.database.close())
    tally = office.tally
    assert tally.steps >= AT_LEAST
    wanted = {*ACTIONS, SYSTEM.name, "dispatcher withdraw", "dispatcher answer_now", "asked to work on anew"}
    assert wanted <= (+tally.done).keys(), wanted - (+tally.done).keys()
    assert set(tally.refused) == {*ERRORS}
