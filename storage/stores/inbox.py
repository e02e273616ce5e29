"""The inbox: one row for each delivery, whoever repeats it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, literal_column, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.stores.rows import all_made, columns, made
from storage.tables.inbox import inbox


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One delivery. ``done_at`` None: somebody works on it until ``leased_until`` (wall time)."""

    id: int
    account: str
    message_key: str
    reporter_id: str
    kind: str
    body: bytes | None
    received_at: datetime
    leased_until: datetime
    attempts: int
    done_at: datetime | None
    wire: str | None
    reply: bytes | None
    answered: bool
    understood: str | None
    model: str | None
    understanding: bytes | None
    case_id: str | None


_ROW = columns(inbox, InboxRow)
_KEY = ["account", "message_key"]
_ADD = {
    name: dialect.insert(inbox).on_conflict_do_nothing(index_elements=_KEY).returning(*_ROW)
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_BY_KEYS = select(*_ROW).where(
    inbox.c.account.in_(bindparam("accounts", expanding=True)),  # the index begins with it
    inbox.c.message_key.in_(bindparam("keys", expanding=True)),
)
# Spelled as the partial indexes spell them: with a bound value the planner could not tell.
_UNANSWERED = (inbox.c.wire == literal_column("'reply'"), inbox.c.answered.is_(False))
_BY_RULES = inbox.c.understood == literal_column("'rules'")
_FINISH = update(inbox).where(inbox.c.id == bindparam("row_id"), inbox.c.done_at.is_(None))
_ANSWERED = update(inbox).where(inbox.c.id.in_(bindparam("row_ids", expanding=True))).values(answered=True)


class InboxStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def add_missing(self, rows: list[dict[str, object]]) -> dict[tuple[str, str], InboxRow]:
        """Add rows in this order; those whose (account, message_key) stands already are passed over.

        Returns those that are new, by that key.
        """
        given = rows if len(rows) > 1 else rows[0]  # one alone goes a shorter way through SQLAlchemy
        added = all_made(InboxRow, await self._db.execute(_ADD[self._db.dialect.name], given))
        return {(row.account, row.message_key): row for row in added}

    async def by_keys(self, keys: list[tuple[str, str]]) -> dict[tuple[str, str], InboxRow]:
        """Rows by (account, message_key)."""
        accounts, names = {account for account, _ in keys}, {key for _, key in keys}
        found = await self._db.execute(_BY_KEYS, {"accounts": list(accounts), "keys": list(names)})
        return {(row.account, row.message_key): row for row in all_made(InboxRow, found)}

    async def get(self, row_id: int) -> InboxRow | None:
        return made(
            InboxRow, (await self._db.execute(select(*_ROW).where(inbox.c.id == row_id))).one_or_none()
        )

    async def take_over(self, row_id: int, *, now: datetime, until: datetime) -> bool:
        """Lease an unfinished row whose lease has run out; False where another was first."""
        done = await self._db.execute(
            update(inbox)
            .where(inbox.c.id == row_id, inbox.c.done_at.is_(None), inbox.c.leased_until <= now)
            .values(leased_until=until, attempts=inbox.c.attempts + 1)
        )
        return done.rowcount == 1

    async def release(self, row_id: int, at: datetime) -> None:
        """Give an unfinished row up, so that the sweeper may take it over at once."""
        await self._db.execute(
            update(inbox).where(inbox.c.id == row_id, inbox.c.done_at.is_(None)).values(leased_until=at)
        )

    async def finish(self, row_id: int, values: dict[str, object]) -> bool:
        """Close a row with its reply; False where it was closed already."""
        done = await self._db.execute(_FINISH, {"row_id": row_id, **values})
        return done.rowcount == 1

    async def mark_answered(self, row_ids: list[int]) -> None:
        """The wire took these replies."""
        await self._db.execute(_ANSWERED, {"row_ids": row_ids})

    async def abandoned(self, now: datetime, limit: int) -> list[InboxRow]:
        """Unfinished rows whose lease has run out, oldest first."""
        found = await self._db.execute(
            select(*_ROW)
            .where(inbox.c.done_at.is_(None), inbox.c.leased_until <= now)
            .order_by(inbox.c.id)
            .limit(limit)
        )
        return all_made(InboxRow, found)

    async def unanswered(self, before: datetime, limit: int) -> list[InboxRow]:
        """Finished rows whose reply the wire never took, finished before ``before`` (wall time)."""
        found = await self._db.execute(
            select(*_ROW)
            .where(
                inbox.c.done_at < before,
                *_UNANSWERED,
                inbox.c.reply.is_not(None),
            )
            .order_by(inbox.c.id)
            .limit(limit)
        )
        return all_made(InboxRow, found)

    async def to_service(self, row_id: int) -> bool:
        """The reply now goes as a customer-service message; False where the wire took it meanwhile."""
        done = await self._db.execute(
            update(inbox)
            .where(inbox.c.id == row_id, inbox.c.answered.is_(False), inbox.c.wire == "reply")
            .values(wire="success", answered=True)
        )
        return done.rowcount == 1

    async def understood_by_rules(self, limit: int, *, after: int = 0) -> list[InboxRow]:
        """Finished rows behind ``after`` that keyword rules understood: to be understood anew."""
        found = await self._db.execute(
            select(*_ROW)
            .where(_BY_RULES, inbox.c.done_at.is_not(None), inbox.c.id > after)
            .order_by(inbox.c.id)
            .limit(limit)
        )
        return all_made(InboxRow, found)

    async def set_understood(self, row_id: int, *, by: str, model: str, understanding: bytes | None) -> None:
        await self._db.execute(
            update(inbox)
            .where(inbox.c.id == row_id)
            .values(understood=by, model=model, understanding=understanding)
        )

    async def open_since(self, moment: datetime) -> int:
        """How many rows that came before ``moment`` are still open."""
        found = await self._db.execute(
            select(func.count()).where(inbox.c.done_at.is_(None), inbox.c.received_at < moment)
        )
        return int(found.scalar_one())

    async def empty_bodies(self, before: datetime) -> int:
        """Forget what was said before ``before``; the rows stay as the record of deliveries."""
        done = await self._db.execute(
            update(inbox)
            .where(inbox.c.received_at < before, inbox.c.body.is_not(None), inbox.c.done_at.is_not(None))
            .values(body=None, reply=None, understanding=None)
        )
        return done.rowcount

    async def counts(self) -> dict[str, int]:
        """How many rows are open, and how many wait to be understood anew."""
        open_rows = select(func.count()).where(inbox.c.done_at.is_(None)).scalar_subquery()
        by_rules = select(func.count()).where(_BY_RULES).scalar_subquery()
        row = (await self._db.execute(select(open_rows, by_rules))).one()
        return {"open": row[0], "by_rules": row[1]}
