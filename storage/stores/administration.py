"""The log of administration, and menus on their way to the platform."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import desc, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.stores.rows import all_made, columns, made
from storage.tables.administration import admin_log, menu_pushes


@dataclass(frozen=True, slots=True)
class LogRow:
    """``changes``: field -> [before, after]."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    changes: dict[str, Any]
    note: str


@dataclass(frozen=True, slots=True)
class MenuPushRow:
    """``state``: queued, done or refused; ``answer``: what came of it."""

    id: int
    asked_at: datetime
    asked_by: str
    state: str
    answer: str
    attempts: int
    due_at: datetime
    done_at: datetime | None


_LOG = columns(admin_log, LogRow)
_PUSH = columns(menu_pushes, MenuPushRow)


class AdministrationStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def note(self, values: dict[str, Any]) -> None:
        await self._db.execute(insert(admin_log).values(**values))

    async def log(
        self, *, actions: list[str] | None = None, subject: str = "", before: int | None = None, limit: int
    ) -> list[LogRow]:
        """Newest first; those of ``actions``, on ``subject``, with a lower number than ``before``."""
        query = select(*_LOG).order_by(desc(admin_log.c.id)).limit(limit)
        if actions is not None:
            query = query.where(admin_log.c.action.in_(actions))
        if subject:
            query = query.where(admin_log.c.subject == subject)
        if before is not None:
            query = query.where(admin_log.c.id < before)
        return all_made(LogRow, await self._db.execute(query))

    async def queue_menu(self, *, by: str, at: datetime, due: datetime) -> None:
        row = {"asked_at": at, "asked_by": by, "state": "queued", "due_at": due}
        await self._db.execute(insert(menu_pushes).values(**row, attempts=0, answer=""))

    async def menus(self, limit: int) -> list[MenuPushRow]:
        """The newest first."""
        query = select(*_PUSH).order_by(desc(menu_pushes.c.id)).limit(limit)
        return all_made(MenuPushRow, await self._db.execute(query))

    async def take_menu(self, at: datetime, lease: datetime) -> MenuPushRow | None:
        """The oldest push that is due; nobody else gets it before ``lease``."""
        due = select(*_PUSH).where(menu_pushes.c.state == "queued", menu_pushes.c.due_at <= at)
        found = await self._db.execute(
            due.order_by(menu_pushes.c.id).limit(1).with_for_update(skip_locked=True)
        )
        row = made(MenuPushRow, found.one_or_none())
        if row is None:
            return None
        taken = replace(row, due_at=lease, attempts=row.attempts + 1)
        await self.settle_menu(row.id, {"due_at": taken.due_at, "attempts": taken.attempts})
        return taken

    async def settle_menu(self, number: int, values: dict[str, Any]) -> None:
        await self._db.execute(update(menu_pushes).where(menu_pushes.c.id == number).values(**values))
