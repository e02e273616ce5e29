"""Files that were sent to be imported; whoever works on one holds a lease."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, desc, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.stores.rows import all_made, columns, made
from storage.tables.imports import imports

WAITING, CHECKED, CONFIRMED, DONE, FAULTY, FAILED = (
    "waiting",
    "checked",
    "confirmed",
    "done",
    "faulty",
    "failed",
)
WORKED_ON = (WAITING, CONFIRMED)
"""States in which a worker has something to do."""


@dataclass(frozen=True, slots=True)
class ImportRow:
    id: str
    kind: str
    name: str
    location: str | None
    sha256: str
    state: str
    rows_done: int
    rows_total: int
    added: int
    changed: int
    same: int
    refused: int
    faults: list[list[Any]]
    fault_count: int
    uploaded_by: str
    created_at: datetime
    confirmed_by: str | None
    ended_at: datetime | None
    attempts: int


_ROW = columns(imports, ImportRow)


class ImportStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def add(self, values: dict[str, Any]) -> None:
        await self._db.execute(insert(imports).values(**values))

    async def get(self, job_id: str) -> ImportRow | None:
        found = await self._db.execute(select(*_ROW).where(imports.c.id == job_id))
        return made(ImportRow, found.one_or_none())

    async def last(self, limit: int) -> list[ImportRow]:
        query = select(*_ROW).order_by(desc(imports.c.created_at), imports.c.id).limit(limit)
        return all_made(ImportRow, await self._db.execute(query))

    async def confirm(self, job_id: str, sha256: str, by: str) -> bool:
        """Let a checked file be imported; False where it is not checked, or is another file."""
        done = await self._db.execute(
            update(imports)
            .where(imports.c.id == job_id, imports.c.sha256 == sha256, imports.c.state == CHECKED)
            .values(state=CONFIRMED, confirmed_by=by, attempts=0, rows_done=0, leased_until=None)
        )
        return done.rowcount == 1

    async def claim(self, *, now: datetime, until: datetime) -> ImportRow | None:
        """Lease the oldest file that somebody has to work on; ``attempts`` names this lease."""
        ready = (
            select(imports.c.id)
            .where(imports.c.state.in_(WORKED_ON))
            .where(or_(imports.c.leased_until.is_(None), imports.c.leased_until <= now))
            .order_by(imports.c.created_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        done = await self._db.execute(
            update(imports)
            .where(imports.c.id.in_(ready))
            .values(leased_until=until, attempts=imports.c.attempts + 1)
            .returning(*_ROW)
        )
        return made(ImportRow, done.one_or_none())

    async def write(self, job: ImportRow, values: dict[str, Any]) -> bool:
        """Write what became of a leased file; False where another took the lease since."""
        done = await self._db.execute(
            update(imports)
            .where(imports.c.id == job.id, imports.c.state == job.state, imports.c.attempts == job.attempts)
            .values(**values)
        )
        return done.rowcount == 1

    async def outworn(self, before: datetime, limit: int) -> list[ImportRow]:
        """Those whose file lies there for nothing: done, or of before ``before``."""
        old = and_(imports.c.state.not_in(WORKED_ON), imports.c.created_at < before)
        query = select(*_ROW).where(
            imports.c.location.is_not(None), or_(imports.c.state.in_((DONE, FAILED, FAULTY)), old)
        )
        return all_made(ImportRow, await self._db.execute(query.limit(limit)))

    async def forget_file(self, job: ImportRow) -> None:
        """Its file is gone; what was only checked is over."""
        state = FAILED if job.state == CHECKED else job.state
        await self._db.execute(
            update(imports).where(imports.c.id == job.id).values(location=None, state=state)
        )
