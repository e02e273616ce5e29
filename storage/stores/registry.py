"""Commitments and service guides."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, bindparam, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.stores.among import among
from storage.stores.rows import all_made, columns
from storage.stores.search import SearchStore
from storage.stores.wanted import PUBLISHED, Wanted
from storage.tables.registry import commitments, guides
from storage.vocab import EntryKind, GuideState


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
    decision_owner: str
    execution_owner: str
    coordination_owner: str
    supervision_owner: str
    co_departments: list[str]
    phone: str
    email: str
    progress: int
    progress_text: str
    claimed_at: datetime | None
    broken_reason: str | None
    proposal: dict[str, Any] | None
    round: int
    revision: int
    version: int
    updated_at: datetime
    last_seq: int
    last_hash: str


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
    state: str
    version: int
    updated_at: datetime
    last_seq: int
    last_hash: str


_ROW = columns(commitments, CommitmentRow)
_GUIDE = columns(guides, GuideRow)


class RegistryStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection
        self._search = SearchStore(connection)

    async def newest(self) -> datetime | None:
        """When a commitment, public or not, last changed."""
        at: datetime | None = (
            await self._db.execute(select(func.max(commitments.c.updated_at)))
        ).scalar_one()
        return at

    async def wanted(
        self, wanted: Wanted, *, limit: int | None = None, offset: int = 0
    ) -> list[CommitmentRow]:
        """Commitments that a list asks for, by code."""
        query = select(*_ROW).where(*wanted.conditions()).order_by(commitments.c.code)
        return all_made(CommitmentRow, await self._db.execute(query.limit(limit).offset(offset)))

    async def count_wanted(self, wanted: Wanted) -> int:
        query = select(func.count()).select_from(commitments).where(*wanted.conditions())
        return int((await self._db.execute(query)).scalar_one())

    async def by_state(self, wanted: Wanted) -> dict[str, int]:
        """How many of those that a list asks for are in each state."""
        query = select(commitments.c.state, func.count()).where(*wanted.conditions())
        return {state: count for state, count in await self._db.execute(query.group_by(commitments.c.state))}

    async def named(self, words: str, limit: int) -> list[CommitmentRow]:
        """The public commitment of this code or this very title, or those that have the words in their
        title."""
        code, title = func.lower(commitments.c.code), func.lower(commitments.c.title)
        said = words.lower()
        query = (
            select(*_ROW)
            .where(commitments.c.public.is_(True), commitments.c.state.in_(PUBLISHED))
            .where(or_(code == said, title.contains(said, autoescape=True)))
            .order_by(code != said, title != said, commitments.c.code)
            .limit(limit)
        )
        found = all_made(CommitmentRow, await self._db.execute(query))
        exact = [row for row in found if said in (row.code.lower(), row.title.lower())]
        return exact[:1] or found

    async def commitments_after(self, code: str, limit: int) -> list[CommitmentRow]:
        """A page of all commitments, public or not, by code; ``code`` is the last one of the page before."""
        query = select(*_ROW).where(commitments.c.code > code).order_by(commitments.c.code).limit(limit)
        return all_made(CommitmentRow, await self._db.execute(query))

    async def commitments_by_code(
        self, codes: Sequence[str], *, lock: bool = False
    ) -> dict[str, CommitmentRow]:
        """Those of these commitments that stand; ``lock`` keeps others from changing them meanwhile."""
        query = select(*_ROW).where(among(self._db, commitments.c.code, codes)).order_by(commitments.c.code)
        found = await self._db.execute(query.with_for_update(of=commitments) if lock else query)
        return {row.code: row for row in all_made(CommitmentRow, found)}

    async def add_commitments(self, rows: Sequence[dict[str, Any]], at: datetime) -> None:
        """Insert commitments at version 1; raises ``Raced`` by the end of the unit where a code stands."""
        if rows:
            stamps = {"version": 1, "created_at": at, "updated_at": at}
            await self._db.execute(insert(commitments), [{**row, **stamps} for row in rows])
            await self._search.write(EntryKind.COMMITMENT, [row["code"] for row in rows])

    async def change_commitments(self, rows: Sequence[dict[str, Any]], at: datetime) -> None:
        """Set all that each row names of the commitment with its code, and count its version up."""
        await self._change(commitments, rows, updated_at=at, version=commitments.c.version + 1)
        await self._search.write(EntryKind.COMMITMENT, [row["code"] for row in rows])

    async def add_missing(
        self, rows: list[dict[str, Any]], guide_rows: list[dict[str, Any]]
    ) -> tuple[int, int]:
        """Insert what is new by code; (commitments, guides) added."""
        added = []
        for table, kind, wanted in (
            (commitments, EntryKind.COMMITMENT, rows),
            (guides, EntryKind.GUIDE, guide_rows),
        ):
            before = set((await self._db.execute(select(table.c.code))).scalars())
            fresh = [row for row in wanted if row["code"] not in before]
            if fresh:
                await self._db.execute(insert(table), fresh)
                await self._search.write(kind, [row["code"] for row in fresh])
            added.append(len(fresh))
        return added[0], added[1]

    async def guides(
        self, *, states: Collection[str] = (GuideState.PUBLISHED,), department: str | None = None
    ) -> list[GuideRow]:
        """Guides in these states, by code."""
        query = select(*_GUIDE).where(guides.c.state.in_(states)).order_by(guides.c.code)
        if department is not None:
            query = query.where(guides.c.department == department)
        return all_made(GuideRow, await self._db.execute(query))

    async def guides_after(self, code: str, limit: int) -> list[GuideRow]:
        """A page of all guides, published or not, by code; ``code`` is the last one of the page before."""
        query = select(*_GUIDE).where(guides.c.code > code).order_by(guides.c.code).limit(limit)
        return all_made(GuideRow, await self._db.execute(query))

    async def guides_by_code(self, codes: Sequence[str], *, lock: bool = False) -> dict[str, GuideRow]:
        """Those of these guides that stand, in whatever state; ``lock`` keeps others from changing them."""
        query = select(*_GUIDE).where(among(self._db, guides.c.code, codes)).order_by(guides.c.code)
        found = await self._db.execute(query.with_for_update(of=guides) if lock else query)
        return {row.code: row for row in all_made(GuideRow, found)}

    async def add_guides(self, rows: Sequence[dict[str, Any]], at: datetime) -> None:
        """Insert guides; raises ``Raced`` by the end of the unit where a code stands."""
        if rows:
            await self._db.execute(insert(guides), [{**row, "updated_at": at} for row in rows])
            await self._search.write(EntryKind.GUIDE, [row["code"] for row in rows])

    async def change_guides(self, rows: Sequence[dict[str, Any]], at: datetime) -> None:
        """Set all that each row names of the guide with its code, and count its version up."""
        await self._change(guides, rows, updated_at=at, version=guides.c.version + 1)
        await self._search.write(EntryKind.GUIDE, [row["code"] for row in rows])

    async def _change(self, table: Table, rows: Sequence[dict[str, Any]], **stamps: Any) -> None:
        """One statement for many rows, which all name the same columns."""
        if not rows:
            return
        named: dict[str, Any] = {name: bindparam(f"new_{name}") for name in rows[0] if name != "code"}
        change = update(table).where(table.c.code == bindparam("old_code")).values(**named, **stamps)
        given = [
            {"old_code" if name == "code" else f"new_{name}": value for name, value in row.items()}
            for row in rows
        ]
        await self._db.execute(change, given)
