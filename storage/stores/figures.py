"""What is counted of cases, each thing defined once: lists ask for it, analyses sum it (docs/figures.md).

A definition speaks of :class:`Facts`. A list looks at the facts of each case by itself; an analysis joins
them, gathered once for all its cases.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, or_, select

from storage.tables.cases import cases, clocks
from storage.tables.events import events
from storage.tables.identity import identities
from storage.tables.requests import case_requests as requests
from storage.vocab import Action, CaseState, ClockKind, ClockState, Figure, Mode, Outcome, RequestKind

F = Figure
Condition = ColumnElement[bool]
ANSWERS = (ClockKind.ANSWER.value, ClockKind.REWORK.value)
NOT_TAKEN = (CaseState.DECLINED.value, CaseState.WITHDRAWN.value)
GIVEN = (CaseState.ANSWERED.value, CaseState.CLOSED.value)
WAITING = tuple(one.value for one in CaseState if one.value not in NOT_TAKEN + GIVEN)
GOOD, TRIES = 3, 3
"""The lowest rating that agrees, and the calls in vain after which nobody is there (intake.cases)."""
STEPS: dict[Figure, tuple[Action, Action]] = {
    F.TOOK_DISPATCH: (Action.FILE, Action.DISPATCH),
    F.TOOK_SIGN: (Action.DISPATCH, Action.SIGN),
    F.TOOK_ANSWER: (Action.SIGN, Action.ANSWER),
    F.TOOK_APPROVE: (Action.ANSWER, Action.APPROVE),
}
"""From the first of the one to the first of the other."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one case beside its row, as conditions."""

    gone: Condition
    late: Condition
    met: Condition
    uncontacted: Condition
    contacted: Condition
    returned: Condition
    extended: Condition
    reopened: Condition
    took: dict[Figure, Condition]


def late_clock(now: datetime) -> Condition:
    """An answer or a rework that came too late, or has not come and is due no more."""
    return and_(clocks.c.kind.in_(ANSWERS), _missed(now))


def met_clock() -> Condition:
    return and_(clocks.c.kind.in_(ANSWERS), clocks.c.state == ClockState.MET.value)


def contacted_clock() -> Condition:
    """A first contact, or the answer that stands, before the first contact's time had passed."""
    in_time = or_(clocks.c.state == ClockState.MET.value, cases.c.answered_at <= clocks.c.due_at)
    return and_(
        clocks.c.kind == ClockKind.FIRST_CONTACT.value, clocks.c.state != ClockState.RETURNED.value, in_time
    )


def uncontacted_clock(now: datetime) -> Condition:
    answered = and_(cases.c.answered_at.is_not(None), cases.c.answered_at <= clocks.c.due_at)
    return and_(clocks.c.kind == ClockKind.FIRST_CONTACT.value, _missed(now), ~answered)


def unreachable() -> Condition:
    return identities.c.reachable.is_(False)


def approved(kind: RequestKind) -> Condition:
    return and_(requests.c.kind == kind.value, requests.c.approved)


def of_each(now: datetime) -> Facts:
    """The facts as a list asks for them: one look for each case that it comes by."""
    gone = and_(identities.c.reporter_id == cases.c.reporter_id, unreachable())
    return Facts(
        gone=select(literal(1)).select_from(identities).where(gone).correlate(cases).exists(),
        late=_clock(late_clock(now)),
        met=_clock(met_clock()),
        uncontacted=_clock(uncontacted_clock(now)),
        contacted=_clock(contacted_clock()),
        returned=_request(RequestKind.RETURN),
        extended=_request(RequestKind.EXTENSION),
        reopened=_first(Action.REOPEN).is_not(None),
        took={step: _first(first) <= _first(second) for step, (first, second) in STEPS.items()},
    )


def definitions(facts: Facts) -> dict[Figure, Condition]:
    """Every figure as a condition on a case."""
    taken = cases.c.state.not_in(NOT_TAKEN)
    anonymous = cases.c.mode == Mode.ANONYMOUS.value
    lost = or_(cases.c.calls_missed >= TRIES, facts.gone)
    asked = and_(taken, ~anonymous, ~lost)  # of whom the three rates speak
    given = and_(asked, cases.c.state.in_(GIVEN))
    denied = and_(cases.c.rating.is_not(None), cases.c.rating < GOOD)
    return {
        F.OPEN: cases.c.state.in_(WAITING),
        F.UNDISPATCHED: cases.c.department.is_(None),
        F.PLACELESS: cases.c.place.is_(None),
        F.DUE: and_(taken, or_(facts.late, facts.met)),
        F.ON_TIME: and_(taken, facts.met, ~facts.late),
        F.LATE: and_(taken, facts.late),
        F.CONTACT_DUE: and_(asked, or_(facts.contacted, facts.uncontacted)),
        F.CONTACTED: and_(asked, facts.contacted, ~facts.uncontacted),
        F.NOT_CONTACTED: and_(asked, facts.uncontacted),
        F.ANSWERED: given,
        F.RESOLVED: and_(given, cases.c.outcome == Outcome.RESOLVED.value, ~denied),
        F.RATED: and_(asked, cases.c.rating.is_not(None)),
        F.SATISFIED: and_(asked, cases.c.rating.is_not(None), cases.c.rating >= GOOD),
        F.DISSATISFIED: and_(asked, denied),
        F.ANONYMOUS: and_(taken, anonymous),
        F.UNREACHABLE: and_(taken, ~anonymous, lost),
        F.RETURNED: facts.returned,
        F.EXTENDED: facts.extended,
        F.REOPENED: facts.reopened,
        **facts.took,
    }


def asked_for(wanted: dict[str, Any]) -> list[Condition]:
    """Conditions of a list. ``wanted``: filed (since, before), late (since, before: an answer's time ran out
    in between, and it was or is late), place, figure; ``now`` where a figure or late is asked for."""
    found: list[Condition] = []
    if span := wanted.get("filed"):
        found += between(cases.c.created_at, *span)
    if span := wanted.get("late"):
        late = and_(late_clock(wanted["now"]), *between(clocks.c.due_at, *span))
        found += [cases.c.state.not_in(NOT_TAKEN), _clock(late)]
    if wanted.get("place"):
        found.append(cases.c.place == wanted["place"])
    if figure := wanted.get("figure"):
        found.append(definitions(of_each(wanted["now"]))[figure])
    return found


def between(column: Any, since: datetime | None, before: datetime | None) -> list[Condition]:
    """From ``since`` on and before ``before``, where they are given."""
    bounds = (since is not None and column >= since, before is not None and column < before)
    return [one for one in bounds if one is not False]


def _missed(now: datetime) -> Condition:
    run_out = and_(clocks.c.state == ClockState.RUNNING.value, clocks.c.due_at < now)
    return or_(clocks.c.state == ClockState.MISSED.value, run_out)


def _clock(condition: Condition) -> Condition:
    of_it = clocks.c.case_id == cases.c.id
    return select(literal(1)).select_from(clocks).where(of_it, condition).correlate(cases).exists()


def _request(kind: RequestKind) -> Condition:
    return select(literal(1)).where(requests.c.case_id == cases.c.id, approved(kind)).exists()


def _first(action: Action) -> ColumnElement[Any]:
    if action is Action.FILE:
        return cases.c.created_at
    one = events.alias()
    of_it = and_(one.c.subject_kind == "case", one.c.subject_id == cases.c.id, one.c.action == action.value)
    return select(func.min(one.c.at)).where(of_it).correlate(cases).scalar_subquery()
