"""Browser sessions of staff: by the digest of their token, with when and where they were last used."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.stores.rows import all_made, columns
from storage.stores.staff import StaffRow
from storage.tables.staff import guarded_roles, second_factors, sessions, staff


@dataclass(frozen=True, slots=True)
class SessionRow:
    """``address`` is shortened; ``waiting``: for the second factor."""

    token_digest: str
    staff_id: int
    created_at: datetime
    expires_at: datetime
    seen_at: datetime
    browser: str
    address: str
    waiting: bool


@dataclass(frozen=True, slots=True)
class Presence:
    """A session and whose it is. ``second_since``: since when a second factor is asked for;
    ``guarded_since``: since when the role must have one."""

    session: SessionRow
    person: StaffRow
    second_since: datetime | None
    guarded_since: datetime | None


_ROW = columns(sessions, SessionRow)
_PERSON = columns(staff, StaffRow)


class SessionStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def add(self, values: dict[str, Any]) -> None:
        await self._db.execute(insert(sessions).values(**values))

    async def get(self, digest: str, at: datetime, *, idle: timedelta) -> Presence | None:
        """Who is signed in, while the session lasts, was used within ``idle``, and the account stands."""
        return await self._one(_presence(digest, at, waiting=False).where(sessions.c.seen_at > at - idle))

    async def waiting(self, digest: str, at: datetime) -> Presence | None:
        """Whose code is waited for."""
        return await self._one(_presence(digest, at, waiting=True))

    async def seen(self, digest: str, at: datetime) -> None:
        await self._db.execute(update(sessions).where(sessions.c.token_digest == digest).values(seen_at=at))

    async def of(self, staff_id: int, at: datetime, *, idle: timedelta) -> list[SessionRow]:
        """What is open for a person, last used first."""
        found = (
            select(*_ROW)
            .where(sessions.c.staff_id == staff_id, sessions.c.waiting.is_(False))
            .where(sessions.c.expires_at > at, sessions.c.seen_at > at - idle)
            .order_by(sessions.c.seen_at.desc())
        )
        return all_made(SessionRow, await self._db.execute(found))

    async def end(self, digest: str) -> bool:
        """End one; whether it was there."""
        done = await self._db.execute(delete(sessions).where(sessions.c.token_digest == digest))
        return done.rowcount == 1

    async def end_of(self, staff_id: int, *, but: str = "") -> int:
        """End a person's, with those that wait; how many. ``but``: the digest of the one that goes on."""
        mine = delete(sessions).where(sessions.c.staff_id == staff_id, sessions.c.token_digest != but)
        return (await self._db.execute(mine)).rowcount

    async def drop_ended(self, staff_id: int, at: datetime) -> None:
        """Forget a person's that ran out."""
        await self._db.execute(
            delete(sessions).where(sessions.c.staff_id == staff_id, sessions.c.expires_at <= at)
        )

    async def _one(self, query: Select[Any]) -> Presence | None:
        row = (await self._db.execute(query)).one_or_none()
        if row is None:
            return None
        cut = len(_ROW)
        return Presence(SessionRow(*row[:cut]), StaffRow(*row[cut:-2]), row[-2], row[-1])


def _presence(digest: str, at: datetime, *, waiting: bool) -> Select[Any]:
    return (
        select(*_ROW, *_PERSON, second_factors.c.confirmed_at, guarded_roles.c.set_at)
        .join(staff, staff.c.id == sessions.c.staff_id)
        .outerjoin(second_factors, second_factors.c.staff_id == staff.c.id)
        .outerjoin(guarded_roles, guarded_roles.c.role == staff.c.role)
        .where(sessions.c.token_digest == digest, sessions.c.expires_at > at)
        .where(sessions.c.waiting.is_(waiting), staff.c.disabled.is_(False))
    )
