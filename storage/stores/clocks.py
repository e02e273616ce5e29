"""Clocks: one row for each deadline of a case."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, insert, literal_column, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.base import Instant
from storage.stores.rows import all_made, columns
from storage.tables.cases import cases, clocks

#: Said as the partial index over them says it (storage.tables.cases).
RUNS: ColumnElement[bool] = literal_column("clock.state = 'running'")


@dataclass(frozen=True, slots=True)
class ClockRow:
    id: int
    case_id: str
    kind: str
    started_at: datetime
    due_at: datetime
    state: str
    estimated: bool
    explanation: str
    rules_version: str
    ended_at: datetime | None
    department: str | None
    moves: list[dict[str, Any]] | None
    due_version: int
    next_rung_at: datetime | None
    calendar: int


_ROW = columns(clocks, ClockRow)
_START = insert(clocks)
_OF_CASE = select(*_ROW).where(clocks.c.case_id == bindparam("of_case")).order_by(clocks.c.id)
# Asked by its end: SQLite would take the index of states and go through the clocks of the whole city.
_RUNNING = (clocks.c.case_id == bindparam("of_case"), clocks.c.ended_at.is_(None))
_ENDED = {
    "state": case((clocks.c.due_at >= bindparam("moment", type_=Instant), "met"), else_="missed"),
    "ended_at": bindparam("moment", type_=Instant),
}
# What an answer planned for a day is waited for also when the case is closed.
_END_ALL = update(clocks).where(*_RUNNING, clocks.c.kind != "milestone").values(_ENDED)
_FOLLOWERS = select(cases.c.id).where(cases.c.merged_into == bindparam("of_case"))
_WITH_FOLLOWERS = or_(
    clocks.c.case_id == bindparam("of_case"),
    and_(clocks.c.case_id.in_(_FOLLOWERS), clocks.c.state == "paused"),
)
# What a supervisor demands is demanded of whoever has the case.
_HAND_BACK = (
    update(clocks)
    .where(_WITH_FOLLOWERS, clocks.c.ended_at.is_(None), clocks.c.kind != "supervision")
    .values(state="returned", ended_at=bindparam("moment", type_=Instant))
)
_REST = update(clocks).where(*_RUNNING, clocks.c.kind != "supervision").values(state="paused")
_BEHIND = (
    select(*_ROW)
    .select_from(clocks.join(cases, cases.c.id == clocks.c.case_id))
    .where(text("clock.ended_at IS NULL"))
    .order_by(clocks.c.calendar, clocks.c.id)  # along the index: a look that finds nothing reads nothing
    .with_for_update(skip_locked=True)
)
_END = update(clocks).where(*_RUNNING).values(_ENDED).where(clocks.c.kind == bindparam("of_kind"))


class ClockStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def start(self, rows: list[dict[str, object]]) -> None:
        """Start clocks, all in one trip to the database."""
        given = rows if len(rows) > 1 else rows[0]  # one alone goes a shorter way through SQLAlchemy
        await self._db.execute(_START, given)

    async def end(self, case_id: str, kind: str, *, at: datetime, department: str | None = None) -> None:
        """End the running clocks of one kind, or those of it that bind one unit: met, or missed where their
        time had passed."""
        statement = _END if department is None else _END.where(clocks.c.department == department)
        await self._db.execute(statement, {"of_case": case_id, "of_kind": kind, "moment": at})

    async def end_all(self, case_id: str, *, at: datetime) -> None:
        """End whatever still runs for a case that is over, but for the day that its answer is planned for."""
        await self._db.execute(_END_ALL, {"of_case": case_id, "moment": at})

    async def rest(self, case_id: str) -> None:
        """Have the clocks of a case stand still while it follows another one; a supervisor's demand
        does not."""
        await self._db.execute(_REST, {"of_case": case_id})

    async def end_resting(self, case_id: str, *, at: datetime) -> None:
        """End what stands still for a case that goes its own way from where it is."""
        resting = update(clocks).where(*_RUNNING, clocks.c.state == "paused")
        await self._db.execute(resting.values(state="returned", ended_at=at), {"of_case": case_id})

    async def resting_answers(self, lead_id: str) -> dict[str, datetime]:
        """When the answers of the cases that follow one would be due, by their ids."""
        found = await self._db.execute(
            select(clocks.c.case_id, clocks.c.due_at)
            .join(cases, cases.c.id == clocks.c.case_id)
            .where(cases.c.merged_into == lead_id, clocks.c.state == "paused")
            .where(clocks.c.kind.in_(("answer", "rework")))
            .order_by(clocks.c.id)
        )
        return {case_id: due_at for case_id, due_at in found}

    async def restore(self, case_id: str, numbers: Collection[int], *, at: datetime) -> None:
        """Have these clocks of a case run again, and hand back every other one that runs."""
        others = update(clocks).where(clocks.c.case_id == case_id, clocks.c.ended_at.is_(None))
        await self._db.execute(
            others.where(clocks.c.id.not_in(numbers)).values(state="returned", ended_at=at)
        )
        await self._db.execute(
            update(clocks)
            .where(clocks.c.case_id == case_id, clocks.c.id.in_(numbers))
            .values(state="running", ended_at=None)
        )

    async def hand_back(self, case_id: str, *, at: datetime) -> None:
        """End whatever runs for a unit that has to give the case up, and what rests for the cases that follow
        it: neither met nor missed."""
        await self._db.execute(_HAND_BACK, {"of_case": case_id, "moment": at})

    async def change(self, number: int, values: dict[str, Any]) -> None:
        """Give a clock another deadline, with all that follows from one (``intake.cases.dues``)."""
        await self._db.execute(update(clocks).where(clocks.c.id == number).values(**values))

    async def behind(self, calendar: int, limit: int) -> list[ClockRow]:
        """Clocks that have not ended and were counted under an earlier calendar than this change; locked
        with their cases, passing over what another holds."""
        found = await self._db.execute(_BEHIND.where(clocks.c.calendar < calendar).limit(limit))
        return all_made(ClockRow, found)

    async def over(self, begins: datetime, ends: datetime, limit: int) -> list[ClockRow]:
        """Clocks of cases that have not ended and whose time, as it stands, touches this one."""
        found = await self._db.execute(
            select(*_ROW)
            .where(clocks.c.case_id.is_not(None), text("clock.ended_at IS NULL"))
            .where(clocks.c.started_at < ends, clocks.c.due_at >= begins)
            .order_by(clocks.c.due_at, clocks.c.id)
            .limit(limit)
        )
        return all_made(ClockRow, found)

    async def counted(self, numbers: list[int], calendar: int) -> None:
        """Note that clocks stand as this calendar has them."""
        await self._db.execute(update(clocks).where(clocks.c.id.in_(numbers)).values(calendar=calendar))

    async def any_behind(self, calendar: int) -> bool:
        """Whether a clock that has not ended was counted under an earlier calendar."""
        found = await self._db.execute(
            select(clocks.c.id)
            .where(text("clock.ended_at IS NULL"), clocks.c.calendar < calendar)
            .order_by(clocks.c.calendar)
            .limit(1)
        )
        return found.one_or_none() is not None

    async def of_case(self, case_id: str) -> list[ClockRow]:
        found = await self._db.execute(_OF_CASE, {"of_case": case_id})
        return all_made(ClockRow, found)

    async def of_cases(self, case_ids: list[str]) -> list[ClockRow]:
        """The clocks of several cases that run or stand still, soonest first."""
        found = await self._db.execute(
            select(*_ROW)
            .where(clocks.c.case_id.in_(case_ids), clocks.c.state.in_(("running", "paused")))
            .order_by(clocks.c.due_at)
        )
        return all_made(ClockRow, found)

    async def started_between(self, kind: str, since: datetime, until: datetime) -> list[ClockRow]:
        """Running clocks of a kind that started then, oldest first."""
        found = await self._db.execute(
            select(*_ROW)
            .where(clocks.c.kind == kind, RUNS)
            .where(clocks.c.started_at >= since, clocks.c.started_at < until)
            .order_by(clocks.c.started_at)
        )
        return all_made(ClockRow, found)

    async def due(self, kind: str, now: datetime, limit: int) -> list[ClockRow]:
        """Running clocks of a kind whose time has passed, oldest first; locked against other workers."""
        found = await self._db.execute(
            select(*_ROW)
            .where(clocks.c.kind == kind, RUNS, clocks.c.due_at < now)
            .order_by(clocks.c.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return all_made(ClockRow, found)
