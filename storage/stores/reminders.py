"""Reminders: clocks whose next rung is due, rungs fired once, who was told and in which digest."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    delete,
    false,
    func,
    null,
    select,
    text,
    update,
)
from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.base import Instant
from storage.stores.rows import all_made
from storage.tables.cases import cases, clocks
from storage.tables.outbox import outbox
from storage.tables.registry import commitments
from storage.tables.reminders import fired_rungs, reminders
from storage.vocab import Reach


@dataclass(frozen=True, slots=True)
class DueClock:
    """A running clock beside what its case or commitment says of whom to remind; ``bound`` is a unit of the
    clock's own. ``tracking_no`` of a commitment is its code."""

    id: int
    case_id: str | None
    commitment: str | None
    kind: str
    started_at: datetime
    due_at: datetime
    estimated: bool
    due_version: int
    next_rung_at: datetime
    rules_version: str
    bound: str | None
    tracking_no: str
    state: str
    department: str | None
    assignee: str | None
    urgent: bool
    last_seq: int
    last_hash: str


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """One rung as one person was told it by one channel. ``login`` None: nobody holds the post.
    ``stands_for``: who is away and should have been told. ``delivered`` None: not known yet."""

    id: int
    commitment: str | None
    tracking_no: str
    clock: str
    rung: str
    due_at: datetime
    estimated: bool
    login: str | None
    role: str
    department: str | None
    channel: str | None
    urgent: bool
    stands_for: str | None
    at: datetime
    digest_id: int | None
    delivered: bool | None


Fired = tuple[int, str, int]
"""Clock, rung, version of the due date."""

_RUNNING = text("clock.state = 'running' AND clock.next_rung_at IS NOT NULL")
_JOINED = clocks.join(cases, cases.c.id == clocks.c.case_id)
_OF_CLOCK = (
    *(clocks.c[name] for name in ("id", "case_id", "commitment", "kind", "started_at", "due_at")),
    *(clocks.c[name] for name in ("estimated", "due_version", "next_rung_at", "rules_version", "department")),
)
_DUE = (
    select(
        *_OF_CLOCK,
        cases.c.tracking_no,
        cases.c.state,
        cases.c.department,
        cases.c.assignee,
        cases.c.urgent,
        cases.c.last_seq,
        cases.c.last_hash,
    )
    .select_from(_JOINED)
    .where(_RUNNING)
    .order_by(clocks.c.next_rung_at, clocks.c.id)
    .with_for_update(skip_locked=True)
)
_PROMISED = (
    select(
        *_OF_CLOCK,
        commitments.c.code,
        commitments.c.state,
        commitments.c.department,
        null(),
        false(),
        commitments.c.last_seq,
        commitments.c.last_hash,
    )
    .select_from(clocks.join(commitments, commitments.c.code == clocks.c.commitment))
    .where(_RUNNING)
    .order_by(clocks.c.next_rung_at, clocks.c.id)
    .with_for_update(skip_locked=True)
)
_ANY_DUE = select(clocks.c.id).where(_RUNNING).order_by(clocks.c.next_rung_at)
_PLAN = (
    update(clocks)
    .where(clocks.c.id == bindparam("of_clock"))
    .values(next_rung_at=bindparam("then", type_=Instant))
)
_DELIVERED = case(
    (reminders.c.login.is_(None), false()),
    (outbox.c.state.in_(("dead", "cancelled")), false()),
    else_=outbox.c.delivered,
)
_SHOWN = select(
    *(reminders.c[name] for name in ("id", "commitment", "tracking_no", "clock", "rung", "due_at")),
    *(
        reminders.c[name]
        for name in ("estimated", "login", "role", "department", "channel", "urgent", "stands_for")
    ),
    *(reminders.c[name] for name in ("at", "digest_id")),
    _DELIVERED,
).select_from(reminders.outerjoin(outbox, outbox.c.id == reminders.c.digest_id))
_APART = and_(reminders.c.urgent, reminders.c.channel != Reach.CONSOLE.value)
"""Urgent ones go at once, whatever hours a person keeps; the console shows all of a minute together."""
_LOOSE = and_(reminders.c.digest_id.is_(None), reminders.c.login.is_not(None))


class ReminderStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def due(self, now: datetime, limit: int, *, urgent_only: bool = False) -> list[DueClock]:
        """Running clocks whose next rung is due, those of cases first, then soonest first; locked with their
        cases and commitments, passing over what another holds. A commitment is never urgent."""
        found = await self._db.execute(_limited(_DUE, now, urgent_only).limit(limit))
        due = all_made(DueClock, found)
        if urgent_only or len(due) == limit:
            return due
        promised = _PROMISED.where(clocks.c.next_rung_at <= now).limit(limit - len(due))
        return due + all_made(DueClock, await self._db.execute(promised))

    async def none_due(self, now: datetime, *, urgent_only: bool = False) -> bool:
        """Whether no rung is due, not even on a clock that another holds."""
        query = _limited(_ANY_DUE.select_from(_JOINED if urgent_only else clocks), now, urgent_only)
        return (await self._db.execute(query.limit(1))).one_or_none() is None

    async def fire(self, rungs: list[Fired], at: datetime) -> set[Fired]:
        """Mark rungs as fired; those that were not before."""
        dialect = sqlite if self._db.dialect.name == "sqlite" else postgresql
        statement = (
            dialect.insert(fired_rungs)
            .on_conflict_do_nothing(index_elements=["clock_id", "rung", "due_version"])
            .returning(fired_rungs.c.clock_id, fired_rungs.c.rung, fired_rungs.c.due_version)
        )
        rows = [{"clock_id": clock, "rung": rung, "due_version": n, "at": at} for clock, rung, n in rungs]
        if not rows:
            return set()
        fresh = await self._db.execute(statement, rows)
        return {(clock, rung, version) for clock, rung, version in fresh}

    async def plan(self, times: dict[int, datetime | None]) -> None:
        """When each clock's next rung is to be fired; None for no more."""
        if times:
            await self._db.execute(_PLAN, [{"of_clock": one, "then": then} for one, then in times.items()])

    async def add(self, rows: list[dict[str, Any]]) -> None:
        """Write down who is to be told of which rung."""
        if rows:
            await self._db.execute(plain_insert(reminders), rows)

    async def loose(self) -> list[tuple[str, str, bool]]:
        """People and channels with reminders that are in no digest yet; True: those that go apart."""
        found = await self._db.execute(
            select(reminders.c.login, reminders.c.channel, _APART)
            .where(_LOOSE)
            .distinct()
            .order_by(reminders.c.login)
        )
        return [(login, channel, bool(apart)) for login, channel, apart in found]

    async def gather(self, login: str, channel: str, digest: int, *, apart: bool) -> int:
        """Put a person's loose reminders of one channel into a digest; how many."""
        mine = and_(_LOOSE, reminders.c.login == login, reminders.c.channel == channel)
        done = await self._db.execute(
            update(reminders).where(mine, _APART if apart else ~_APART).values(digest_id=digest)
        )
        return done.rowcount

    async def since(
        self, moment: datetime | None, *, after: tuple[datetime, int] | None = None, limit: int
    ) -> list[ReminderRow]:
        """Reminders from ``moment`` on, oldest first; ``after``: time and number of the last one known."""
        query = _SHOWN.order_by(reminders.c.at, reminders.c.id).limit(limit)
        if moment is not None:
            query = query.where(reminders.c.at >= moment)
        if after is not None:
            at, number = after
            later = (reminders.c.at > at) | and_(reminders.c.at == at, reminders.c.id > number)
            query = query.where(reminders.c.at >= at, later)
        return all_made(ReminderRow, await self._db.execute(query))

    async def of_digest(self, digest: int) -> list[ReminderRow]:
        """The lines of a digest, in the order of their deadlines."""
        query = _SHOWN.where(reminders.c.digest_id == digest).order_by(reminders.c.due_at, reminders.c.id)
        return all_made(ReminderRow, await self._db.execute(query))

    async def of_case(self, case_id: str, *, limit: int) -> list[ReminderRow]:
        """Who was reminded of a case's deadlines, newest first."""
        query = _SHOWN.where(reminders.c.case_id == case_id).order_by(reminders.c.id.desc()).limit(limit)
        return all_made(ReminderRow, await self._db.execute(query))

    async def shown_to(self, login: str, channel: str, *, limit: int) -> list[ReminderRow]:
        """What a person's digests of one channel say, newest first."""
        query = (
            _SHOWN.where(
                reminders.c.login == login,
                reminders.c.channel == channel,
                reminders.c.digest_id.is_not(None),
            )
            .order_by(reminders.c.id.desc())
            .limit(limit)
        )
        return all_made(ReminderRow, await self._db.execute(query))

    async def elsewhere(self, login: str, channel: str, *, since: datetime) -> list[ReminderRow]:
        """What a person was told from ``since`` on by other channels than this one."""
        query = _SHOWN.where(
            reminders.c.login == login, reminders.c.channel != channel, reminders.c.at >= since
        ).order_by(reminders.c.id)
        return all_made(ReminderRow, await self._db.execute(query))

    async def unseen(self, login: str, channel: str) -> int:
        """How many reminders stand in digests of this channel that the person has not looked at."""
        found = await self._db.execute(
            select(func.count())
            .select_from(reminders.join(outbox, outbox.c.id == reminders.c.digest_id))
            .where(outbox.c.login == login, outbox.c.via == channel, outbox.c.delivered.is_(None))
        )
        return int(found.scalar_one())

    async def forget(self, before: datetime) -> int:
        """Delete the reminders of before then; how many. That their rungs were fired stays known."""
        done = await self._db.execute(delete(reminders).where(reminders.c.at < before))
        return done.rowcount

    async def seen(self, login: str, channel: str) -> None:
        """The person has looked at everything that this channel shows."""
        await self._db.execute(
            update(outbox)
            .where(outbox.c.login == login, outbox.c.via == channel, outbox.c.delivered.is_(None))
            .values(delivered=True)
        )


def _limited(query: Select[Any], now: datetime, urgent_only: bool) -> Select[Any]:
    due: ColumnElement[bool] = clocks.c.next_rung_at <= now
    return query.where(due, cases.c.urgent.is_(True)) if urgent_only else query.where(due)
