"""What became of public commitments lately, newest first."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, desc, literal, null, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.stores.rows import all_made
from storage.stores.wanted import Wanted
from storage.tables.events import event_payloads, events
from storage.tables.registry import commitments

SUBJECT = "commitment"


@dataclass(frozen=True, slots=True)
class HappenedRow:
    """One event of a commitment; ``seq`` 0 is that a file brought it."""

    code: str
    title: str
    department: str
    at: datetime
    seq: int
    action: str
    from_state: str | None
    body: dict[str, Any] | None


_OF = (commitments.c.code, commitments.c.title, commitments.c.department)


class HappenedStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def of_actions(self, wanted: Wanted, actions: Collection[str], limit: int) -> list[HappenedRow]:
        """The last events of these actions, of the commitments that are wanted."""
        said = (events.c.at, events.c.seq, events.c.action, events.c.from_state, event_payloads.c.body)
        query = (
            select(*_OF, *said)
            .join_from(events, commitments, commitments.c.code == events.c.subject_id)
            .outerjoin(event_payloads, event_payloads.c.event_id == events.c.id)
            .where(events.c.subject_kind == SUBJECT, events.c.action.in_(actions))
            .order_by(desc(events.c.id))
        )
        return await self._newest(query, wanted, limit)

    async def brought(self, wanted: Wanted, limit: int) -> list[HappenedRow]:
        """Those that files brought last."""
        said = (commitments.c.created_at, literal(0), literal(""), null(), null())
        query = select(*_OF, *said).where(commitments.c.historical.is_(True))
        return await self._newest(
            query.order_by(desc(commitments.c.created_at), commitments.c.code), wanted, limit
        )

    async def _newest(self, query: Select[Any], wanted: Wanted, limit: int) -> list[HappenedRow]:
        return all_made(HappenedRow, await self._db.execute(query.where(*wanted.conditions()).limit(limit)))
