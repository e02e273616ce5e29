"""Conversations: a citizen's state, locked for the length of a turn, and the platform's allowance."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.stores.identities import IdentityRow
from storage.stores.rows import columns, made
from storage.stores.stale import Raced
from storage.tables.conversations import conversations
from storage.tables.identity import identities
from storage.tables.inbox import inbox


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
_OF_OPENIDS = (
    select(identities.c.openid_hmac, conversations.c.reporter_id, conversations.c.state)
    .join_from(conversations, identities, conversations.c.reporter_id == identities.c.reporter_id)
    .where(identities.c.openid_hmac.in_(bindparam("digests", expanding=True)))
)
_ONE = select(*_ROW).where(conversations.c.reporter_id == bindparam("reporter"))
_OPEN = (
    inbox.c.reporter_id == bindparam("reporter"),
    inbox.c.id <= bindparam("up_to"),
    inbox.c.done_at.is_(None),
)
_TAKEN = (
    select(
        *_ROW,
        *columns(identities, IdentityRow),
        select(func.min(inbox.c.id)).where(*_OPEN).scalar_subquery(),
        select(func.max(inbox.c.id)).where(*_OPEN).scalar_subquery(),
    )
    .join_from(conversations, identities, conversations.c.reporter_id == identities.c.reporter_id)
    .where(conversations.c.reporter_id == bindparam("reporter"))
    .with_for_update(of=conversations)
)
_SAVE = update(conversations).where(
    conversations.c.reporter_id == bindparam("reporter"), conversations.c.version == bindparam("read_version")
)


_BEGIN = {
    name: dialect.insert(conversations).on_conflict_do_nothing(index_elements=["reporter_id"])
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}


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
        statement = _BEGIN[self._db.dialect.name]
        fresh = {"state": state, "version": 1, "updated_at": at, "message_left": 0, "click_left": 0}
        await self._db.execute(statement, [{"reporter_id": one, **fresh} for one in reporter_ids])

    async def of_openids(self, digests: list[str]) -> dict[str, tuple[str, bytes]]:
        """openid_hmac → (reporter_id, state) of those who have a conversation."""
        found = await self._db.execute(_OF_OPENIDS, {"digests": list(set(digests))})
        return {digest: (reporter, state) for digest, reporter, state in found}

    async def take(
        self, reporter_id: str, row_id: int
    ) -> tuple[ConversationRow, IdentityRow, int | None] | None:
        """The row, held against other turns until the unit ends, the reporter's own, and the reporter's
        first unfinished inbox row up to ``row_id``: None where that row is finished already.

        Who had to wait for the row may be told of inbox rows as they were before; ``InboxStore.finish``
        then refuses.
        """
        taken = (await self._db.execute(_TAKEN, {"reporter": reporter_id, "up_to": row_id})).one_or_none()
        if taken is None:
            return None
        *both, first, last = taken
        talk, reporter = ConversationRow(*both[: len(_ROW)]), IdentityRow(*both[len(_ROW) :])
        return talk, reporter, first if last == row_id else None

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
