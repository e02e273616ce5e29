"""What a supervisor looks after, asked of cases and their clocks: one bounded query for each heading."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, desc, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.stores.asked import Span, lost, returned
from storage.stores.clocks import RUNS
from storage.tables.cases import cases, clocks


@dataclass(frozen=True, slots=True)
class WatchedRow:
    """A case beside the clock that puts it under its heading, or its next one to run out; None without."""

    tracking_no: str
    type: str
    state: str
    department: str | None
    urgent: bool
    clock: str | None
    due_at: datetime | None
    estimated: bool | None


@dataclass(frozen=True, slots=True)
class Watched:
    """The first rows under a heading, and how many there are in all."""

    rows: list[WatchedRow]
    count: int


_SHOWN = (
    cases.c.tracking_no,
    cases.c.type,
    cases.c.state,
    cases.c.department,
    cases.c.urgent,
    clocks.c.kind,
    clocks.c.due_at,
    clocks.c.estimated,
    func.count().over(),
)
_BY_CLOCK = (
    select(*_SHOWN)
    .select_from(cases.join(clocks, clocks.c.case_id == cases.c.id))
    .where(RUNS)
    .order_by(clocks.c.due_at, cases.c.tracking_no)
)
_running = clocks.alias("running")
_NEXT = (
    select(_running.c.id)
    .where(_running.c.case_id == cases.c.id, _running.c.state == "running")
    .order_by(_running.c.due_at, _running.c.id)
    .limit(1)
    .correlate(cases)
    .scalar_subquery()
)
_BY_CASE = (
    select(*_SHOWN)
    .select_from(cases.outerjoin(clocks, clocks.c.id == _NEXT))
    .order_by(desc(cases.c.updated_at), desc(cases.c.tracking_no))
)


class SupervisionStore:
    """Every list has at most ``limit`` rows; its count is of all."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def due(self, span: Span, *, limit: int) -> Watched:
        """Running clocks that end in the span, soonest first."""
        query = _BY_CLOCK.where(clocks.c.kind.in_(span.kinds), clocks.c.due_at < span.before)
        if span.since is not None:
            query = query.where(clocks.c.due_at >= span.since)
        return await self._read(query, limit)

    async def late_in(self, state: str, kind: str, *, until: datetime, limit: int) -> Watched:
        """Cases in ``state`` whose clock of ``kind`` still runs and ended at ``until`` or before it."""
        query = _BY_CLOCK.where(cases.c.state == state, clocks.c.kind == kind, clocks.c.due_at <= until)
        return await self._read(query, limit)

    async def returned(self, times: int, *, limit: int) -> Watched:
        """Cases whose return was approved at least so many times, last changed first."""
        return await self._read(_BY_CASE.where(cases.c.id.in_(returned(times))), limit)

    async def rated(self, worst: Collection[int], *, limit: int) -> Watched:
        """Cases whose standing rating is one of ``worst``, last changed first."""
        return await self._read(_BY_CASE.where(cases.c.rating.in_(worst)), limit)

    async def unreachable(self, besides: Collection[str], *, calls: int, limit: int) -> Watched:
        """Cases in no state of ``besides`` whose reporter cannot be reached, or was called in vain ``calls``
        times, last changed first."""
        return await self._read(_BY_CASE.where(lost(besides, calls)), limit)

    async def _read(self, query: Select[Any], limit: int) -> Watched:
        found = (await self._db.execute(query.limit(limit))).all()
        return Watched([WatchedRow(*row[:-1]) for row in found], int(found[0][-1]) if found else 0)
