"""What citizens left for a person, and the answers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import desc, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.stores.rows import all_made, columns, made
from storage.tables.conversations import desk_messages


@dataclass(frozen=True, slots=True)
class DeskMessageRow:
    id: int
    reporter_id: str
    body: bytes
    created_at: datetime
    reply: bytes | None
    replied_at: datetime | None
    replied_by: str | None


_ROW = columns(desk_messages, DeskMessageRow)


class DeskMessageStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def add(self, reporter_id: str, body: bytes, at: datetime) -> int:
        added = await self._db.execute(
            insert(desk_messages)
            .values(reporter_id=reporter_id, body=body, created_at=at)
            .returning(desk_messages.c.id)
        )
        return int(added.scalar_one())

    async def recent(self, limit: int) -> list[DeskMessageRow]:
        """Unanswered ones first, then the newest."""
        found = await self._db.execute(
            select(*_ROW)
            .order_by(desc(desk_messages.c.replied_at.is_(None)), desc(desk_messages.c.id))
            .limit(limit)
        )
        return all_made(DeskMessageRow, found)

    async def waiting(self) -> int:
        """How many messages nobody has answered."""
        found = await self._db.execute(
            select(func.count(desk_messages.c.id)).where(desk_messages.c.replied_at.is_(None))
        )
        return int(found.scalar_one())

    async def get(self, message_id: int) -> DeskMessageRow | None:
        found = await self._db.execute(select(*_ROW).where(desk_messages.c.id == message_id))
        return made(DeskMessageRow, found.one_or_none())

    async def empty(self, reporter_id: str, body: bytes) -> None:
        """Put ``body`` in the place of everything one citizen left, and of the answers."""
        mine = desk_messages.c.reporter_id == reporter_id
        await self._db.execute(update(desk_messages).where(mine).values(body=body))
        answered = desk_messages.c.replied_at.is_not(None)
        await self._db.execute(update(desk_messages).where(mine, answered).values(reply=body))

    async def reply(self, message_id: int, *, reply: bytes, by: str, at: datetime) -> bool:
        """Answer once; False where somebody answered before."""
        done = await self._db.execute(
            update(desk_messages)
            .where(desk_messages.c.id == message_id, desk_messages.c.replied_at.is_(None))
            .values(reply=reply, replied_at=at, replied_by=by)
        )
        return done.rowcount == 1
