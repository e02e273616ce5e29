"""What a commitment lives through: its row, steps, milestones, versions, and the clocks on its dates."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, and_, bindparam, delete, exists, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.stores.among import among
from storage.stores.registry import CommitmentRow
from storage.stores.rows import all_made, columns, made
from storage.stores.search import SEARCHED, SearchStore
from storage.stores.stale import Raced
from storage.tables.cases import clocks
from storage.tables.registry import (
    commitment_milestones,
    commitment_steps,
    commitment_versions,
    commitments,
)
from storage.vocab import ClockKind, CommitmentState, EntryKind


@dataclass(frozen=True, slots=True)
class StepRow:
    """What is recorded of one step of the procedure; ``round`` counts from 1, one more with each change."""

    round: int
    step: str
    state: str
    done_on: date | None
    outcome: str
    document: str
    reason: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    n: int
    due_on: date
    title: str
    state: str
    evidence: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A text of the commitment; ``valid_from`` None while it is not in force yet."""

    n: int
    text: str
    target: str
    due_on: date | None
    reason: str
    consultation: str
    approved_at: datetime | None
    valid_from: date | None


@dataclass(frozen=True, slots=True)
class PromiseClock:
    """A deadline of a commitment, or of its milestone of that number."""

    id: int
    commitment: str
    milestone: int | None
    kind: str
    started_at: datetime
    due_at: datetime
    state: str
    rules_version: str
    ended_at: datetime | None
    next_rung_at: datetime | None


_ROW = columns(commitments, CommitmentRow)
_CHANGE = (
    update(commitments)
    .where(commitments.c.code == bindparam("of_code"), commitments.c.version == bindparam("read_version"))
    .returning(*_ROW)
)
_FOLLOW = (
    update(commitments)
    .where(commitments.c.code == bindparam("of_code"))
    .values(last_seq=bindparam("seq"), last_hash=bindparam("tip"), version=commitments.c.version + 1)
)
_CLOCK = columns(clocks, PromiseClock)
_OF_IT = clocks.c.commitment == commitments.c.code
_RUNNING = and_(clocks.c.ended_at.is_(None), clocks.c.kind == ClockKind.FULFIL.value)


class CommitmentStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection
        self._search = SearchStore(connection)

    async def get(self, code: str, *, lock: bool = False) -> CommitmentRow | None:
        query = select(*_ROW).where(commitments.c.code == code)
        found = await self._db.execute(query.with_for_update() if lock else query)
        return made(CommitmentRow, found.one_or_none())

    async def add(self, values: dict[str, Any]) -> CommitmentRow:
        """Insert a commitment; raises ``Raced`` by the end of the unit where the code stands."""
        added = await self._db.execute(insert(commitments).returning(*_ROW), values)
        row = CommitmentRow(*added.one())
        await self._search.write(EntryKind.COMMITMENT, [row.code])
        return row

    async def change(self, row: CommitmentRow, values: dict[str, Any]) -> CommitmentRow:
        """Write under the version that was read; raises :class:`Raced` where it moved."""
        read = {"of_code": row.code, "read_version": row.version}
        done = await self._db.execute(_CHANGE, {**read, "version": row.version + 1, **values})
        changed = made(CommitmentRow, done.one_or_none())
        if changed is None:
            raise Raced("commitment")
        if values.keys() & {"title", "department", *SEARCHED}:
            await self._search.write(EntryKind.COMMITMENT, [row.code])
        return changed

    async def follow(self, tips: dict[str, tuple[int, str]]) -> None:
        """Write the tips of events that were appended to commitments whose rows are locked."""
        if tips:
            rows = [{"of_code": one, "seq": seq, "tip": tip} for one, (seq, tip) in tips.items()]
            await self._db.execute(_FOLLOW, rows)

    async def steps(self, code: str) -> list[StepRow]:
        """Everything recorded, of every round."""
        found = await self._db.execute(
            select(*columns(commitment_steps, StepRow))
            .where(commitment_steps.c.commitment == code)
            .order_by(commitment_steps.c.round, commitment_steps.c.step)
        )
        return all_made(StepRow, found)

    async def put_step(self, values: dict[str, Any]) -> None:
        """Record a step; what was recorded of it in this round before stands in the archive."""
        await self._put(commitment_steps, ("commitment", "round", "step"), values)

    async def milestones(self, code: str) -> list[MilestoneRow]:
        found = await self._db.execute(
            select(*columns(commitment_milestones, MilestoneRow))
            .where(commitment_milestones.c.commitment == code)
            .order_by(commitment_milestones.c.n)
        )
        return all_made(MilestoneRow, found)

    async def put_milestone(self, values: dict[str, Any]) -> None:
        await self._put(commitment_milestones, ("commitment", "n"), values)

    async def versions(self, code: str) -> list[VersionRow]:
        found = await self._db.execute(
            select(*columns(commitment_versions, VersionRow))
            .where(commitment_versions.c.commitment == code)
            .order_by(commitment_versions.c.n)
        )
        return all_made(VersionRow, found)

    async def put_version(self, values: dict[str, Any]) -> None:
        await self._put(commitment_versions, ("commitment", "n"), values)

    async def drop_version(self, code: str, n: int) -> None:
        """Take a text away that never came into force; the archive keeps it."""
        gone = delete(commitment_versions).where(commitment_versions.c.valid_from.is_(None))
        await self._db.execute(
            gone.where(commitment_versions.c.commitment == code, commitment_versions.c.n == n)
        )

    async def clocks(self, code: str) -> list[PromiseClock]:
        found = await self._db.execute(
            select(*_CLOCK).where(clocks.c.commitment == code).order_by(clocks.c.due_at, clocks.c.id)
        )
        return all_made(PromiseClock, found)

    async def end_clock(self, number: int, state: str, *, at: datetime) -> None:
        await self._db.execute(update(clocks).where(clocks.c.id == number).values(state=state, ended_at=at))

    async def drop_clocks(self, codes: Collection[str], *, at: datetime) -> None:
        """End whatever runs for these commitments, whose dates are others now: neither met nor missed."""
        if not codes:
            return
        await self._db.execute(
            update(clocks)
            .where(among(self._db, clocks.c.commitment, codes), clocks.c.ended_at.is_(None))
            .values(state="returned", ended_at=at)
        )

    async def without_clock(self, limit: int) -> list[CommitmentRow]:
        """Commitments to be kept by a day on which no clock runs yet: files brought them."""
        found = await self._db.execute(
            select(*_ROW)
            .where(commitments.c.state == CommitmentState.ACTIVE.value, commitments.c.due_on.is_not(None))
            .where(~exists().where(_OF_IT, _RUNNING))
            .order_by(commitments.c.code)
            .limit(limit)
            .with_for_update(skip_locked=True, of=commitments)
        )
        return all_made(CommitmentRow, found)

    async def clocks_behind(self, calendar: int, limit: int) -> list[PromiseClock]:
        """Running clocks that were planned under an earlier calendar than this change; locked."""
        found = await self._db.execute(
            select(*_CLOCK)
            .where(clocks.c.commitment.is_not(None), clocks.c.ended_at.is_(None))
            .where(clocks.c.calendar < calendar)
            .order_by(clocks.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return all_made(PromiseClock, found)

    async def _put(self, table: Table, key: tuple[str, ...], values: dict[str, Any]) -> None:
        dialect = sqlite if self._db.dialect.name == "sqlite" else postgresql
        others = {name: value for name, value in values.items() if name not in key}
        await self._db.execute(
            dialect.insert(table).values(**values).on_conflict_do_update(index_elements=key, set_=others)
        )
