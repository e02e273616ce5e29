"""Lists of cases and what stands over them: pages in three orders, counts, and counts unit by unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.stores.among import among
from storage.stores.asked import ANSWERS, conditions
from storage.stores.case_words import CaseWordStore, holding
from storage.stores.cases import CaseRow
from storage.stores.clocks import RUNS
from storage.stores.places import Place, behind, up_to
from storage.stores.rows import columns
from storage.stores.sights import Sight, seen
from storage.tables.cases import cases, clocks
from storage.vocab import Order

Wanted = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are, or that there are ``more`` than so many; in words as on the page."""

    number: int
    more: bool = False

    def __bool__(self) -> bool:
        return self.number > 0

    def __str__(self) -> str:
        return f"{self.number}+" if self.more else str(self.number)


Placed = tuple[CaseRow, Place]

MOST = 1_000
"""Nobody counts further than this: a list of more has "1000+"."""
LOOKED = 1_000
"""So many cases, the next by age, are looked through for words before the index is asked: most of what is
looked for often stands in many of them."""
LIKELY = 4_000
"""Of the cases behind those, so many that the index takes for likely; what holds all pairs of a sentence and
not the sentence may hide what is older still."""
FIRST = 100
"""Of the likely ones, so many are read first."""
PAGEFUL = 30
_ROW = columns(cases, CaseRow)
_other = clocks.alias("other")
_EARLIER = (  # of several clocks that say when an answer is due the one that ends first stands for its case
    select(_other.c.id)
    .where(
        _other.c.case_id == clocks.c.case_id,
        _other.c.kind.in_(ANSWERS),
        _other.c.state == "running",
        or_(
            _other.c.due_at < clocks.c.due_at,
            and_(_other.c.due_at == clocks.c.due_at, _other.c.id < clocks.c.id),
        ),
    )
    .correlate(clocks)
    .exists()
)
_DUE = (
    select(clocks.c.id)
    .where(clocks.c.case_id == cases.c.id, RUNS, clocks.c.kind.in_(ANSWERS))
    .correlate(cases)
    .exists()
)
_DATED = (
    select(*_ROW, clocks.c.due_at)
    .select_from(cases.join(clocks, clocks.c.case_id == cases.c.id))
    .where(RUNS, clocks.c.kind.in_(ANSWERS), ~_EARLIER)
)
_AGE = (cases.c.created_at, cases.c.id)


class ListStore:
    """Every method takes what the reader may see, and what is asked for (``storage.stores.asked``)."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection
        self._words = CaseWordStore(connection)
        self._asked: dict[tuple[str, Place, bool], list[Place]] = {}

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
        if len(found) < limit and _late(wanted) is None:  # what is late has a deadline
            undated = {**wanted, "undated": True}
            found += await self._by_age(sight, undated, after, limit - len(found))
        return found

    async def counts(self, sight: Sight, wanted: Sequence[Wanted]) -> list[Count]:
        """How many cases each of these lists has, in one look."""
        if not wanted:
            return []
        each = [_counted(select(cases.c.id).where(seen(sight), *conditions(one))) for one in wanted]
        found = (await self._db.execute(select(*each))).one()
        return [Count(min(number, MOST), number > MOST) for number in found]

    async def count(self, sight: Sight, wanted: Wanted) -> Count:
        """How many cases one list has; where words are looked for that many have, at least how many."""
        if not wanted.get("q"):
            return (await self.counts(sight, [wanted]))[0]
        q, all_of_them = wanted["q"], self._listed(sight, wanted | {"q": None}, [cases.c.id])
        holds = all_of_them.where(holding(q))
        edge = await self._edge(all_of_them, None)
        near = await self._number(holds.where(up_to(edge, *_AGE)))
        if edge is None or near >= PAGEFUL:
            return Count(near, edge is not None)
        likely = await self._likely(q, edge)
        rest = await self._number(holds.where(self._one_of(likely))) if likely else 0
        return Count(near + rest, len(likely) == LIKELY)

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
        query = self._listed(sight, wanted | {"q": None}, _ROW)
        if not (q := wanted.get("q")):
            return await self._read(query.where(behind(after, *_AGE, oldest=oldest)), limit, oldest=oldest)
        holds = query.where(holding(q))
        edge = await self._edge(query, after, oldest=oldest)
        near = behind(after, *_AGE, oldest=oldest), up_to(edge, *_AGE, oldest=oldest)
        found = await self._read(holds.where(*near), limit, oldest=oldest)
        if edge is not None and len(found) < limit:
            likely = await self._likely(q, edge, oldest=oldest)
            for some in (likely[:FIRST], likely[FIRST:]):
                if some and len(found) < limit:
                    those = holds.where(self._one_of(some))
                    found += await self._read(those, limit - len(found), oldest=oldest)
        return found

    def _listed(self, sight: Sight, wanted: Wanted, shown: Sequence[Column[Any]]) -> Select[Any]:
        query = select(*shown).where(seen(sight), *conditions(wanted))
        return query.where(~_DUE) if wanted.get("undated") else query

    async def _edge(self, query: Select[Any], after: Place | None, *, oldest: bool = False) -> Place | None:
        """Where the next :data:`LOOKED` of a list end; None where it has no more."""
        place = query.with_only_columns(*_AGE).where(behind(after, *_AGE, oldest=oldest))
        there = place.order_by(*_ordered(oldest)).offset(LOOKED - 1).limit(1)
        row = (await self._db.execute(there)).one_or_none()
        return None if row is None else Place(*row)

    async def _likely(self, q: str, edge: Place, *, oldest: bool = False) -> list[Place]:
        """Asked once for a page and its count."""
        key = (q, edge, oldest)
        if key not in self._asked:
            self._asked[key] = await self._words.likely(q, edge, LIKELY, oldest=oldest)
        return self._asked[key]

    def _one_of(self, places: Sequence[Place]) -> ColumnElement[bool]:
        return among(self._db, cases.c.id, [place.case_id for place in places])

    async def _number(self, query: Select[Any]) -> int:
        return int((await self._db.execute(select(_counted(query)))).scalar_one())

    async def _read(self, query: Select[Any], limit: int, *, oldest: bool) -> list[Placed]:
        found = await self._db.execute(query.order_by(*_ordered(oldest)).limit(limit))
        rows = [CaseRow(*row) for row in found]
        return [(row, Place(row.created_at, row.id)) for row in rows]

    async def _by_deadline(
        self, sight: Sight, wanted: Wanted, after: Place | None, limit: int
    ) -> list[Placed]:
        due, name = clocks.c.due_at, cases.c.id
        late = _late(wanted)
        query = _DATED.where(seen(sight), *conditions(wanted | {"overdue_at": None} if late else wanted))
        if late:  # said of the clock that is read anyway: PostgreSQL looks through all of them otherwise
            query = query.where(due < late)
        query = query.where(behind(after, due, name, oldest=True))
        found = await self._db.execute(query.order_by(due, name).limit(limit))
        return [(CaseRow(*row[:-1]), Place(row[-1], row[0], dated=True)) for row in found]


def _late(wanted: Wanted) -> datetime | None:
    """The moment, where only what is overdue by then is asked for."""
    return wanted.get("overdue_at") if wanted.get("overdue", True) else None


def _ordered(oldest: bool) -> list[ColumnElement[Any]]:
    return [column if oldest else column.desc() for column in _AGE]


def _counted(query: Select[Any]) -> ScalarSelect[Any]:
    """How many rows, one more than :data:`MOST` at most."""
    return select(func.count()).select_from(query.limit(MOST + 1).subquery()).scalar_subquery()
