"""Ranks the units that a text could belong to: named unit, then matter, then place (domain 3)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from intake.profiles.schema import Department, Flag, Level
from intake.routing.accused import accusation
from intake.routing.matters import Weight
from intake.routing.names import Mention, UnitIndex
from intake.routing.roles import Role, role
from storage.vocab import CaseType, Sector

NAMED_POINTS = {
    Role.ACCUSED: 6.0,
    Role.ASKED: 5.0,
    Role.NAMED: 3.0,
    Role.GREETED: 2.0,
    Role.TOLD: 2.0,
    Role.PLACE: 0.0,
}
SECTORS = frozenset(sector.value for sector in Sector)
HINT_POINTS = 2.0
#: The words of a text are worth so many points together, however long it is, beside what a model learned.
WORDS_AT_MOST, LEARNED_POINTS, LEAST_SHARE = 10.0, 3.0, 0.02
SURE_SHARE, CONTRARY_SHARE = 0.8, 0.6
SURE_POINTS, SURE_LEAD = 4.5, 3.0
SURE_NAMED_LEAD, SURE_MENTIONED_LEAD = 1.3, 2.0
BRIEF, SURE_BRIEF_POINTS = 60, 3.0
GOVERNMENT_SHARE = 0.4
FULL_MARKS = 4.0
SHOWN_WORDS = 4
AT_LEAST, AT_MOST = 3, 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that may be responsible. ``score`` is 0–1; ``reason`` is for dispatchers; ``kind`` says what
    spoke for it: ``named``, ``matter``, ``place``, or ``desk`` (nothing did; it is there to choose from)."""

    code: str
    score: float
    reason: str
    kind: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates best first, at least three, each sector once unless a unit is named.

    ``sure``: the first may be dispatched to without asking. ``accused`` and ``accuses_people`` as in
    :mod:`intake.routing.accused`; ``named`` are the units that the text names, other than as a place.
    """

    candidates: tuple[Candidate, ...]
    sure: bool
    accused: tuple[str, ...]
    accuses_people: bool
    named: tuple[str, ...] = ()

    @property
    def likely(self) -> frozenset[str]:
        """The units that the text names, and the one it would go to if anything spoke for that."""
        return frozenset(self.named) | {one.code for one in self.candidates[:1] if one.kind != "desk"}


def rank(
    text: str,
    index: UnitIndex,
    *,
    case_type: CaseType,
    hints: Sequence[str] = (),
    sectors: Mapping[str, float] | None = None,
) -> Ranking:
    """Rank the units for ``text``.

    ``hints`` are values of :class:`Sector`, or names of units, that somebody chose; ``sectors`` the shares
    that a model learned from examples gives to the sectors.
    """
    everywhere = index.mentions(text)
    mentions = [m for m in everywhere if role(text, m.start, m.end) is not Role.PLACE]
    accused = accusation(text, index, everywhere)
    points = _named_points(text, index, mentions, accused.units if case_type is CaseType.COMPLAINT else ())
    weights = index.matters.weigh(text, [(m.start, m.end) for m in mentions])
    _take_hints(hints, index, points, weights)
    learned = {Sector(name): share for name, share in (sectors or {}).items() if name in SECTORS}
    _take_learned(learned, weights)
    place = next((p.name for p in index.places(text)), None)
    found = _candidates(index, points, weights, place)
    return Ranking(
        candidates=_filled(found, index, place),
        sure=_is_sure(index, points, weights, mentions, brief=len(text) < BRIEF)
        and _is_backed(found, index, learned),
        accused=accused.units,
        accuses_people=accused.people,
        named=tuple(dict.fromkeys(m.code for m in mentions)),
    )


def _named_points(
    text: str, index: UnitIndex, mentions: Sequence[Mention], accused: Sequence[str]
) -> dict[str, float]:
    """What being named is worth. A government is named because it is over everything: that says little."""
    points: dict[str, float] = {}
    for mention in mentions:
        part = Role.ACCUSED if mention.code in accused else role(text, mention.start, mention.end)
        gain = NAMED_POINTS[part] * (0.5 if mention.how == "either" else 1.0)
        if part is not Role.ACCUSED and index.unit(mention.code).sector is Sector.DISTRICT:
            gain *= GOVERNMENT_SHARE
        points[mention.code] = max(points.get(mention.code, 0.0), gain)
    return points


def _take_hints(
    hints: Sequence[str], index: UnitIndex, points: dict[str, float], weights: dict[Sector, Weight]
) -> None:
    for hint in hints:
        if hint in SECTORS:
            weights.setdefault(Sector(hint), Weight()).points += HINT_POINTS
        elif unit := index.resolve(hint):
            points.setdefault(unit.code, NAMED_POINTS[Role.NAMED])


def _take_learned(learned: Mapping[Sector, float], weights: dict[Sector, Weight]) -> None:
    """Add what a model learned; a long text's many words must not drown it."""
    if not learned:
        return
    words = sum(weight.points for weight in weights.values())
    for weight in weights.values():
        weight.points *= min(1.0, WORDS_AT_MOST / words) if words else 1.0
    for sector, share in learned.items():
        if share >= LEAST_SHARE:
            weights.setdefault(sector, Weight()).points += LEARNED_POINTS * share


def _is_backed(found: Sequence[Candidate], index: UnitIndex, learned: Mapping[Sector, float]) -> bool:
    """Whether what was learned speaks for the first candidate; a named one it need only not contradict."""
    if not learned or not found:
        return True
    sector = index.unit(found[0].code).sector
    if found[0].kind == "named":
        others = (share for other, share in learned.items() if other is not sector)
        return max(others, default=0.0) < CONTRARY_SHARE
    return learned.get(sector, 0.0) >= SURE_SHARE


def _candidates(
    index: UnitIndex, points: dict[str, float], weights: dict[Sector, Weight], place: str | None
) -> list[Candidate]:
    raw: list[tuple[float, Candidate]] = []
    sectors = {index.unit(code).sector for code in points}
    for code, gain in points.items():
        weight = weights.get(index.unit(code).sector, Weight())
        total = gain + weight.points
        raw.append((total, Candidate(code, 0.0, _named_reason(index.unit(code), weight), "named")))
    for sector, weight in weights.items():
        unit = _unit_for(index, sector, weight, place) if sector not in sectors else None
        if unit is not None:
            raw.append((weight.points, Candidate(unit.code, 0.0, _matter_reason(weight, unit), "matter")))
    raw.sort(key=lambda one: -one[0])
    everything = sum(total for total, _ in raw) or 1.0
    return [
        Candidate(one.code, _score(total, everything), one.reason, one.kind) for total, one in raw[:AT_MOST]
    ]


def _score(points: float, everything: float) -> float:
    return round(math.sqrt(points / everything) * (1 - math.exp(-points / FULL_MARKS)), 3)


def _unit_for(index: UnitIndex, sector: Sector, weight: Weight, place: str | None) -> Department | None:
    """The sector's unit that the words speak for most; at the place of the text where it has one, and
    where the words speak for several alike, the one that does little else."""
    if place is not None and sector is Sector.DISTRICT and (government := index.government(place)):
        return government
    return max(
        (unit for unit in index.of_sector(sector) if unit.place in {None, place}),
        key=lambda unit: (weight.units.get(unit.code, 0.0), unit.place is not None, -len(unit.duties)),
        default=None,
    )


def _named_reason(unit: Department, weight: Weight) -> str:
    also = f"；说到：{_shown(weight)}" if weight.words else ""
    return f"文中提到“{unit.name}”{also}"


def _matter_reason(weight: Weight, unit: Department) -> str:
    told = f"说到：{_shown(weight)}" if weight.words else "语义判断属于这一类"
    return f"{told}；地点：{unit.place}" if unit.place else told


def _shown(weight: Weight) -> str:
    return "、".join(weight.words[:SHOWN_WORDS])


def _filled(found: list[Candidate], index: UnitIndex, place: str | None) -> tuple[Candidate, ...]:
    """At least three to choose from: the place's government, the desk, then the city's main units."""
    sectors = {index.unit(one.code).sector for one in found}
    for unit, reason, kind in _others(index, place):
        if len(found) >= AT_LEAST:
            break
        if unit.sector not in sectors:
            lowest = min((one.score for one in found), default=0.1)
            found.append(Candidate(unit.code, round(min(0.05, lowest / 2), 3), reason, kind))
            sectors.add(unit.sector)
    return tuple(found)


def _others(index: UnitIndex, place: str | None) -> list[tuple[Department, str, str]]:
    others: list[tuple[Department, str, str]] = []
    if place is not None and (government := index.government(place)):
        others.append((government, f"事发地在{place}，可请当地牵头", "place"))
    if desk := index.flagged(Flag.DESK_12345):
        others.append((desk, "看不出由谁负责，可先由热线办理", "desk"))
    mains = (u for u in index.units.values() if u.level is Level.CITY and not u.flags and u.parent is None)
    return [*others, *((unit, "备选", "desk") for unit in mains)]


def _is_sure(
    index: UnitIndex,
    points: dict[str, float],
    weights: dict[Sector, Weight],
    mentions: Sequence[Mention],
    *,
    brief: bool,
) -> bool:
    """One unit clearly named and not contradicted by the matter, or one matter far ahead; a brief text
    with a single matter needs less of it."""
    totals = [*sorted((weight.points for weight in weights.values()), reverse=True), 0.0, 0.0]
    if not points:
        needed = SURE_BRIEF_POINTS if brief and not totals[1] else SURE_POINTS
        return totals[0] >= needed and totals[0] >= SURE_LEAD * totals[1]
    code, gain = max(points.items(), key=lambda one: one[1])
    if any(m.how == "either" for m in mentions if m.code == code):
        return False
    sector = index.unit(code).sector
    rivals = [g + _points(weights, index.unit(c).sector) for c, g in points.items() if c != code]
    rivals += [weight.points for other, weight in weights.items() if other is not sector]
    total = gain + _points(weights, sector)
    lead = SURE_NAMED_LEAD if gain >= NAMED_POINTS[Role.ASKED] else SURE_MENTIONED_LEAD
    return gain >= NAMED_POINTS[Role.NAMED] and total >= lead * max(rivals, default=0.0)


def _points(weights: dict[Sector, Weight], sector: Sector) -> float:
    return weights[sector].points if sector in weights else 0.0
