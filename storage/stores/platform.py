"""The shared access token with its refresh lease, and consents to subscription notices."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.stores.rows import all_made, columns, made
from storage.tables.platform import access_tokens, consents


@dataclass(frozen=True, slots=True)
class AccessTokenRow:
    app_id: str
    token: bytes | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class ConsentRow:
    reporter_id: str
    template_id: str
    accepted: bool
    count: int


_TOKEN = columns(access_tokens, AccessTokenRow)
_CONSENT = columns(consents, ConsentRow)


class TokenRows:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def _ensure(self, app_id: str) -> None:
        dialect = sqlite if self._db.dialect.name == "sqlite" else postgresql
        await self._db.execute(
            dialect.insert(access_tokens)
            .values(app_id=app_id)
            .on_conflict_do_nothing(index_elements=["app_id"])
        )

    async def get(self, app_id: str, *, lock: bool = False) -> AccessTokenRow | None:
        """What stands; with ``lock`` nobody else changes it until the unit ends."""
        query = select(*_TOKEN).where(access_tokens.c.app_id == app_id)
        found = await self._db.execute(query.with_for_update() if lock else query)
        return made(AccessTokenRow, found.one_or_none())

    async def put(self, app_id: str, token: bytes | None, expires_at: datetime | None) -> None:
        await self._ensure(app_id)
        await self._db.execute(
            update(access_tokens)
            .where(access_tokens.c.app_id == app_id)
            .values(token=token, expires_at=expires_at)
        )

    async def lease(self, app_id: str, owner: str, *, now: datetime, until: datetime) -> bool:
        """True for the one process that may refresh until ``until``."""
        await self._ensure(app_id)
        done = await self._db.execute(
            update(access_tokens)
            .where(
                access_tokens.c.app_id == app_id,
                or_(
                    access_tokens.c.leased_by.is_(None),
                    access_tokens.c.leased_by == owner,
                    access_tokens.c.leased_until <= now,
                ),
            )
            .values(leased_by=owner, leased_until=until)
        )
        return done.rowcount == 1

    async def release(self, app_id: str, owner: str) -> None:
        await self._db.execute(
            update(access_tokens)
            .where(access_tokens.c.app_id == app_id, access_tokens.c.leased_by == owner)
            .values(leased_by=None, leased_until=None)
        )


class ConsentStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def record(self, reporter_id: str, template_id: str, *, accepted: bool, at: datetime) -> None:
        """The last word counts; each acceptance adds one send."""
        dialect = sqlite if self._db.dialect.name == "sqlite" else postgresql
        one = 1 if accepted else 0
        statement = dialect.insert(consents).values(
            reporter_id=reporter_id, template_id=template_id, accepted=accepted, count=one, updated_at=at
        )
        await self._db.execute(
            statement.on_conflict_do_update(
                index_elements=["reporter_id", "template_id"],
                set_={
                    "accepted": accepted,
                    "count": consents.c.count + one if accepted else 0,
                    "updated_at": at,
                },
            )
        )

    async def of(self, reporter_id: str) -> list[ConsentRow]:
        found = await self._db.execute(select(*_CONSENT).where(consents.c.reporter_id == reporter_id))
        return all_made(ConsentRow, found)
