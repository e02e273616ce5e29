"""并案: one case worked on with another. It keeps its number and its reporter, and follows what the office
does to the lead case; undoing gives it back its own state and clocks (domain 3).

Its own clocks rest meanwhile, and the earliest due date of all governs on the lead: an answer in time for all
is in time for each.
"""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from intake.actor import SYSTEM, Actor
from intake.cases import states
from intake.cases.accusing import lead_around
from intake.cases.dues import ANSWERS, next_rung
from intake.cases.moves import Move, gather_clocks, mark, rules_of
from intake.cases.numbering import BadNumber, normal_form
from intake.cases.parting import let_go
from intake.cases.questions import open_question
from intake.desk import Desk
from intake.errors import AccusedUnit, Invalid
from storage.stores.cases import CaseRow
from storage.stores.sights import Sight
from storage.vocab import Action, CaseState, ClockKind, ClockState

#: What following changes on a case, and undoing gives back; moments and days besides.
KEPT = ("state", "department", "assignee", "answer", "outcome", "rating")
KEPT_MOMENTS = ("dispatched_at", "answered_at", "followed_up_at")
WORKED_ON = frozenset({CaseState.HANDLING, CaseState.REVIEWING, CaseState.ANSWERED})


class Merge(BaseModel):
    """``into``: the lead case's number."""

    into: str = Field(min_length=1, max_length=40)


class Unmerge(BaseModel):
    """Needs the version alone."""


async def check_merge(desk: Desk, actor: Actor, case: CaseRow, asked: Merge) -> None:
    """Raises :class:`Invalid` for a lead that is not there, is this case, is over, or follows another one;
    and for a case that leads others itself."""
    lead, why = await _lead(desk, asked), ""
    if lead is None:
        why = "没有这个单号"
    elif lead.id == case.id:
        why = "不能并入自己"
    elif lead.merged_into is not None:
        why = "它已经并入别的办件，请写那一件的单号"
    elif CaseState(lead.state) in states.FINAL or lead.state == CaseState.ANSWERED:
        why = "它已经答复或办结"
    elif case.linked:
        why = "这一件下面已有并案，请先解除"
    if why:
        raise Invalid("不能这样并案", fields={"into": why})


async def spare(desk: Desk, actor: Actor, case: CaseRow, asked: Merge) -> None:
    """Raises :class:`AccusedUnit` where the lead is with a unit that the case accuses (domain 6)."""
    lead = await _lead(desk, asked)
    unit = lead.department if lead else None
    if unit is not None and unit in await desk.unit.cases.hidden_from(case.id):
        raise AccusedUnit("那一件在被反映的单位办理，不能并过去", department=unit)


async def merge(desk: Desk, actor: Actor, case: CaseRow, asked: Merge) -> CaseRow:
    """Have a case follow another one."""
    lead = await _lead(desk, asked)
    assert lead is not None
    running = [c for c in await desk.unit.clocks.of_case(case.id) if c.ended_at is None]
    before = _kept(case) | {"clocks": [c.id for c in running]}
    changes = {
        "merged_into": lead.id,
        "before_merge": before,
        "state": lead.state,
        "department": lead.department,
        "assignee": lead.assignee,
        "dispatched_at": case.dispatched_at or lead.dispatched_at,
    }
    payload = {"into": lead.tracking_no, "department": lead.department}
    case = await mark(desk, actor, case, Move(Action.MERGE, payload, changes=changes))
    await _match_clocks(desk, case)
    await desk.unit.clocks.rest(case.id)
    taken = Move(Action.MERGE, {"taken": case.tracking_no}, changes={"linked": lead.linked + 1})
    await gather_clocks(desk, await mark(desk, actor, lead, taken))
    return case


async def unmerge(desk: Desk, actor: Actor, case: CaseRow, asked: Unmerge) -> CaseRow:
    """Give a case back its own state and clocks, unless the unit that had it is accused since."""
    before, lead_id = case.before_merge or {}, case.merged_into or ""
    changes = {"merged_into": None, "before_merge": None} | _given_back(before)
    case = await mark(desk, actor, case, Move(Action.UNMERGE, {}, changes=changes))
    await _wake_clocks(desk, case, set(before["clocks"]))
    await let_go(desk, actor, lead_id, case)
    return await lead_around(desk, case)


async def release(desk: Desk, lead: CaseRow) -> None:
    """The lead was withdrawn: every case that followed it and is not over is its own again."""
    for case in await desk.unit.cases.merged_into(lead.id) if lead.linked else ():
        if CaseState(case.state) not in states.FINAL:
            await unmerge(desk, SYSTEM, case, Unmerge())


def _kept(case: CaseRow) -> dict[str, Any]:
    moments = {name: getattr(case, name) for name in (*KEPT_MOMENTS, "planned_on")}
    return {name: getattr(case, name) for name in KEPT} | {
        name: at.isoformat() if at else None for name, at in moments.items()
    }


def _given_back(before: dict[str, Any]) -> dict[str, Any]:
    """What :func:`_kept` kept as columns again; of cases merged by an earlier version no answer."""
    moments = {name: before.get(name) for name in KEPT_MOMENTS}
    day = before.get("planned_on")
    return (
        {name: before.get(name) for name in KEPT}
        | {name: datetime.fromisoformat(at) if at else None for name, at in moments.items()}
        | {"planned_on": date.fromisoformat(day) if day else None}
    )


async def _match_clocks(desk: Desk, case: CaseRow) -> None:
    """End what the lead's state has behind it."""
    state, at = CaseState(case.state), desk.now()
    if state is not CaseState.RECEIVED:
        await desk.unit.clocks.end(case.id, ClockKind.DISPATCH.value, at=at)
    if state in WORKED_ON:
        await desk.unit.clocks.end(case.id, ClockKind.SIGN.value, at=at)
    for kind in (ClockKind.RATING, ClockKind.CONTACT):
        await desk.unit.clocks.end(case.id, kind.value, at=at)


async def _wake_clocks(desk: Desk, case: CaseRow, numbers: set[int]) -> None:
    """Have a case's own clocks run again, the answer's only where no question to its reporter is open."""
    rules, asked = await rules_of(desk, case), await open_question(desk, case)
    if asked is None:
        clocks = await desk.unit.clocks.of_case(case.id)
        numbers = numbers - {clock.id for clock in clocks if clock.kind == ClockKind.PAUSE}
    await desk.unit.clocks.restore(case.id, numbers, at=desk.now())
    for clock in await desk.unit.clocks.of_case(case.id):
        if clock.id in numbers:
            stands = asked is not None and clock.kind in ANSWERS
            state = ClockState.PAUSED if stands else ClockState.RUNNING
            at = next_rung(desk, case, clock, rules)
            await desk.unit.clocks.change(clock.id, {"state": state.value, "next_rung_at": at})


async def _lead(desk: Desk, asked: Merge) -> CaseRow | None:
    try:
        number = normal_form(asked.into)
    except BadNumber:
        return None
    return await desk.unit.cases.by_number(number, Sight(everything=True), lock=True)
