"""Commitments and service guides."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.stores.rows import all_made, columns, made
from storage.tables.registry import commitments, guides


@dataclass(frozen=True, slots=True)
class CommitmentRow:
    code: str
    title: str
    text: str
    target: str
    category: str
    department: str
    source_document: str
    source_number: str
    made_on: date | None
    due_on: date | None
    state: str
    public: bool
    historical: bool
    version: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class GuideRow:
    code: str
    title: str
    department: str
    steps: list[str]
    cautions: list[str]
    documents: list[str]
    place: str
    time_limit: str
    phone: str


_ROW = columns(commitments, CommitmentRow)
_GUIDE = columns(guides, GuideRow)


class RegistryStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def commitments(
        self, *, state: str | None = None, department: str | None = None, public_only: bool = True
    ) -> list[CommitmentRow]:
        query = select(*_ROW).order_by(commitments.c.code)
        if public_only:
            query = query.where(commitments.c.public.is_(True))
        if state is not None:
            query = query.where(commitments.c.state == state)
        if department is not None:
            query = query.where(commitments.c.department == department)
        return all_made(CommitmentRow, await self._db.execute(query))

    async def commitment(self, code: str) -> CommitmentRow | None:
        found = await self._db.execute(select(*_ROW).where(commitments.c.code == code))
        return made(CommitmentRow, found.one_or_none())

    async def add_missing(
        self, rows: list[dict[str, Any]], guide_rows: list[dict[str, Any]]
    ) -> tuple[int, int]:
        """Insert what is new by code; (commitments, guides) added."""
        added = []
        for table, wanted in ((commitments, rows), (guides, guide_rows)):
            before = set((await self._db.execute(select(table.c.code))).scalars())
            fresh = [row for row in wanted if row["code"] not in before]
            if fresh:
                await self._db.execute(insert(table), fresh)
            added.append(len(fresh))
        return added[0], added[1]

    async def guides(self) -> list[GuideRow]:
        return all_made(GuideRow, await self._db.execute(select(*_GUIDE).order_by(guides.c.code)))
