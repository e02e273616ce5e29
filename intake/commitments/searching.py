"""What people type into a search box, found among commitments and guides: any order, slips allowed.

The database gives the likeliest entries; here they are compared as a whole with what was typed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from intake.desk import Desk
from storage.sounds import spoken
from storage.stores.registry import CommitmentRow, GuideRow
from storage.stores.search import Among
from storage.stores.wanted import PUBLISHED, Wanted
from storage.terms import compact, is_pair, plain, terms
from storage.vocab import EntryKind

Row = TypeVar("Row", CommitmentRow, GuideRow)
#: As much is read of what somebody typed.
LONGEST = 200
#: An entry is shown that has this share of the terms; where others have every word, more is wanted.
HALF, MOST = 0.5, 0.75
TITLE, WHOLE, NEARLY = 0.5, 1.0, 0.99


@dataclass(frozen=True, slots=True)
class _Typed:
    words: Sequence[str]
    terms: Sequence[str]


async def search_commitments(desk: Desk, typed: str, wanted: Wanted | None = None) -> list[CommitmentRow]:
    """The commitments that answer to what was typed, best first, 200 at most; none where it holds no word.

    ``wanted``: only of these, by default of what everybody may read; behind the one of code ``after``.
    """
    asked = wanted or Wanted(desk.clock.today())
    states = [asked.state] if asked.state else sorted(PUBLISHED) if asked.public_only else []
    among = Among((EntryKind.COMMITMENT,), asked.public_only, states, asked.department or "")
    codes = await _codes(desk, typed, among)
    rows = await desk.unit.registry.wanted(replace(asked, codes=tuple(codes), after=""))
    found = _ranked(desk, typed, rows)
    last = next((n for n, row in enumerate(found, 1) if row.code == asked.after), 0)
    return found[last:]


async def search_guides(desk: Desk, typed: str, *, everything: bool = False) -> list[GuideRow]:
    """The guides that answer to what was typed, best first; ``everything``: also those not published."""
    codes = await _codes(desk, typed, Among((EntryKind.GUIDE,), not everything))
    rows = await desk.unit.registry.guides_by_code(codes)
    return _ranked(desk, typed, [rows[code] for code in codes if code in rows])


def words_of(desk: Desk, row: CommitmentRow | GuideRow) -> str:
    """Everything that is searched of an entry beside its title."""
    said: list[str] = [row.code, compact(row.code), desk.city.unit_name(row.department), told_by(row)]
    if isinstance(row, CommitmentRow):
        said += [row.source_document, row.source_number]
    unit = desk.city.units.get(row.department)
    return "\n".join([*said, *(unit.short_names if unit else ())])


def told_by(row: CommitmentRow | GuideRow) -> str:
    """What an entry says below its title."""
    if isinstance(row, GuideRow):
        return "\n".join([*row.steps, *row.cautions, *row.documents, row.place, row.time_limit])
    return f"{row.text}\n{row.target}"


async def _codes(desk: Desk, typed: str, among: Among) -> list[str]:
    asked = _typed(typed)
    if not asked.terms:
        return []
    return [code for _, code in (await desk.unit.search.best(asked.terms, among)).entries]


def _typed(typed: str) -> _Typed:
    said = typed[:LONGEST]
    words = [word for word in plain(said).split() if terms(word)]
    return _Typed(words, terms(said))


def _ranked(desk: Desk, typed: str, rows: Sequence[Row]) -> list[Row]:
    asked = _typed(typed)
    held = [(row, plain(row.title), plain(words_of(desk, row))) for row in rows]
    found = [(_likeness(asked, title, others), row, title + others) for row, title, others in held]
    whole = any(likeness >= WHOLE for likeness, *_ in found)
    kept = [
        (likeness, row)
        for likeness, row, said in found
        if (likeness >= MOST and _of_each(asked, said) if whole else likeness >= HALF)
    ]
    return [row for _, row in sorted(kept, key=lambda one: (-one[0], one[1].code))]


def _of_each(asked: _Typed, said: str) -> bool:
    """Whether an entry has something of every word that was typed."""
    return all(any(term in said for term in terms(word)) for word in asked.words)


def _likeness(asked: _Typed, title: str, others: str) -> float:
    """The share of the terms that the entry has; more than 1 where it has every word as it was typed."""
    titled = TITLE * sum(term in title for term in asked.terms) / len(asked.terms)
    if all(word in title or word in others for word in asked.words):
        return WHOLE + titled
    has = [term in title or term in others or _sounds(term, title) for term in asked.terms]
    return min(sum(has) / len(has), NEARLY)


def _sounds(term: str, title: str) -> bool:
    return is_pair(term) and spoken(term) in spoken(title)
