"""The words of cases: written down by a worker, and looked up for lists.

What is asked for is parts of what was said; a blank stands between two. The index knows which cases may hold
them, the rows themselves say which do (:func:`holding`): a case whose index is behind is found all the same.
"""

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.stores.among import among
from storage.stores.places import Place, behind
from storage.tables.cases import cases
from storage.tables.search import case_words
from storage.terms import is_pair, plain, terms, written

SAID = ("text", "transcript", "answer")
"""What is searched of a case."""
_UNWORDED = text("NOT case_file.worded")
_ANY = select(cases.c.id).where(_UNWORDED).limit(1)
_TO_WRITE = (
    select(cases.c.id, cases.c.created_at, *(cases.c[name] for name in SAID))
    .where(_UNWORDED)
    .order_by(cases.c.created_at.desc(), cases.c.id.desc())
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, key_share=True)
)
_FOUND = {
    "sqlite": "case_words.id IN (SELECT rowid FROM case_word WHERE case_word MATCH :asked)",
    "postgresql": "case_words.indexed @@ CAST(:asked AS tsquery)",
}


def holding(q: str) -> ColumnElement[bool]:
    """Every part of ``q`` stands in one of the texts, as it is or with small letters of one width."""
    return and_(*(or_(*_anywhere(part)) for part in q.split()))


def _anywhere(part: str) -> list[ColumnElement[bool]]:
    said = [cases.c[name] for name in SAID]
    found = [column.contains(part, autoescape=True) for column in said]
    small = plain(part)
    if small == small.upper() == part:
        return found
    return found + [func.lower(column).contains(small, autoescape=True) for column in said]


class CaseWordStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection
        self._embedded = connection.dialect.name == "sqlite"

    async def any_to_write(self) -> bool:
        """Whether the words of a case are to be written down."""
        return (await self._db.execute(_ANY)).one_or_none() is not None

    async def write(self, most: int) -> int:
        """Write down the words of so many cases that have none, or others by now; how many there were.
        Passes over what another holds."""
        rows = (await self._db.execute(_TO_WRITE, {"most": most})).all()
        if not rows:
            return 0
        ids = [row.id for row in rows]
        await self._db.execute(delete(case_words).where(among(self._db, case_words.c.case_id, ids)))
        said = [
            {
                "case_id": row.id,
                "created_at": row.created_at,
                "words": written("", [getattr(row, name) or "" for name in SAID]),
            }
            for row in rows
        ]
        await self._db.execute(insert(case_words), said)
        await self._db.execute(update(cases).where(among(self._db, cases.c.id, ids)).values(worded=True))
        return len(rows)

    async def likely(self, q: str, after: Place | None, most: int, *, oldest: bool = False) -> list[Place]:
        """The next cases that may hold ``q``, by age: those of the index, and those not in it yet that do.
        None where the index cannot tell, since ``q`` has no letters."""
        asked = self._query(q)
        if not asked:
            return []
        found = select(case_words.c.created_at, case_words.c.case_id).where(
            text(_FOUND[self._db.dialect.name]).bindparams(asked=asked),
            behind(after, case_words.c.created_at, case_words.c.case_id, oldest=oldest),
        )
        fresh = select(cases.c.created_at, cases.c.id).where(
            _UNWORDED, holding(q), behind(after, cases.c.created_at, cases.c.id, oldest=oldest)
        )
        either = found.union(fresh).subquery()
        came, name = either.c
        order = (came, name) if oldest else (came.desc(), name.desc())
        rows = await self._db.execute(select(came, name).order_by(*order).limit(most))
        return [Place(*row) for row in rows]

    def _query(self, q: str) -> str:
        """All terms that a text with ``q`` is sure to have, as the engine's query."""
        each = [one for part in q.split() for one in _sure(part)]
        return (" AND " if self._embedded else " & ").join(self._term(one) for one in dict.fromkeys(each))

    def _term(self, term: str) -> str:
        """A single character, letters and digits may go on."""
        shape = '"{}"{}' if self._embedded else "'{}'{}"
        goes_on = "" if is_pair(term) else "*" if self._embedded else ":*"
        return shape.format(term, goes_on)


def _sure(part: str) -> list[str]:
    """Pairs, where there are any: letters at the edge of a part may be the middle of a longer word."""
    found = terms(part)
    return [one for one in found if is_pair(one)] or found
