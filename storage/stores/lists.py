"""Lists of cases and what stands over them: pages in three orders, counts, and counts unit by unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, desc, func, literal, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.stores.asked import ANSWERS, conditions
from storage.stores.cases import CaseRow
from storage.stores.rows import columns
from storage.stores.sights import Sight, seen
from storage.tables.cases import cases, clocks
from storage.vocab import Order

Wanted = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: the last case's deadline (``dated``), or where it has none when it came."""

    at: datetime
    case_id: str
    dated: bool = False


Placed = tuple[CaseRow, Place]

_ROW = columns(cases, CaseRow)
_other = clocks.alias("other")
_ANSWER = (  # the one clock that says until when an answer is due
    select(func.min(_other.c.id))
    .where(_other.c.case_id == cases.c.id, _other.c.kind.in_(ANSWERS), _other.c.state == "running")
    .correlate(cases)
    .scalar_subquery()
)
_DATED = (
    select(*_ROW, clocks.c.due_at)
    .select_from(cases.join(clocks, clocks.c.case_id == cases.c.id))
    .where(clocks.c.state == "running", clocks.c.kind.in_(ANSWERS), clocks.c.id == _ANSWER)
)


class ListStore:
    """Every method takes what the reader may see, and what is asked for (``storage.stores.asked``)."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def page(
        self,
        sight: Sight,
        wanted: Wanted,
        *,
        order: Order = Order.NEWEST,
        after: Place | None = None,
        limit: int,
    ) -> list[Placed]:
        """The next cases behind ``after``. By deadline those without one come last, newest first."""
        if order is not Order.DUE:
            return await self._by_age(sight, wanted, after, limit, oldest=order is Order.WAITING)
        found: list[Placed] = []
        if after is None or after.dated:
            found = await self._by_deadline(sight, wanted, after, limit)
            after = None
        if len(found) < limit:
            undated = {**wanted, "undated": True}
            found += await self._by_age(sight, undated, after, limit - len(found))
        return found

    async def counts(self, sight: Sight, wanted: Sequence[Wanted]) -> list[int]:
        """How many cases each of these lists has, in one look."""
        if not wanted:
            return []
        each = [
            select(func.count()).select_from(cases).where(seen(sight), *conditions(one)).scalar_subquery()
            for one in wanted
        ]
        return [int(count) for count in (await self._db.execute(select(*each))).one()]

    async def by_unit(self, sight: Sight, wanted: Mapping[str, Wanted]) -> dict[str | None, dict[str, int]]:
        """Unit (None: of none yet) → name of a list → how many of its cases it has; units without are left
        out."""
        each = [
            select(literal(name), cases.c.department, func.count())
            .where(seen(sight), *conditions(one))
            .group_by(cases.c.department)
            for name, one in wanted.items()
        ]
        units: dict[str | None, dict[str, int]] = {}
        for name, unit, count in await self._db.execute(union_all(*each)):
            units.setdefault(unit, {})[name] = count
        return units

    async def _by_age(
        self, sight: Sight, wanted: Wanted, after: Place | None, limit: int, *, oldest: bool = False
    ) -> list[Placed]:
        came, name = cases.c.created_at, cases.c.id
        query = select(*_ROW).where(seen(sight), *conditions(wanted))
        if wanted.get("undated"):
            query = query.where(_ANSWER.is_(None))
        if after is not None:
            beyond = (
                (came > after.at, name > after.case_id) if oldest else (came < after.at, name < after.case_id)
            )
            query = query.where(or_(beyond[0], and_(came == after.at, beyond[1])))
        order = (came, name) if oldest else (desc(came), desc(name))
        rows = [CaseRow(*row) for row in await self._db.execute(query.order_by(*order).limit(limit))]
        return [(row, Place(row.created_at, row.id)) for row in rows]

    async def _by_deadline(
        self, sight: Sight, wanted: Wanted, after: Place | None, limit: int
    ) -> list[Placed]:
        due, name = clocks.c.due_at, cases.c.id
        query = _DATED.where(seen(sight), *conditions(wanted))
        if after is not None:
            query = query.where(or_(due > after.at, and_(due == after.at, name > after.case_id)))
        found = await self._db.execute(query.order_by(due, name).limit(limit))
        return [(CaseRow(*row[:-1]), Place(row[-1], row[0], dated=True)) for row in found]
