"""After a change of the calendar: deadlines are counted anew, batch by batch, until none stands behind."""

from dataclasses import replace

from bot.factory import Process
from intake.city import load_city
from intake.desk import Desk
from intake.recounting import Recount, notice_version, recount
from storage.unit import Unit

TOPIC = "calendar"


class Recounting:
    """The recount of one process; several share the work."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def step(self) -> bool:
        """One batch; true where there may be more. Raises ``DatabaseAway``."""
        return (await self.batch()).looked > 0

    async def batch(self) -> Recount:
        """One batch, by the calendar as the database has it now."""
        return await self._process.database.run(self._count)

    async def _count(self, unit: Unit) -> Recount:
        city = await load_city(unit, self._process.city)
        desk = replace(self._process.desk(unit), city=city)
        if not city.calendar:  # a database of before the calendar, or a new one
            await notice_version(desk)
            desk = replace(desk, city=await load_city(unit, city))
        found = await recount(desk)
        self._process.city = desk.city
        return found


async def look_for_new_years(desk: Desk) -> bool:
    """The daily run: whether this version knows other years than the one that ran before."""
    return await notice_version(desk)
