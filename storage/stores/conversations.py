"""Conversations: a citizen's state, locked for the length of a turn, and the platform's allowance."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.stores.rows import columns, made
from storage.stores.stale import Raced
from storage.tables.conversations import conversations


@dataclass(frozen=True, slots=True)
class ConversationRow:
    reporter_id: str
    state: bytes
    version: int
    updated_at: datetime
    message_left: int
    message_until: datetime | None
    click_left: int
    click_until: datetime | None


_ROW = columns(conversations, ConversationRow)
_STATES = select(conversations.c.reporter_id, conversations.c.state).where(
    conversations.c.reporter_id.in_(bindparam("reporters", expanding=True))
)
_ONE = select(*_ROW).where(conversations.c.reporter_id == bindparam("reporter"))
_LOCKED = _ONE.with_for_update()
_SAVE = update(conversations).where(
    conversations.c.reporter_id == bindparam("reporter"), conversations.c.version == bindparam("read_version")
)


class ConversationStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def add_if_missing(self, reporter_id: str, state: bytes, at: datetime) -> None:
        dialect = sqlite if self._db.dialect.name == "sqlite" else postgresql
        await self._db.execute(
            dialect.insert(conversations)
            .values(
                reporter_id=reporter_id, state=state, version=1, updated_at=at, message_left=0, click_left=0
            )
            .on_conflict_do_nothing(index_elements=["reporter_id"])
        )

    async def add_missing(self, reporter_ids: list[str], state: bytes, at: datetime) -> None:
        """Begin a conversation for each who has none."""
        dialect = sqlite if self._db.dialect.name == "sqlite" else postgresql
        statement = dialect.insert(conversations).on_conflict_do_nothing(index_elements=["reporter_id"])
        fresh = {"state": state, "version": 1, "updated_at": at, "message_left": 0, "click_left": 0}
        await self._db.execute(statement, [{"reporter_id": one, **fresh} for one in reporter_ids])

    async def states(self, reporter_ids: list[str]) -> dict[str, bytes]:
        """Where each conversation stands."""
        found = await self._db.execute(_STATES, {"reporters": list(set(reporter_ids))})
        return {reporter: state for reporter, state in found}

    async def lock(self, reporter_id: str) -> ConversationRow | None:
        """The row, held against other turns until the unit ends."""
        found = await self._db.execute(_LOCKED, {"reporter": reporter_id})
        return made(ConversationRow, found.one_or_none())

    async def get(self, reporter_id: str) -> ConversationRow | None:
        found = await self._db.execute(_ONE, {"reporter": reporter_id})
        return made(ConversationRow, found.one_or_none())

    async def save(self, row: ConversationRow, values: dict[str, object]) -> None:
        """Write under the version that was read; raises :class:`Raced` where it moved."""
        read = {"reporter": row.reporter_id, "read_version": row.version}
        done = await self._db.execute(_SAVE, {**read, "version": row.version + 1, **values})
        if done.rowcount != 1:
            raise Raced("conversation")

    async def spend(self, reporter_id: str, column: str, at: datetime) -> bool:
        """Use one customer-service message of an allowance; False where none is left."""
        left, until = conversations.c[f"{column}_left"], conversations.c[f"{column}_until"]
        done = await self._db.execute(
            update(conversations)
            .where(conversations.c.reporter_id == reporter_id, left > 0, until > at)
            .values({left.name: left - 1})
        )
        return done.rowcount == 1

    async def give_back(self, reporter_id: str, column: str, most: int) -> None:
        """Return one message that certainly was not sent; never beyond what the platform grants at once."""
        left = conversations.c[f"{column}_left"]
        await self._db.execute(
            update(conversations)
            .where(conversations.c.reporter_id == reporter_id, left < most)
            .values({left.name: left + 1})
        )

    async def empty(self, reporter_id: str) -> None:
        """Forget where a conversation stood: nobody can come back to it."""
        await self._db.execute(
            update(conversations).where(conversations.c.reporter_id == reporter_id).values(state=b"")
        )

    async def set_allowance(self, reporter_id: str, values: dict[str, object]) -> None:
        """Grant or end an allowance without touching the dialogue's version."""
        await self._db.execute(
            update(conversations).where(conversations.c.reporter_id == reporter_id).values(**values)
        )
