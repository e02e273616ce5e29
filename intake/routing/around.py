"""Where a case goes, and who must never get it (domain 3 and 6; 新营商办〔2020〕13号 三(三)).

Accusing X means X and every unit that answers to X: a bureau's staff can be ordered by the bureau. A unit
*above* X is not shut out, for overseeing X is its office; nor are X's neighbours.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from intake.profiles.schema import Department, Flag
from intake.routing.match import Ranking
from storage.vocab import CaseType, Mode

ABOUT_A_PROMISE = 0.5

Via = Literal["direct", "supervision", "discipline", "desk_12345"]


@dataclass(frozen=True, slots=True)
class Route:
    """``department`` is None when nobody may receive the case or nobody is known; ``sure`` allows dispatch
    without a dispatcher; ``reason`` is for dispatchers."""

    department: str | None
    sure: bool
    via: Via
    reason: str


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What decides whether a case goes around: read from its row."""

    case_type: CaseType
    mode: Mode
    accused: tuple[str, ...]
    accuses_people: bool


def goes_around(facts: CaseFacts) -> bool:
    """Whether the case is kept from those it accuses: a complaint that accuses people in any mode, or a
    unit while its reporter is confidential or anonymous. Inquiries and suggestions never are."""
    if facts.case_type is not CaseType.COMPLAINT:
        return False
    return facts.accuses_people or (bool(facts.accused) and facts.mode is not Mode.NAMED)


def shut_out(facts: CaseFacts, units: Mapping[str, Department]) -> frozenset[str]:
    """Codes of the units whose staff may neither see nor get the case; empty when it does not go around."""
    return _with_those_below(facts.accused, units) if goes_around(facts) else frozenset()


def may_receive(facts: CaseFacts, department: str, units: Mapping[str, Department]) -> bool:
    """Whether the case may be dispatched, returned or merged towards ``department`` (else 422
    ``accused_unit``), and whether that unit's staff may see it (else 404)."""
    return department not in shut_out(facts, units)


def hidden_units(
    ranking: Ranking, *, case_type: CaseType, mode: Mode, units: Mapping[str, Department]
) -> frozenset[str]:
    """:func:`shut_out` for a case that is being filed as ``ranking`` reads it."""
    return shut_out(CaseFacts(case_type, mode, ranking.accused, ranking.accuses_people), units)


def handling_unit(
    ranking: Ranking,
    *,
    case_type: CaseType,
    mode: Mode,
    about_commitment: float,
    units: Mapping[str, Department],
    chosen: str | None = None,
    accused: Iterable[str] | None = None,
    accuses_people: bool | None = None,
) -> Route:
    """The unit that a case goes to.

    ``about_commitment`` is 0–1, whether a public promise is its subject. ``chosen`` is the code that an
    officer set at registration; it holds unless the case goes around. ``accused`` and ``accuses_people``
    are the ranking's unless an officer has corrected them.
    """
    facts = CaseFacts(
        case_type,
        mode,
        ranking.accused if accused is None else tuple(accused),
        ranking.accuses_people if accuses_people is None else accuses_people,
    )
    if goes_around(facts):
        return _around(facts, units)
    if chosen is not None:
        return Route(chosen, True, "direct", "登记时选定")
    if case_type is CaseType.COMPLAINT and about_commitment < ABOUT_A_PROMISE and not ranking.named:
        desk = _flagged(Flag.DESK_12345, units)
        code = desk.code if desk else None
        return Route(
            code, code is not None, "desk_12345", "一般诉求，未点名单位，由热线首接，推荐单位一并转去"
        )
    best = ranking.candidates[0] if ranking.candidates else None
    if best is None:
        return Route(None, False, "direct", "没有可以推荐的单位，请人工派单")
    return Route(best.code, ranking.sure, "direct", best.reason)


def _around(facts: CaseFacts, units: Mapping[str, Department]) -> Route:
    barred = shut_out(facts, units)
    what = "反映工作人员" if facts.accuses_people else "以保密或匿名方式反映单位"
    unit = _flagged(Flag.SUPERVISION, units)
    if unit is not None and unit.code not in barred:
        return Route(unit.code, True, "supervision", f"{what}，不交被反映单位，转{unit.name}")
    unit = _flagged(Flag.DISCIPLINE, units)
    if unit is not None and unit.code not in barred:
        return Route(unit.code, True, "discipline", f"{what}，并回避被反映的监督单位，转{unit.name}")
    return Route(None, False, "discipline", f"{what}，监督单位都在被反映之列，请人工商定承办单位")


def _flagged(flag: Flag, units: Mapping[str, Department]) -> Department | None:
    return next((unit for unit in units.values() if flag in unit.flags), None)


def _with_those_below(codes: Iterable[str], units: Mapping[str, Department]) -> frozenset[str]:
    shut = set(codes)
    while True:
        below = {unit.code for unit in units.values() if unit.parent in shut} - shut
        if not below:
            return frozenset(shut)
        shut |= below
