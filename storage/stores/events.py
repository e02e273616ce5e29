"""The archive's rows. Hashes are made and checked in ``intake.archive``; here they are only kept."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, desc, false, func, insert, literal, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.stores.rows import all_made, columns, made
from storage.tables.cases import cases
from storage.tables.events import archive_heads, event_payloads, events
from storage.tables.registry import commitments, guides


@dataclass(frozen=True, slots=True)
class EventRow:
    id: int
    subject_kind: str
    subject_id: str
    seq: int
    at: datetime
    actor_role: str
    actor: str
    action: str
    from_state: str | None
    to_state: str | None
    payload_digest: str
    previous: str
    hash: str
    salt: str
    body: dict[str, Any] | None
    erased: bool


@dataclass(frozen=True, slots=True)
class OpenedRow:
    """A look at who reported a case."""

    id: int
    at: datetime
    actor_role: str
    actor: str
    tracking_no: str
    body: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class HeadRow:
    day: date
    subjects: int
    events: int
    digest: str
    previous: str
    hmac: str
    made_at: datetime


_EVENT = [
    *(c for c in events.c),
    event_payloads.c.salt,
    event_payloads.c.body,
    event_payloads.c.erased,
]
_HEAD = columns(archive_heads, HeadRow)
_ADD = insert(events).returning(events.c.id)
_ADD_PAYLOAD = insert(event_payloads)
_NAMED = [column for column in events.c if column.name != "id"]
_ADDED = (
    insert(events).values({c.name: bindparam(c.name, type_=c.type) for c in _NAMED}).returning(events.c.id)
)
_ADDED_EVENT = _ADDED.cte("added")
_ADD_BOTH = insert(event_payloads).from_select(
    ["event_id", "salt", "body", "erased"],
    select(
        _ADDED_EVENT.c.id,
        bindparam("salt", type_=event_payloads.c.salt.type),
        bindparam("body", type_=event_payloads.c.body.type),
        false(),
    ),
)
_JOINED = events.outerjoin(event_payloads, event_payloads.c.event_id == events.c.id)

_OPENED = (
    select(
        *(events.c[name] for name in ("id", "at", "actor_role", "actor")),
        cases.c.tracking_no,
        event_payloads.c.body,
    )
    .select_from(_JOINED.join(cases, cases.c.id == events.c.subject_id))
    .where(text("event.action = 'open_identity'"))
    .order_by(desc(events.c.id))
)


class EventStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def add(self, event: dict[str, Any], *, salt: str, body: dict[str, Any]) -> None:
        """Append an event and its payload; PostgreSQL takes both in one statement."""
        if self._db.dialect.name == "postgresql":
            await self._db.execute(_ADD_BOTH, {**event, "salt": salt, "body": body})
            return
        added = await self._db.execute(_ADD, event)
        payload = {"event_id": added.scalar_one(), "salt": salt, "body": body, "erased": False}
        await self._db.execute(_ADD_PAYLOAD, payload)

    async def add_all(self, rows: list[tuple[dict[str, Any], str, dict[str, Any]]]) -> None:
        """Append events with their salts and payloads, in two statements."""
        if not rows:
            return
        added = insert(events).returning(events.c.id, sort_by_parameter_order=True)
        numbers = (await self._db.execute(added, [row for row, _, _ in rows])).scalars().all()
        payloads = [
            {"event_id": number, "salt": salt, "body": body, "erased": False}
            for number, (_, salt, body) in zip(numbers, rows, strict=True)
        ]
        await self._db.execute(_ADD_PAYLOAD, payloads)

    async def of(self, subject_kind: str, subject_id: str) -> list[EventRow]:
        """One subject's events in order, payloads with them."""
        found = await self._db.execute(
            select(*_EVENT)
            .select_from(_JOINED)
            .where(events.c.subject_kind == subject_kind, events.c.subject_id == subject_id)
            .order_by(events.c.seq)
        )
        return all_made(EventRow, found)

    async def opened(self, *, before: int | None, limit: int) -> list[OpenedRow]:
        """The looks at identities, newest first, below the number ``before``."""
        query = _OPENED if before is None else _OPENED.where(events.c.id < before)
        return all_made(OpenedRow, await self._db.execute(query.limit(limit)))

    async def everything(self, batch: int = 2000) -> AsyncIterator[EventRow]:
        """Every event, subject by subject in order of sequence, in bounded memory."""
        found = await self._db.stream(
            select(*_EVENT)
            .select_from(_JOINED)
            .order_by(events.c.subject_kind, events.c.subject_id, events.c.seq)
            .execution_options(yield_per=batch)
        )
        async for row in found:
            yield EventRow(*row)

    async def tips(self) -> dict[tuple[str, str], tuple[int, str]]:
        """(kind, id) → (last sequence, last hash) as the subjects' own rows remember them."""
        made_here = commitments.c.last_seq > 0  # what a file brought has no event yet
        found = await self._db.execute(
            select(literal("case"), cases.c.id, cases.c.last_seq, cases.c.last_hash).union_all(
                select(
                    literal("commitment"),
                    commitments.c.code,
                    commitments.c.last_seq,
                    commitments.c.last_hash,
                ).where(made_here),
                select(literal("guide"), guides.c.code, guides.c.last_seq, guides.c.last_hash).where(
                    guides.c.last_seq > 0
                ),
            )
        )
        return {(kind, name): (seq, digest) for kind, name, seq, digest in found}

    async def add_head(self, values: dict[str, Any]) -> None:
        await self._db.execute(insert(archive_heads).values(**values))

    async def last_head(self) -> HeadRow | None:
        found = await self._db.execute(select(*_HEAD).order_by(desc(archive_heads.c.day)).limit(1))
        return made(HeadRow, found.one_or_none())

    async def heads(self) -> list[HeadRow]:
        return all_made(HeadRow, await self._db.execute(select(*_HEAD).order_by(archive_heads.c.day)))

    async def count_until(self, moment: datetime) -> int:
        found = await self._db.execute(select(func.count()).where(events.c.at < moment))
        return int(found.scalar_one())
