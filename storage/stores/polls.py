"""Polls, votes and opinions."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, exists, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.stores.rows import all_made, columns, made
from storage.stores.wanted import PUBLISHED
from storage.tables.polls import opinions, polls, votes
from storage.tables.registry import commitments
from storage.vocab import Choice


@dataclass(frozen=True, slots=True)
class PollRow:
    """``round`` is that of the commitment's procedure; the counts are there once it is closed."""

    id: int
    commitment: str
    round: int
    question: str
    opened_at: datetime
    closes_on: date
    day_named: bool
    closed_at: datetime | None
    agree: int | None
    against: int | None
    opinions: int | None


@dataclass(frozen=True, slots=True)
class OpinionRow:
    """``body`` is the vault's; ``adopted`` None until it is answered."""

    id: int
    poll: int
    reporter_id: str
    body: bytes
    at: datetime
    adopted: bool | None
    why: str
    answered_by: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Counts:
    agree: int
    against: int
    opinion: int


_POLL = columns(polls, PollRow)
_OPINION = columns(opinions, OpinionRow)


class PollStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection
        self._dialect = sqlite if connection.dialect.name == "sqlite" else postgresql

    async def add(self, values: dict[str, Any]) -> PollRow:
        """Open a poll; raises ``Raced`` by the end of the unit where this round has one."""
        added = await self._db.execute(insert(polls).returning(*_POLL), values)
        return PollRow(*added.one())

    async def last(self, commitment: str, *, lock: bool = False) -> PollRow | None:
        """The newest poll on a commitment; ``lock`` keeps it from closing, or from votes, meanwhile."""
        query = select(*_POLL).where(polls.c.commitment == commitment).order_by(polls.c.round.desc()).limit(1)
        found = await self._db.execute(query.with_for_update() if lock else query)
        return made(PollRow, found.one_or_none())

    async def open_ones(self, today: date, limit: int) -> list[PollRow]:
        """Polls in which people can vote today, what closes first first."""
        found = await self._db.execute(
            select(*_POLL)
            .join(commitments, commitments.c.code == polls.c.commitment)
            .where(polls.c.closed_at.is_(None), polls.c.closes_on >= today)
            .where(commitments.c.public.is_(True), commitments.c.state.in_(PUBLISHED))
            .order_by(polls.c.closes_on, polls.c.id)
            .limit(limit)
        )
        return all_made(PollRow, found)

    async def due(self, today: date) -> list[PollRow]:
        """Polls whose last day is over and which nobody closed yet; locked."""
        found = await self._db.execute(
            select(*_POLL)
            .where(polls.c.closed_at.is_(None), polls.c.closes_on < today)
            .order_by(polls.c.id)
            .with_for_update(skip_locked=True)
        )
        return all_made(PollRow, found)

    async def close(self, poll: int, counts: Counts, at: datetime) -> None:
        counted = {"agree": counts.agree, "against": counts.against, "opinions": counts.opinion}
        await self._db.execute(update(polls).where(polls.c.id == poll).values(closed_at=at, **counted))

    async def count(self, poll: int) -> Counts:
        """What stands now: votes either way, and people who said something."""
        found = await self._db.execute(
            select(votes.c.choice, func.count()).where(votes.c.poll == poll).group_by(votes.c.choice)
        )
        chosen: dict[str, int] = {choice: number for choice, number in found}
        said = await self._db.execute(select(func.count()).where(opinions.c.poll == poll))
        return Counts(chosen.get(Choice.AGREE, 0), chosen.get(Choice.AGAINST, 0), int(said.scalar_one()))

    async def vote(self, poll: int, reporter_id: str, choice: str, at: datetime) -> None:
        """One vote a person: a later one takes the place of the earlier."""
        row = {"poll": poll, "reporter_id": reporter_id, "choice": choice, "at": at}
        statement = self._dialect.insert(votes).values(row)
        changed = {"choice": choice, "at": at}
        await self._db.execute(
            statement.on_conflict_do_update(index_elements=["poll", "reporter_id"], set_=changed)
        )

    async def vote_of(self, poll: int, reporter_id: str) -> str | None:
        query = select(votes.c.choice).where(votes.c.poll == poll, votes.c.reporter_id == reporter_id)
        return (await self._db.execute(query)).scalar_one_or_none()

    # ── opinions ─────────────────────────────────────────────────────────────────────────────────────

    async def say(self, poll: int, reporter_id: str, body: bytes, at: datetime) -> bool:
        """Keep what a person thinks in the place of what they said before; False where that was answered."""
        row = {"poll": poll, "reporter_id": reporter_id, "body": body, "at": at, "why": ""}
        done = await self._db.execute(
            self._dialect.insert(opinions)
            .values(row)
            .on_conflict_do_update(
                index_elements=["poll", "reporter_id"],
                set_={"body": body, "at": at},
                where=opinions.c.answered_at.is_(None),
            )
        )
        return done.rowcount == 1

    async def opinion_of(self, poll: int, reporter_id: str) -> OpinionRow | None:
        query = select(*_OPINION).where(opinions.c.poll == poll, opinions.c.reporter_id == reporter_id)
        return made(OpinionRow, (await self._db.execute(query)).one_or_none())

    async def opinions(self, commitment: str) -> list[OpinionRow]:
        """What was said in all polls on a commitment: unanswered ones first, then in their order."""
        found = await self._db.execute(
            select(*_OPINION)
            .join(polls, polls.c.id == opinions.c.poll)
            .where(polls.c.commitment == commitment)
            .order_by(opinions.c.answered_at.is_not(None), opinions.c.id)
        )
        return all_made(OpinionRow, found)

    async def any_unanswered(self, commitment: str) -> bool:
        waiting = exists().where(
            opinions.c.poll == polls.c.id, polls.c.commitment == commitment, opinions.c.answered_at.is_(None)
        )
        return bool((await self._db.execute(select(waiting))).scalar_one())

    async def unanswered(self) -> dict[str, int]:
        """Commitment → how many opinions on it wait for an answer."""
        found = await self._db.execute(
            select(polls.c.commitment, func.count())
            .join(opinions, opinions.c.poll == polls.c.id)
            .where(opinions.c.answered_at.is_(None))
            .group_by(polls.c.commitment)
        )
        return {commitment: count for commitment, count in found}

    async def answer(self, opinion: int, *, adopted: bool, why: str, by: str, at: datetime) -> bool:
        """Answer once; False where somebody answered before."""
        done = await self._db.execute(
            update(opinions)
            .where(opinions.c.id == opinion, opinions.c.answered_at.is_(None))
            .values(adopted=adopted, why=why, answered_by=by, answered_at=at)
        )
        return done.rowcount == 1

    async def forget(self, reporter_id: str, body: bytes) -> None:
        """Drop a citizen's votes (a closed poll keeps its counts), and put ``body`` in the place of what they
        said."""
        await self._db.execute(delete(votes).where(votes.c.reporter_id == reporter_id))
        mine = opinions.c.reporter_id == reporter_id
        await self._db.execute(update(opinions).where(mine).values(body=body))
