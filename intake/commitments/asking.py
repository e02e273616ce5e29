"""Which commitment or service guide answers a citizen's question (domain 2, 3: 即时答复).

The database gives the likeliest entries. Of each is told how much of the question it has, in characters, rare
words counting the more, and how much of its title was asked for; that its unit, its sector or its kind is the
one asked for speaks for it too. Only what knows enough of a question, knows every matter that it names and
leads is ``sure``: no answer is better than a false one.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from intake.commitments import known_words
from intake.commitments.questions import Question, understood
from intake.commitments.searching import told_by
from intake.desk import Desk
from storage.stores.registry import CommitmentRow, GuideRow
from storage.stores.search import Among
from storage.stores.wanted import PUBLISHED
from storage.terms import plain
from storage.unit import Unit
from storage.vocab import EntryKind as Kind

__all__ = ["OFFERED", "Entry", "Found", "Kind", "look_up", "prepare"]

#: So many are offered where none is sure.
OFFERED = 3
COMPARED = 60
#: What speaks for an entry beside the characters of a question that it has, in characters too: that its title
#: is all asked for, that its unit is, that its sector has all that is named, that its kind is asked for.
OF_TITLE, OF_UNIT, OF_SECTOR, OF_KIND = 2.0, 1.1, 1.0, 1.3
#: From this score on an entry may be meant.
LEAST = 0.25
#: How surely the first answers: from what it has of the question, whether that is all of it, which share of
#: its title was asked for, its lead, its kind and the heaviest matter that it misses. By logistic regression
#: over questions, checked on entries left out (docs/decisions/0012).
SURE = 7.7
FOR_HAS, FOR_ALL, FOR_SHARE, FOR_LEAD, FOR_KIND, FOR_MISSED = 9.1, 1.4, 1.3, 0.53, 1.2, -0.6
#: That is all of it which leaves no more characters than this.
LEFT = 0.5
#: Of two that are closer neither answers surely; so far ahead is far enough.
LEAD, FAR = 0.3, 3.0
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


async def prepare(unit: Unit) -> None:
    """Make ready what the first question would wait for, where there is anything to answer it from."""
    if not await unit.search.empty():
        known_words.prepare()


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
    """``has``: how much of the question an entry has, ``points``: what speaks for it in all, in characters;
    ``share``: of its title that was asked for."""

    entry: Entry
    has: float
    points: float
    share: float
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
    title, told = plain(row.title), plain(told_by(row))
    has, share = asked.covered(title, f"{told}\n{known_words.called(title)}"), asked.titled(title)
    points = has + OF_TITLE * share + OF_UNIT * (row.department in departments)
    points += OF_SECTOR * asked.of_sector(_sector(desk, row)) + OF_KIND * (kind in asked.kinds)
    entry = Entry(kind, row.code, row.title, row.department, round(_enough(points), 3))
    return _Compared(entry, has, points, share, title, told)


def _sector(desk: Desk, row: CommitmentRow | GuideRow) -> str:
    unit = desk.city.units.get(row.department)
    return unit.sector.value if unit else ""


def _judged(compared: list[_Compared], asked: Question | None) -> Found:
    """The answer, where the question ``asked`` allows to be sure, else what may be it."""
    best = sorted(compared, key=lambda one: (-one.points, one.entry.code))
    likely = [one for one in best if one.entry.score >= LEAST][:OFFERED]
    if not likely:
        return Found()
    lead = best[0].points - (best[1].points if len(best) > 1 else 0.0)
    if asked is not None and lead >= LEAD and _surely(best[0], lead, asked) >= SURE:
        return Found(sure=best[0].entry)
    return Found(likely=tuple(one.entry for one in likely))


def _surely(one: _Compared, lead: float, asked: Question) -> float:
    """How surely an entry answers; not at all where a side of the matter is asked for that it tells not."""
    if asked.untold(one.title + one.told):
        return -math.inf
    known = FOR_HAS * _enough(one.has) + FOR_ALL * (asked.whole - one.has < LEFT)
    known += FOR_SHARE * one.share + FOR_LEAD * min(lead, FAR)
    of_kind = FOR_KIND * (one.entry.kind in asked.kinds)
    return known + of_kind + FOR_MISSED * asked.missed(one.title, one.told)


def _enough(characters: float) -> float:
    return characters / (characters + ENOUGH)
