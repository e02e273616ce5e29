"""Staff accounts, tries to sign in and API tokens; digests only. Sessions: ``storage.stores.sessions``."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.stores.rows import all_made, columns, made
from storage.tables.staff import api_tokens, login_attempts, staff


@dataclass(frozen=True, slots=True)
class StaffRow:
    id: int
    login: str
    password_hash: str
    name: str
    role: str
    department: str | None
    disabled: bool
    must_change: bool
    version: int


@dataclass(frozen=True, slots=True)
class TokenRow:
    digest: str
    role: str
    department: str | None
    label: str
    revoked: bool


_ROW = columns(staff, StaffRow)
_TOKEN = columns(api_tokens, TokenRow)


class StaffStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def add(self, values: dict[str, Any]) -> None:
        await self._db.execute(insert(staff).values(**values))

    async def by_login(self, login: str) -> StaffRow | None:
        found = await self._db.execute(select(*_ROW).where(staff.c.login == login))
        return made(StaffRow, found.one_or_none())

    async def all(self) -> list[StaffRow]:
        return all_made(StaffRow, await self._db.execute(select(*_ROW).order_by(staff.c.login)))

    async def change(self, login: str, values: dict[str, object]) -> bool:
        """Write these columns; the version that pages compare goes up."""
        told = {**values, "version": staff.c.version + 1}
        done = await self._db.execute(update(staff).where(staff.c.login == login).values(**told))
        return done.rowcount == 1

    async def held(self, role: str) -> list[StaffRow]:
        """The accounts of a role that are not disabled, held until the unit ends."""
        found = select(*_ROW).where(staff.c.role == role, staff.c.disabled.is_(False)).order_by(staff.c.id)
        return all_made(StaffRow, await self._db.execute(found.with_for_update()))

    async def note_failure(self, login: str, at: datetime) -> None:
        await self._db.execute(insert(login_attempts).values(login=login, at=at))

    async def forget_failures(self, login: str) -> None:
        await self._db.execute(delete(login_attempts).where(login_attempts.c.login == login))

    async def failures_since(self, login: str, since: datetime) -> int:
        found = await self._db.execute(
            select(func.count()).where(login_attempts.c.login == login, login_attempts.c.at > since)
        )
        return int(found.scalar_one())

    async def add_token(self, values: dict[str, Any]) -> None:
        await self._db.execute(insert(api_tokens).values(**values))

    async def by_token(self, digest: str) -> TokenRow | None:
        found = await self._db.execute(
            select(*_TOKEN).where(api_tokens.c.digest == digest, api_tokens.c.revoked.is_(False))
        )
        return made(TokenRow, found.one_or_none())
