"""Due dates of running clocks: how they start, how they move, and how they are counted anew.

Whatever moves a date goes through :func:`moved`, which keeps the step (so that the date can be counted anew
when the calendar changes), makes another version of the date, and plans the reminders of the new one.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from intake.cases.states import BEFORE_ANSWER
from intake.deadlines.clocks import DATED, JOINED, Deadline, Moved, deadline, joined, replayed
from intake.desk import Desk
from intake.profiles.schema import Rules
from intake.reminders.planning import ladder, next_at
from storage.stores.cases import CaseRow
from storage.stores.clocks import ClockRow
from storage.vocab import CaseState, CaseType, ClockKind, ClockState

EXPLAINED = 500
ANSWERS = frozenset({ClockKind.ANSWER, ClockKind.REWORK})
GOING = frozenset({ClockState.RUNNING, ClockState.PAUSED})


@dataclass(frozen=True, slots=True)
class Start:
    """A clock that is to start; ``due`` is left out where the rules give it, ``department`` where it binds
    the unit that has the case."""

    kind: ClockKind
    at: datetime
    due: Deadline | None = None
    department: str | None = None


@dataclass(frozen=True, slots=True)
class _Shape:
    kind: str
    started_at: datetime
    due_at: datetime


def started(desk: Desk, case: CaseRow, rules: Rules, start: Start) -> dict[str, object]:
    """The row of a clock that starts, with its first reminder planned."""
    workdays = desk.city.workdays
    due = start.due or deadline(
        start.kind, start.at, rules, workdays, case_type=CaseType(case.type), urgent=case.urgent
    )
    found = ladder(_Shape(start.kind.value, start.at, due.due_at), rules, workdays, urgent=case.urgent)
    return {
        "case_id": case.id,
        "kind": start.kind.value,
        "started_at": start.at,
        **_shown(due),
        "state": "running",
        "rules_version": case.rules_version,
        "department": start.department,
        "moves": None,
        "due_version": 1,
        "next_rung_at": next_at(found, start.at),
        "calendar": desk.city.calendar,
    }


async def moved(desk: Desk, case: CaseRow, clock: ClockRow, rules: Rules, step: Moved) -> Deadline:
    """Move a running clock's due date by one step (``deadlines.clocks.extension`` or ``pause``).

    Reminders of the old date that were not fired are dropped; those of the new one whose time has gone by
    are left out. Raises :class:`ValueError` for a step of no known kind.
    """
    moves = [*(clock.moves or []), step]
    if ClockKind(clock.kind) in DATED:
        due = replayed(_standing(clock), [step], rules, desk.city.workdays)
    else:
        due = counted(desk, case, replace(clock, moves=moves), rules)
    await desk.unit.clocks.change(clock.id, {**_again(desk, case, clock, rules, due), "moves": moves})
    return due


async def govern(desk: Desk, lead: CaseRow, clock: ClockRow, rules: Rules) -> None:
    """Have the earliest due date of a group stand on the lead's answer (domain 3, 并案).

    What was granted since a case joined counts from the date that stood then; a case that was let go counts
    no more.
    """
    resting = await desk.unit.clocks.resting_answers(lead.id)
    moves = [
        joined(step["case"], resting.pop(step["case"])) if step["why"] == JOINED else step
        for step in clock.moves or []
        if step["why"] != JOINED or step["case"] in resting
    ]
    moves += [joined(case_id, due_at) for case_id, due_at in resting.items()]
    if moves != (clock.moves or []):
        due = counted(desk, lead, replace(clock, moves=moves), rules)
        await desk.unit.clocks.change(clock.id, {**_again(desk, lead, clock, rules, due), "moves": moves})


async def answer_clock(desk: Desk, case: CaseRow) -> ClockRow | None:
    """The clock of the answer, running or standing still, if any."""
    clocks = await desk.unit.clocks.of_case(case.id)
    return next((c for c in clocks if c.kind in ANSWERS and c.state in GOING), None)


async def running(desk: Desk, case: CaseRow) -> list[ClockRow]:
    """The clocks that run for a case: its own, and the answer of the case that it follows."""
    clocks = await desk.unit.clocks.of_case(case.id)
    if case.merged_into is not None and CaseState(case.state) in BEFORE_ANSWER:
        clocks += [c for c in await desk.unit.clocks.of_case(case.merged_into) if c.kind in ANSWERS]
    return [c for c in clocks if c.state == ClockState.RUNNING]


def next_rung(desk: Desk, case: CaseRow, clock: ClockRow, rules: Rules) -> datetime | None:
    """When a clock that runs again from now on is to remind; what has gone by is left out."""
    return next_at(ladder(clock, rules, desk.city.workdays, urgent=case.urgent), desk.now())


def recounted(desk: Desk, case: CaseRow, clock: ClockRow, rules: Rules) -> dict[str, Any]:
    """What a clock comes to by the calendar of the desk's city, as columns to write; empty where it stands
    as it did."""
    values = _again(desk, case, clock, rules, counted(desk, case, clock, rules))
    same = all(getattr(clock, name) == value for name, value in values.items() if name != "calendar")
    return {} if same else values


def counted(desk: Desk, case: CaseRow, clock: ClockRow, rules: Rules) -> Deadline:
    """A clock's deadline from its start and all that moved it, by the calendar of the desk's city."""
    kind = ClockKind(clock.kind)
    if kind in DATED:
        return _standing(clock)
    first = deadline(
        kind,
        clock.started_at,
        rules,
        desk.city.workdays,
        case_type=CaseType(case.type),
        urgent=case.urgent,
    )
    return replayed(first, clock.moves or [], rules, desk.city.workdays)


def _standing(clock: ClockRow) -> Deadline:
    return Deadline(clock.due_at, clock.estimated, clock.explanation)


def _again(desk: Desk, case: CaseRow, clock: ClockRow, rules: Rules, due: Deadline) -> dict[str, Any]:
    other, now = due.due_at != clock.due_at, desk.now()
    waiting = None if other else clock.next_rung_at
    shape = _Shape(clock.kind, clock.started_at, due.due_at)
    found = ladder(shape, rules, desk.city.workdays, urgent=case.urgent)
    return {
        **_shown(due),
        "due_version": clock.due_version + other,
        "next_rung_at": next_at(found, min(now, waiting or now)),
        "calendar": desk.city.calendar,
    }


def _shown(due: Deadline) -> dict[str, Any]:
    return {
        "due_at": due.due_at,
        "estimated": due.estimated,
        "explanation": due.explanation[:EXPLAINED],
    }
