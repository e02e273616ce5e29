"""Canned answers of the units."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.stores.rows import all_made, columns, made
from storage.tables.canned import canned_answers as canned


@dataclass(frozen=True, slots=True)
class CannedRow:
    id: int
    department: str
    title: str
    text: str
    retired: bool
    changed_at: datetime
    changed_by: str


_ROW = columns(canned, CannedRow)


class CannedStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def of_unit(self, department: str) -> list[CannedRow]:
        """Those in use, by title."""
        mine = (canned.c.department == department, canned.c.retired.is_(False))
        found = await self._db.execute(select(*_ROW).where(*mine).order_by(canned.c.title, canned.c.id))
        return all_made(CannedRow, found)

    async def get(self, number: int, department: str) -> CannedRow | None:
        """One of a unit's that is in use."""
        mine = (canned.c.department == department, canned.c.retired.is_(False))
        found = await self._db.execute(select(*_ROW).where(canned.c.id == number, *mine))
        return made(CannedRow, found.one_or_none())

    async def add(self, values: dict[str, Any]) -> CannedRow:
        return CannedRow(*(await self._db.execute(insert(canned).values(**values).returning(*_ROW))).one())

    async def change(self, number: int, values: dict[str, Any]) -> CannedRow:
        changed = update(canned).where(canned.c.id == number).values(**values).returning(*_ROW)
        return CannedRow(*(await self._db.execute(changed)).one())
