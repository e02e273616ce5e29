"""Second factors of staff: sealed secret, newest code taken, recovery codes, roles that must have one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.stores.rows import columns, made
from storage.tables.staff import guarded_roles, recovery_codes, second_factors


@dataclass(frozen=True, slots=True)
class SecondFactorRow:
    """``confirmed_at`` None: it is being set up. ``last_step``: of the newest code that was taken."""

    staff_id: int
    secret: bytes
    confirmed_at: datetime | None
    last_step: int


_ROW = columns(second_factors, SecondFactorRow)


class SecondFactorStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection
        self._dialect = sqlite if connection.dialect.name == "sqlite" else postgresql

    async def of(self, staff_id: int, *, held: bool = False) -> SecondFactorRow | None:
        """A person's; ``held``: until the unit ends."""
        mine = select(*_ROW).where(second_factors.c.staff_id == staff_id)
        found = await self._db.execute(mine.with_for_update() if held else mine)
        return made(SecondFactorRow, found.one_or_none())

    async def confirmed(self) -> set[int]:
        """Who signs in with one."""
        asked = select(second_factors.c.staff_id).where(second_factors.c.confirmed_at.is_not(None))
        return set((await self._db.execute(asked)).scalars())

    async def begin(self, staff_id: int, secret: bytes) -> None:
        """Keep a secret that is to be confirmed; one that is in force stays."""
        values: dict[str, Any] = {"secret": secret, "last_step": 0}
        statement = self._dialect.insert(second_factors).values(staff_id=staff_id, **values)
        await self._db.execute(
            statement.on_conflict_do_update(
                index_elements=["staff_id"], set_=values, where=second_factors.c.confirmed_at.is_(None)
            )
        )

    async def take(self, staff_id: int, step: int) -> bool:
        """Note that the code of a step was used; False where it or a newer one was already."""
        done = await self._db.execute(
            update(second_factors)
            .where(second_factors.c.staff_id == staff_id, second_factors.c.last_step < step)
            .values(last_step=step)
        )
        return done.rowcount == 1

    async def confirm(self, staff_id: int, at: datetime) -> None:
        await self._db.execute(
            update(second_factors).where(second_factors.c.staff_id == staff_id).values(confirmed_at=at)
        )

    async def drop(self, staff_id: int) -> bool:
        """Forget the secret and the recovery codes; whether there was a secret."""
        await self._db.execute(delete(recovery_codes).where(recovery_codes.c.staff_id == staff_id))
        done = await self._db.execute(delete(second_factors).where(second_factors.c.staff_id == staff_id))
        return done.rowcount == 1

    async def put_codes(self, staff_id: int, digests: list[str]) -> None:
        """Recovery codes in the place of the earlier ones."""
        await self._db.execute(delete(recovery_codes).where(recovery_codes.c.staff_id == staff_id))
        rows = [{"digest": digest, "staff_id": staff_id} for digest in digests]
        await self._db.execute(insert(recovery_codes), rows)

    async def use_code(self, staff_id: int, digest: str) -> bool:
        """Use up a recovery code; False where it is none."""
        mine = (recovery_codes.c.digest == digest) & (recovery_codes.c.staff_id == staff_id)
        return (await self._db.execute(delete(recovery_codes).where(mine))).rowcount == 1

    async def codes_left(self, staff_id: int) -> int:
        asked = select(func.count()).where(recovery_codes.c.staff_id == staff_id)
        return int((await self._db.execute(asked)).scalar_one())

    async def guarded(self) -> dict[str, datetime]:
        """Role -> since when it must have a second factor."""
        found = await self._db.execute(select(guarded_roles.c.role, guarded_roles.c.set_at))
        return {role: since for role, since in found}

    async def guard(self, role: str, at: datetime | None) -> None:
        """Demand a second factor of a role from ``at`` on, or of nobody any more."""
        await self._db.execute(delete(guarded_roles).where(guarded_roles.c.role == role))
        if at is not None:
            await self._db.execute(insert(guarded_roles).values(role=role, set_at=at))
