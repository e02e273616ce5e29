"""How staff are reached: choices, codes that bind a WeChat, robots. What is personal is sealed."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.stores.rows import all_made, columns, made
from storage.tables.reach import bind_codes, reach, robots


@dataclass(frozen=True, slots=True)
class ReachRow:
    """``quiet_from``, ``quiet_to``: in Asia/Shanghai; ``away_until``: the last day away."""

    login: str
    channels: list[str]
    account: str
    openid_hmac: str | None
    openid: bytes | None
    email: bytes | None
    quiet_from: time | None
    quiet_to: time | None
    away_until: date | None
    substitute: str | None


@dataclass(frozen=True, slots=True)
class BindCodeRow:
    digest: str
    login: str
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class RobotRow:
    department: str
    webhook: bytes
    set_by: str
    set_at: datetime


_ROW = columns(reach, ReachRow)
_CODE = columns(bind_codes, BindCodeRow)
_ROBOT = columns(robots, RobotRow)


class ReachStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection
        self._dialect = sqlite if connection.dialect.name == "sqlite" else postgresql

    async def of(self, login: str) -> ReachRow | None:
        found = await self._db.execute(select(*_ROW).where(reach.c.login == login))
        return made(ReachRow, found.one_or_none())

    async def all(self) -> list[ReachRow]:
        return all_made(ReachRow, await self._db.execute(select(*_ROW)))

    async def by_openid(self, *digests: str) -> ReachRow | None:
        """Whose WeChat stands under one of these openid_hmac."""
        found = await self._db.execute(select(*_ROW).where(reach.c.openid_hmac.in_(digests)))
        return made(ReachRow, found.one_or_none())

    async def put(self, login: str, values: dict[str, Any]) -> None:
        """Write these columns of a person's choice, which may be their first."""
        statement = self._dialect.insert(reach).values(
            **{"channels": [], "account": ""} | values, login=login
        )
        await self._db.execute(statement.on_conflict_do_update(index_elements=["login"], set_=values))

    async def forget(self, login: str) -> None:
        """Drop what a person chose, with the binding and every code."""
        await self._db.execute(delete(bind_codes).where(bind_codes.c.login == login))
        await self._db.execute(delete(reach).where(reach.c.login == login))

    async def add_code(self, digest: str, login: str, *, expires: datetime) -> bool:
        """Keep a code; False where the same digits stand already, used or not."""
        statement = self._dialect.insert(bind_codes).values(digest=digest, login=login, expires_at=expires)
        done = await self._db.execute(statement.on_conflict_do_nothing(index_elements=["digest"]))
        return done.rowcount == 1

    async def drop_codes(self, login: str, *, before: datetime) -> None:
        """Forget a person's codes that nobody used, and everybody's that ran out ``before``."""
        unused = (bind_codes.c.login == login) & bind_codes.c.used_at.is_(None)
        await self._db.execute(delete(bind_codes).where(or_(unused, bind_codes.c.expires_at < before)))

    async def code(self, digest: str) -> BindCodeRow | None:
        found = await self._db.execute(select(*_CODE).where(bind_codes.c.digest == digest))
        return made(BindCodeRow, found.one_or_none())

    async def use_code(self, digest: str, at: datetime) -> bool:
        """Use a code up; False where somebody was quicker or it ran out."""
        done = await self._db.execute(
            update(bind_codes)
            .where(
                bind_codes.c.digest == digest, bind_codes.c.used_at.is_(None), bind_codes.c.expires_at > at
            )
            .values(used_at=at)
        )
        return done.rowcount == 1

    async def robots(self) -> list[RobotRow]:
        return all_made(RobotRow, await self._db.execute(select(*_ROBOT).order_by(robots.c.department)))

    async def robot(self, department: str) -> RobotRow | None:
        found = await self._db.execute(select(*_ROBOT).where(robots.c.department == department))
        return made(RobotRow, found.one_or_none())

    async def put_robot(self, department: str, webhook: bytes, *, by: str, at: datetime) -> None:
        values = {"webhook": webhook, "set_by": by, "set_at": at}
        statement = self._dialect.insert(robots).values(department=department, **values)
        await self._db.execute(statement.on_conflict_do_update(index_elements=["department"], set_=values))

    async def drop_robot(self, department: str) -> None:
        await self._db.execute(delete(robots).where(robots.c.department == department))
