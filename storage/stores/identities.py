"""Identities: encrypted columns in, encrypted columns out. Only ``intake.identity`` can read them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.stores.rows import all_made, columns, made
from storage.tables.identity import identities, sealed_texts


@dataclass(frozen=True, slots=True)
class IdentityRow:
    reporter_id: str
    account: str
    openid_hmac: str | None
    openid: bytes | None
    name: bytes | None
    phone: bytes | None
    kind: str | None
    reachable: bool
    unreachable_why: str | None
    created_at: datetime
    left_at: datetime | None
    erased_at: datetime | None


_ROW = columns(identities, IdentityRow)
_BY_OPENIDS = select(identities.c.openid_hmac, identities.c.reporter_id).where(
    identities.c.openid_hmac.in_(bindparam("digests", expanding=True))
)
_ONE = select(*_ROW).where(identities.c.reporter_id == bindparam("reporter"))


_ADD_CITIZENS = {
    name: dialect.insert(identities)
    .on_conflict_do_nothing(index_elements=["openid_hmac"])
    .returning(identities.c.openid_hmac, identities.c.reporter_id)
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}


class IdentityStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection
        self._read: dict[str, IdentityRow] = {}  # a turn asks for its reporter again and again

    async def add_citizen(
        self, *, reporter_id: str, account: str, openid_hmac: str, openid: bytes, at: datetime
    ) -> str:
        """The reporter of this openid: a new one, or the one that stands already."""
        dialect = sqlite if self._db.dialect.name == "sqlite" else postgresql
        await self._db.execute(
            dialect.insert(identities)
            .values(
                reporter_id=reporter_id,
                account=account,
                openid_hmac=openid_hmac,
                openid=openid,
                reachable=True,
                created_at=at,
            )
            .on_conflict_do_nothing(index_elements=["openid_hmac"])
        )
        found = await self._db.execute(
            select(identities.c.reporter_id).where(identities.c.openid_hmac == openid_hmac)
        )
        return str(found.scalar_one())

    async def add_citizens(self, rows: list[dict[str, object]]) -> dict[str, str]:
        """Add several citizens; openid_hmac → reporter_id of those who were not known before."""
        if not rows:
            return {}
        added = await self._db.execute(_ADD_CITIZENS[self._db.dialect.name], rows)
        return {digest: reporter for digest, reporter in added}

    async def by_openids(self, digests: list[str]) -> dict[str, str]:
        """openid_hmac → reporter_id for those who are known."""
        found = await self._db.execute(_BY_OPENIDS, {"digests": list(set(digests))})
        return {digest: reporter for digest, reporter in found}

    async def add_person(self, values: dict[str, object]) -> None:
        """Somebody without WeChat: a caller, a visitor, the writer of a letter."""
        await self._db.execute(insert(identities).values(**values))

    async def account(self) -> str | None:
        """The official account's own name (gh_…), which the service has from its messages alone; None
        before the first. One service serves one account."""
        held = select(identities.c.account).where(identities.c.openid_hmac.is_not(None)).limit(1)
        return (await self._db.execute(held)).scalar_one_or_none()

    async def by_openid(self, *digests: str) -> IdentityRow | None:
        """The citizen who stands under one of these openid_hmac."""
        wanted = select(*_ROW).where(identities.c.openid_hmac.in_(digests))
        found = await self._db.execute(wanted.order_by(identities.c.created_at).limit(1))
        return made(IdentityRow, found.one_or_none())

    async def get(self, reporter_id: str) -> IdentityRow | None:
        """The reporter as this unit of work first saw them, with what it changed since."""
        if reporter_id not in self._read:
            row = made(IdentityRow, (await self._db.execute(_ONE, {"reporter": reporter_id})).one_or_none())
            if row is None:
                return None
            self._read[reporter_id] = row
        return self._read[reporter_id]

    def know(self, row: IdentityRow) -> None:
        """Keep what another statement of this unit has read already."""
        self._read.setdefault(row.reporter_id, row)

    async def change(self, reporter_id: str, values: dict[str, object]) -> None:
        self._read.pop(reporter_id, None)
        await self._db.execute(
            update(identities).where(identities.c.reporter_id == reporter_id).values(**values)
        )

    async def left_before(self, moment: datetime, limit: int) -> list[IdentityRow]:
        """Citizens who left before ``moment`` and whose profile still stands."""
        found = await self._db.execute(
            select(*_ROW)
            .where(identities.c.left_at < moment, identities.c.erased_at.is_(None))
            .order_by(identities.c.left_at)
            .limit(limit)
        )
        return all_made(IdentityRow, found)

    async def unreachable(self, reporter_ids: list[str]) -> dict[str, str]:
        """Of these reporters those who cannot be reached, with the reason."""
        found = await self._db.execute(
            select(identities.c.reporter_id, identities.c.unreachable_why).where(
                identities.c.reporter_id.in_(reporter_ids), identities.c.reachable.is_(False)
            )
        )
        return {reporter: why or "" for reporter, why in found}

    async def seal_text(self, case_id: str, body: bytes) -> None:
        await self._db.execute(insert(sealed_texts).values(case_id=case_id, body=body))

    async def sealed_text(self, case_id: str) -> bytes | None:
        found = await self._db.execute(select(sealed_texts.c.body).where(sealed_texts.c.case_id == case_id))
        return found.scalar_one_or_none()
