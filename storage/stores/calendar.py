"""The calendar as admins know it: single days, whole years, and each change of what is known."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, desc, extract, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.stores.rows import all_made, columns, made
from storage.tables.calendar import calendar_changes, calendar_days, calendar_years


@dataclass(frozen=True, slots=True)
class DayRow:
    day: date
    working: bool
    reason: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """``what``: ``{day, before, after}``, ``{year}`` or ``{known}``; ``known`` is a digest of the years
    that need no database."""

    id: int
    what: dict[str, Any]
    reason: str
    actor: str
    at: datetime
    known: str


_DAY = columns(calendar_days, DayRow)
_CHANGE = columns(calendar_changes, ChangeRow)


class CalendarStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def days(self, year: int | None = None) -> list[DayRow]:
        """Every day that an admin or a loaded year says something of, or those of one year."""
        query = select(*_DAY).order_by(calendar_days.c.day)
        if year is not None:
            query = query.where(extract("year", calendar_days.c.day) == year)
        return all_made(DayRow, await self._db.execute(query))

    async def day(self, day: date) -> DayRow | None:
        found = await self._db.execute(select(*_DAY).where(calendar_days.c.day == day))
        return made(DayRow, found.one_or_none())

    async def years(self) -> list[int]:
        """Years that were loaded whole."""
        found = await self._db.execute(select(calendar_years.c.year).order_by(calendar_years.c.year))
        return list(found.scalars())

    async def set_day(self, row: dict[str, Any]) -> None:
        """Write a day, over what stood there."""
        dialect = sqlite if self._db.dialect.name == "sqlite" else postgresql
        kept = {name: value for name, value in row.items() if name != "day"}
        statement = dialect.insert(calendar_days).values(**row)
        await self._db.execute(statement.on_conflict_do_update(index_elements=["day"], set_=kept))

    async def set_year(self, row: dict[str, Any], days: list[dict[str, Any]]) -> None:
        """Write a whole year: ``days`` are those of which nothing stands yet."""
        await self._db.execute(delete(calendar_years).where(calendar_years.c.year == row["year"]))
        await self._db.execute(insert(calendar_years).values(**row))
        if days:
            await self._db.execute(insert(calendar_days), days)

    async def note(self, row: dict[str, Any]) -> int:
        """Note a change of what is known; its number."""
        done = await self._db.execute(insert(calendar_changes).values(**row).returning(calendar_changes.c.id))
        return int(done.scalar_one())

    async def last(self) -> ChangeRow | None:
        """The newest change."""
        found = await self._db.execute(select(*_CHANGE).order_by(desc(calendar_changes.c.id)).limit(1))
        return made(ChangeRow, found.one_or_none())

    async def changes(self, limit: int) -> list[ChangeRow]:
        """The newest changes first."""
        found = await self._db.execute(select(*_CHANGE).order_by(desc(calendar_changes.c.id)).limit(limit))
        return all_made(ChangeRow, found)
