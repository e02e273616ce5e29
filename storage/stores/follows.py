"""Who follows which commitment, the news, and who has not heard them yet: followers, and voters of a poll."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, and_, delete, exists, func, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import ColumnElement

from storage.stores.registry import CommitmentRow
from storage.stores.rows import all_made, columns
from storage.stores.wanted import PUBLISHED
from storage.tables.following import follows, news
from storage.tables.identity import identities
from storage.tables.outbox import outbox
from storage.tables.polls import votes
from storage.tables.registry import commitments
from storage.vocab import CommitmentState


@dataclass(frozen=True, slots=True)
class NewsRow:
    """What happened to the commitment ``about``; the followers of ``commitment`` are told, which is empty for
    who is told because they voted."""

    id: int
    commitment: str
    about: str
    kind: str
    facts: dict[str, Any]
    at: datetime


_NEWS = columns(news, NewsRow)
_UNHEARD = and_(
    news.c.commitment == follows.c.commitment,
    news.c.done_at.is_(None),
    news.c.id > follows.c.told,
    news.c.at >= follows.c.since,
)
_UNTOLD = and_(news.c.poll == votes.c.poll, news.c.done_at.is_(None), votes.c.told.is_(False))
_AUDIENCES: tuple[tuple[Table, ColumnElement[bool]], ...] = ((follows, _UNHEARD), (votes, _UNTOLD))


def _can_be_told(audience: Table) -> ColumnElement[bool]:
    return and_(
        identities.c.reporter_id == audience.c.reporter_id,
        identities.c.reachable.is_(True),
        identities.c.openid.is_not(None),
    )


def _waiting() -> list[ColumnElement[bool]]:
    """Whether somebody of each audience, who can be told, has not heard the news."""
    return [exists().where(unheard).where(_can_be_told(audience)) for audience, unheard in _AUDIENCES]


class FollowStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection
        self._dialect = sqlite if connection.dialect.name == "sqlite" else postgresql

    async def add(self, commitment: str, reporter_id: str, at: datetime) -> bool:
        """Follow; False where the reporter did already."""
        row = {"commitment": commitment, "reporter_id": reporter_id, "since": at, "told": 0}
        done = await self._db.execute(self._dialect.insert(follows).values(row).on_conflict_do_nothing())
        return done.rowcount == 1

    async def drop(self, commitment: str, reporter_id: str) -> bool:
        """Follow no longer; False where the reporter did not."""
        mine = and_(follows.c.commitment == commitment, follows.c.reporter_id == reporter_id)
        return (await self._db.execute(delete(follows).where(mine))).rowcount == 1

    async def forget(self, reporter_id: str) -> None:
        """Drop all that one citizen follows."""
        await self._db.execute(delete(follows).where(follows.c.reporter_id == reporter_id))

    async def of_reporter(self, reporter_id: str) -> list[CommitmentRow]:
        """What a citizen follows and may still read, the newest first."""
        found = await self._db.execute(
            select(*columns(commitments, CommitmentRow))
            .join(follows, follows.c.commitment == commitments.c.code)
            .where(follows.c.reporter_id == reporter_id)
            .where(commitments.c.public.is_(True), commitments.c.state.in_(PUBLISHED))
            .order_by(follows.c.since.desc(), commitments.c.code)
        )
        return all_made(CommitmentRow, found)

    async def count(self, commitment: str) -> int:
        """How many people follow a commitment."""
        query = select(func.count()).where(follows.c.commitment == commitment)
        return int((await self._db.execute(query)).scalar_one())

    async def followed_in(self, department: str) -> list[str]:
        """The commitments of a unit that anybody follows."""
        found = await self._db.execute(
            select(follows.c.commitment)
            .join(commitments, commitments.c.code == follows.c.commitment)
            .where(commitments.c.department == department)
            .distinct()
            .order_by(follows.c.commitment)
        )
        return list(found.scalars())

    # ── news ─────────────────────────────────────────────────────────────────────────────────────────

    async def add_news(self, rows: Sequence[dict[str, Any]]) -> None:
        """Write news down; those whose ``once`` stands already are left out."""
        if rows:
            statement = self._dialect.insert(news).on_conflict_do_nothing(index_elements=["once"])
            await self._db.execute(statement, [{"once": None, "poll": None, **row} for row in rows])

    async def overdue(self, today: date, *, since: date) -> list[CommitmentRow]:
        """Public commitments in force whose day was ``since`` or later and has passed."""
        found = await self._db.execute(
            select(*columns(commitments, CommitmentRow))
            .where(commitments.c.state == CommitmentState.ACTIVE.value, commitments.c.public.is_(True))
            .where(commitments.c.due_on < today, commitments.c.due_on >= since)
            .order_by(commitments.c.code)
        )
        return all_made(CommitmentRow, found)

    async def any_open(self, since: datetime) -> bool:
        """Whether news of ``since`` or before wait for somebody to be told."""
        query = select(exists().where(news.c.done_at.is_(None), news.c.at <= since))
        return bool((await self._db.execute(query)).scalar_one())

    async def to_tell(self, *, ripe: datetime, key: str, limit: int) -> list[str]:
        """Reporters who have not heard news of ``ripe`` or before; who has an outbox row under ``key`` and
        their number had a digest today."""
        people: set[str] = set()
        for audience, unheard in _AUDIENCES:
            reporter = audience.c.reporter_id
            found = await self._db.execute(
                select(reporter)
                .join(news, unheard)
                .join(identities, _can_be_told(audience))
                .where(news.c.at <= ripe, ~exists().where(outbox.c.dedupe_key == literal(key) + reporter))
                .distinct()
                .order_by(reporter)
                .limit(limit)
            )
            people.update(found.scalars())
        return sorted(people)[:limit]

    async def any_unheard(self, ripe: datetime) -> bool:
        """Whether anybody has not heard news of ``ripe`` or before, today's digest or not."""
        waiting = [each.where(news.c.at <= ripe) for each in _waiting()]
        return bool((await self._db.execute(select(or_(*waiting)))).scalar_one())

    async def newest(self, settled: datetime) -> int:
        """The number of the last open news of ``settled`` or before; 0 where there is none."""
        query = select(func.max(news.c.id)).where(news.c.done_at.is_(None), news.c.at <= settled)
        return int((await self._db.execute(query)).scalar_one() or 0)

    async def unheard(self, reporters: Collection[str], *, last: int) -> dict[str, list[NewsRow]]:
        """The news up to number ``last`` that each of these reporters has not heard, in their order; once
        to who follows and has voted."""
        heard: dict[str, dict[int, NewsRow]] = {reporter: {} for reporter in reporters}
        for audience, unheard in _AUDIENCES:
            found = await self._db.execute(
                select(audience.c.reporter_id, *_NEWS)
                .join(news, unheard)
                .where(audience.c.reporter_id.in_(reporters), news.c.id <= last)
            )
            for reporter, *values in found:
                row = NewsRow(*values)
                row = row if audience is follows else replace(row, commitment="")
                heard[reporter].setdefault(row.id, row)
        return {reporter: [rows[id_] for id_ in sorted(rows)] for reporter, rows in heard.items()}

    async def heard(self, reporters: Collection[str], *, last: int) -> None:
        """These reporters have been told everything up to number ``last``."""
        await self._db.execute(
            update(follows)
            .where(follows.c.reporter_id.in_(reporters), follows.c.told < last)
            .values(told=last)
        )
        results = select(news.c.poll).where(news.c.poll.is_not(None), news.c.done_at.is_(None))
        await self._db.execute(
            update(votes)
            .where(votes.c.reporter_id.in_(reporters), votes.c.told.is_(False))
            .where(votes.c.poll.in_(results.where(news.c.id <= last)))
            .values(told=True)
        )

    async def finish(self, ripe: datetime, at: datetime) -> None:
        """Close the news of ``ripe`` or before that nobody is left to hear."""
        nobody = ~or_(*_waiting())
        await self._db.execute(
            update(news).where(news.c.done_at.is_(None), news.c.at <= ripe, nobody).values(done_at=at)
        )
