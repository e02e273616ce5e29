"""Units and profile versions as the database holds them."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, desc, func, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.stores.rows import all_made, columns, made
from storage.tables.cases import cases, clocks
from storage.tables.departments import departments, profiles
from storage.tables.registry import commitments
from storage.tables.staff import staff


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    code: str
    name: str
    short_names: list[str]
    kind: str
    sector: str
    level: str
    parent: str | None
    place: str | None
    duties: list[str]
    phone: str
    email: str
    supervision_phone: str
    supervision_email: str
    leader_post: str
    flags: list[str]
    active: bool
    version: int


@dataclass(frozen=True, slots=True)
class ProfileRow:
    version: str
    body: dict[str, Any]
    created_at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Burdens:
    """What still hangs on a unit: cases that are open, clocks that bind it, promises to be kept, accounts in
    use, units below it."""

    cases: int
    clocks: int
    commitments: int
    staff: int
    below: int


@dataclass(frozen=True, slots=True)
class CityKey:
    """Differs as soon as a unit or the newest rules are others than before."""

    units: str
    rules: str | None


def _all_units() -> Select[str | None]:
    """Every column of every unit as one text."""
    whole: ColumnElement[str] = literal("")
    for column in departments.c:
        whole = whole + func.coalesce(cast(column, Text), "") + "\t"
    lines = select(whole.label("line")).order_by(departments.c.code).subquery()
    return select(func.aggregate_strings(lines.c.line, "\n"))


_ALL_UNITS = _all_units()
_NEWEST = select(profiles.c.version).order_by(desc(profiles.c.created_at)).limit(1)
_ROW = columns(departments, DepartmentRow)
_PROFILE = columns(profiles, ProfileRow)


class DepartmentStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def all(self) -> list[DepartmentRow]:
        return all_made(DepartmentRow, await self._db.execute(select(*_ROW).order_by(departments.c.code)))

    async def held(self) -> dict[str, DepartmentRow]:
        """Every unit by code, held until this unit of work ends: what is true of all of them stays so."""
        query = select(*_ROW).order_by(departments.c.code).with_for_update()
        return {row.code: row for row in all_made(DepartmentRow, await self._db.execute(query))}

    async def add(self, values: dict[str, Any]) -> None:
        await self._db.execute(insert(departments).values(**values))

    async def change(self, code: str, values: dict[str, Any]) -> None:
        """Write these columns; the version that pages compare goes up."""
        told = {**values, "version": departments.c.version + 1}
        await self._db.execute(update(departments).where(departments.c.code == code).values(**told))

    async def burdens(self, code: str) -> Burdens:
        """What would be left without a unit."""
        counts = (
            select(func.count(cases.c.id)).where(
                cases.c.department == code, cases.c.state.not_in(("closed", "declined", "withdrawn"))
            ),
            select(func.count(clocks.c.id)).where(clocks.c.department == code, clocks.c.ended_at.is_(None)),
            select(func.count(commitments.c.code)).where(
                commitments.c.department == code,
                commitments.c.state.not_in(("fulfilled", "broken", "ended")),
            ),
            select(func.count(staff.c.id)).where(staff.c.department == code, staff.c.disabled.is_(False)),
            select(func.count(departments.c.code)).where(
                departments.c.parent == code, departments.c.active.is_(True)
            ),
        )
        row = (await self._db.execute(select(*(count.scalar_subquery() for count in counts)))).one()
        return Burdens(*row)

    async def key(self) -> CityKey:
        """Tells cheaply whether any unit or the rules were changed: the database puts all in one text."""
        units = (await self._db.execute(_ALL_UNITS)).scalar_one() or ""
        rules = (await self._db.execute(_NEWEST)).scalar_one_or_none()
        return CityKey(hashlib.sha256(units.encode()).hexdigest(), rules)

    async def add_missing(self, rows: list[dict[str, Any]]) -> int:
        """Insert units whose code is new; what stands already was perhaps edited and stays."""
        dialect = sqlite if self._db.dialect.name == "sqlite" else postgresql
        statement = dialect.insert(departments).on_conflict_do_nothing(index_elements=["code"])
        before = set((await self._db.execute(select(departments.c.code))).scalars())
        fresh = [row for row in rows if row["code"] not in before]
        if fresh:
            await self._db.execute(statement, fresh)
        return len(fresh)

    async def profile(self, version: str | None = None) -> ProfileRow | None:
        """One version of the rules, or the newest."""
        query = select(*_PROFILE).order_by(desc(profiles.c.created_at)).limit(1)
        if version is not None:
            query = query.where(profiles.c.version == version)
        return made(ProfileRow, (await self._db.execute(query)).one_or_none())

    async def add_profile(self, version: str, body: dict[str, Any], at: datetime, note: str = "") -> None:
        await self._db.execute(insert(profiles).values(version=version, body=body, created_at=at, note=note))

    async def profiles(self) -> list[ProfileRow]:
        """Every version of the rules, newest first."""
        query = select(*_PROFILE).order_by(desc(profiles.c.created_at))
        return all_made(ProfileRow, await self._db.execute(query))

    async def versions(self) -> list[str]:
        """Every version of the rules, oldest first."""
        found = await self._db.execute(select(profiles.c.version).order_by(profiles.c.created_at))
        return list(found.scalars())
