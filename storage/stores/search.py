"""Searching commitments and guides: which entries share the rarest terms with what was asked.

How often a term occurs is counted up to :data:`COMMON` only, and of common terms those entries are taken that
have all of them, until there are enough: no question makes the database look through everything.
"""

import json
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.sounds import sound_of
from storage.stores.among import among as one_of
from storage.stores.search_sql import COMMON, STATEMENTS
from storage.tables.departments import departments
from storage.tables.registry import commitments, guides
from storage.tables.search import search_entries
from storage.terms import IN_TITLE, compact, is_pair, written
from storage.vocab import EntryKind

#: The terms that are looked for one by one together occur in so many entries at most.
LOOKED_THROUGH = 4_000
BEST = 200
MOST_TERMS = 160
#: After so many entries at once the database looks anew at how often what occurs.
MANY = 1_000
SEARCHED = (
    *("text", "target", "source_document", "source_number"),
    *("steps", "cautions", "documents", "place", "time_limit"),
)
"""The columns of commitments and guides that can be searched, beside code, title and unit."""

_TOTAL = select(func.max(search_entries.c.id))


@dataclass(frozen=True, slots=True)
class Among:
    """Which entries are looked through. Commitments of any state where no ``states`` are named, of any unit
    where no ``department`` is; guides are all public."""

    kinds: Collection[EntryKind]
    public_only: bool = True
    states: Collection[str] = ()
    department: str = ""

    def as_parameters(self) -> dict[str, Any]:
        return {
            "kinds": _joined(kind.value for kind in self.kinds),
            "public_only": self.public_only,
            "states": _joined(self.states) if self.states else "",
            "department": self.department,
        }


@dataclass(frozen=True, slots=True)
class Hits:
    """Entries (kind, code), those with the rarest terms first, and the weight of each term: the rarer, the
    more; a term that stands nowhere weighs most."""

    entries: list[tuple[str, str]] = field(default_factory=list)
    weights: Mapping[str, float] = field(default_factory=dict)


class SearchStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection
        self._embedded = connection.dialect.name == "sqlite"
        self._sql = STATEMENTS[connection.dialect.name]

    async def empty(self) -> bool:
        """Whether there is nothing to find at all."""
        return (await self._db.execute(_TOTAL)).scalar_one() is None

    async def best(
        self, terms: Sequence[str], among: Among, most: int = BEST, *, by_sound: bool = True
    ) -> Hits:
        """The likeliest entries for terms of ``storage.terms``; the last of them may share little.

        ``by_sound``: a pair that stands nowhere is looked for in titles as it sounds.
        """
        total = (await self._db.execute(_TOTAL)).scalar_one() or 0
        if not total:
            return Hits()
        counts = await self._counted(terms[:MOST_TERMS])
        if by_sound:
            counts |= await self._counted(
                [sound_of(one) for one in counts if is_pair(one) and not counts[one]]
            )
        weights = {term: math.log(1 + total / max(1, count)) for term, count in counts.items()}
        present = sorted((term for term in counts if counts[term]), key=lambda term: (counts[term], term))
        rare = _rare(present, counts)
        common = present[len(rare) :]
        found = await self._rarest(rare, weights, among, most * 2 // 3 if common else most)
        for query in self._commonly(common):
            if len(found) < most:
                found += await self._entries("some", query, among, most)
        if common and not found:
            found = await self._entries("some", self._any_titled(common), among, most)
        return Hits(list(dict.fromkeys(found))[:most], weights)

    async def write(self, kind: EntryKind, codes: Collection[str]) -> None:
        """Write down anew what can be searched of these entries, as their rows and units stand now."""
        given = await self._written(kind, codes)
        of_kind = search_entries.c.kind == kind.value
        stands = select(search_entries.c.code).where(of_kind, one_of(self._db, search_entries.c.code, given))
        standing = set((await self._db.execute(stands)).scalars())
        if old := [{"of_code": code, "new": words} for code, words in given.items() if code in standing]:
            change = update(search_entries).where(of_kind, search_entries.c.code == bindparam("of_code"))
            await self._db.execute(change.values(words=bindparam("new")), old)
        if new := [code for code in given if code not in standing]:
            rows = [{"kind": kind.value, "code": code, "words": given[code]} for code in new]
            await self._db.execute(insert(search_entries), rows)

    async def settle(self, written: int) -> None:
        """Call once ``written`` entries stand: after many, PostgreSQL looks through whole tables until it has
        counted them, and of its own accord it does so only a minute later."""
        if written >= MANY and not self._embedded:
            for table in (search_entries, commitments, guides):
                await self._db.execute(text(f"ANALYZE {table.name}"))

    async def _written(self, kind: EntryKind, codes: Collection[str]) -> dict[str, str]:
        table = commitments if kind is EntryKind.COMMITMENT else guides
        said = [table.c[name] for name in SEARCHED if name in table.c]
        query = select(table.c.code, table.c.department, table.c.title, *said).where(
            one_of(self._db, table.c.code, codes)
        )
        units = select(departments.c.code, departments.c.name, departments.c.short_names)
        called = {code: f"{name} {' '.join(short)}" for code, name, short in await self._db.execute(units)}
        return {row.code: _words(row, called) for row in await self._db.execute(query)}

    async def _counted(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many entries each term stands, :data:`COMMON` at most."""
        if not terms:
            return {}
        queries = {self._query(term): term for term in terms}
        given = {"asked": json.dumps(list(queries))}
        rows = await self._db.execute(text(self._sql["counted"]), given)
        return {queries[query]: count for query, count in rows}

    async def _rarest(
        self, terms: Sequence[str], weights: Mapping[str, float], among: Among, most: int
    ) -> list[tuple[str, str]]:
        """Entries with any of the terms, by the weight of those that they have."""
        if not terms:
            return []
        asked = [{"query": self._query(term), "weight": weights[term]} for term in terms]
        return await self._entries("rarest", json.dumps(asked), among, most)

    def _commonly(self, terms: Sequence[str]) -> list[str]:
        """Queries for entries that have all of the terms, first for those that have them in the title."""
        if not terms:
            return []
        both = " AND " if self._embedded else " & "
        titled = both.join(self._query(term, titled=True) for term in terms)
        return [titled, both.join(self._query(term) for term in terms)]

    def _any_titled(self, terms: Sequence[str]) -> str:
        return (" OR " if self._embedded else " | ").join(self._query(term, titled=True) for term in terms)

    async def _entries(self, name: str, asked: str, among: Among, most: int) -> list[tuple[str, str]]:
        given = {"asked": asked, "most": most, **among.as_parameters()}
        return [(kind, code) for kind, code in await self._db.execute(text(self._sql[name]), given)]

    def _query(self, term: str, *, titled: bool = False) -> str:
        """A term as the engine's query; a single character, and what has no Chinese ones, may go on."""
        goes_on = len(term) == 1 or term.isascii()
        stored = IN_TITLE + term if titled else term
        if self._embedded:
            return f'"{stored}"*' if goes_on else f'"{stored}"'
        return f"'{stored}':*" if goes_on else f"'{stored}'"


def _rare(present: Sequence[str], counts: Mapping[str, int]) -> list[str]:
    """The first of these terms, rarest first, that together do not stand in too many entries."""
    rare: list[str] = []
    together = 0
    for term in present:
        together += counts[term]
        if counts[term] >= COMMON or together > LOOKED_THROUGH:
            break
        rare.append(term)
    return rare


def _words(row: Row[Any], called: Mapping[str, str]) -> str:
    """The terms of a row of code, unit, title and what else is searched."""
    code, department, title, *others = tuple(row)
    said = [" ".join(value) if isinstance(value, list) else value for value in others]
    return written(title, [code, compact(code), called.get(department, ""), *said])


def _joined(values: Iterable[str]) -> str:
    return f",{','.join(values)},"
