"""Requests for a return or an extension, and what was ruled on them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.stores.rows import all_made, columns
from storage.tables.requests import case_requests as requests


@dataclass(frozen=True, slots=True)
class RequestRow:
    """``approved`` is None until somebody ruled; ``hop_seconds`` from the dispatch to an approved return."""

    id: int
    case_id: str
    kind: str
    department: str
    reason: str
    basis: str | None
    proposed_department: str | None
    days: int | None
    asked_at: datetime
    asked_by: str
    ruled_at: datetime | None
    ruled_by: str | None
    approved: bool | None
    ruling_reason: str | None
    hop_seconds: int | None


_ROW = columns(requests, RequestRow)


class RequestStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def add(self, values: dict[str, Any]) -> None:
        await self._db.execute(insert(requests).values(**values))

    async def of_case(self, case_id: str) -> list[RequestRow]:
        """Oldest first."""
        found = await self._db.execute(
            select(*_ROW).where(requests.c.case_id == case_id).order_by(requests.c.id)
        )
        return all_made(RequestRow, found)

    async def rule(self, number: int, values: dict[str, Any]) -> None:
        """Write down the ruling on a request."""
        await self._db.execute(update(requests).where(requests.c.id == number).values(**values))
