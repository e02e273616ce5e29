"""Which commitment or service guide answers a citizen's question (domain 2, 3: 即时答复).

The database gives the likeliest entries. Of each is told how much of the question it covers, character by
character, rare words counting the more, and how much of its title was asked for. Only what knows enough of a
question, knows every matter that it names and leads is ``sure``: no answer is better than a false one.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from intake.commitments.questions import Question, understood
from intake.commitments.searching import told_by, words_of
from intake.desk import Desk
from storage.stores.registry import CommitmentRow, GuideRow
from storage.stores.search import Among
from storage.stores.wanted import PUBLISHED
from storage.terms import plain
from storage.vocab import EntryKind as Kind

__all__ = ["OFFERED", "Entry", "Found", "Kind", "look_up"]

#: So many are offered where none is sure.
OFFERED = 3
COMPARED = 60
COVERED, TITLED, OF_UNIT, OF_KIND = 0.7, 0.2, 0.1, 0.06
#: From this on an entry may be meant; the first is only if it is so far ahead of the next.
LEAST, LEAD = 0.1, 0.04
#: How surely the first answers, from its score, what it has in all and in its title, and what it misses: by
#: logistic regression over the questions of tests/unit/commitments, checked on entries left out.
SURE, OF_SCORE, OF_HAS, OF_TITLED, OF_MISSED = 7.0, 2.0, 7.4, 6.5, 1.3
#: So many characters that stand nowhere else count half of what any number would.
ENOUGH = 3.2


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that may answer; ``department`` is the code of the unit whose it is, ``score`` is 0–1."""

    kind: Kind
    code: str
    title: str
    department: str
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """What answers a question: ``sure`` alone, or up to :data:`OFFERED` to choose from, or nothing."""

    sure: Entry | None = None
    likely: tuple[Entry, ...] = ()


async def look_up(desk: Desk, question: str, *, departments: frozenset[str] = frozenset()) -> Found:
    """Look for the answer among public commitments and guides.

    ``departments`` are the codes of the units that the question names or would go to.
    """
    if await desk.unit.search.empty():
        return Found()
    asked = understood(question)
    if not asked.terms:
        return Found()
    among = Among(tuple(Kind), public_only=True, states=sorted(PUBLISHED))
    hits = await desk.unit.search.best(asked.terms, among, COMPARED)
    weighed = asked.weighed(hits.weights)
    rows = await _rows(desk, hits.entries)
    compared = [_compared(desk, weighed, kind, row, departments) for kind, row in rows]
    elsewhere = any(name not in desk.city.name for name in asked.cities)
    return _judged(compared, None if asked.vague or elsewhere else weighed)


@dataclass(frozen=True, slots=True)
class _Compared:
    entry: Entry
    title: str
    told: str


async def _rows(
    desk: Desk, entries: Sequence[tuple[str, str]]
) -> list[tuple[Kind, CommitmentRow | GuideRow]]:
    registry = desk.unit.registry
    promises = [code for kind, code in entries if kind == Kind.COMMITMENT]
    guides = [code for kind, code in entries if kind == Kind.GUIDE]
    found: list[tuple[Kind, CommitmentRow | GuideRow]] = []
    if promises:
        found += [(Kind.COMMITMENT, row) for row in (await registry.commitments_by_code(promises)).values()]
    if guides:
        found += [(Kind.GUIDE, row) for row in (await registry.guides_by_code(guides)).values()]
    return found


def _compared(
    desk: Desk,
    asked: Question,
    kind: Kind,
    row: CommitmentRow | GuideRow,
    departments: frozenset[str],
) -> _Compared:
    title, others = plain(row.title), plain(words_of(desk, row))
    score = COVERED * asked.covered(title, others) + TITLED * asked.titled(title)
    score += OF_UNIT * (row.department in departments) + OF_KIND * (kind in asked.kinds)
    entry = Entry(kind, row.code, row.title, row.department, round(min(1.0, score), 3))
    return _Compared(entry, title, plain(told_by(row)))


def _judged(compared: list[_Compared], asked: Question | None) -> Found:
    """The answer, where the question ``asked`` allows to be sure, else what may be it."""
    best = sorted(compared, key=lambda one: (-one.entry.score, one.entry.code))
    likely = [one for one in best if one.entry.score >= LEAST][:OFFERED]
    if not likely:
        return Found()
    first, second = likely[0], likely[1].entry.score if len(likely) > 1 else 0.0
    if asked is not None and first.entry.score - second >= LEAD and _surely(asked, first) >= SURE:
        return Found(sure=first.entry)
    return Found(likely=tuple(one.entry for one in likely))


def _surely(asked: Question, one: _Compared) -> float:
    """How surely an entry answers; below any where a sum or share is asked for that it does not tell."""
    if asked.asks_amount_of(one.title + one.told):
        return -math.inf
    grasp = asked.grasped(one.title, one.told)
    known = OF_HAS * _enough(grasp.has) + OF_TITLED * _enough(grasp.titled)
    return OF_SCORE * one.entry.score + known - OF_MISSED * grasp.missed


def _enough(characters: float) -> float:
    return characters / (characters + ENOUGH)
