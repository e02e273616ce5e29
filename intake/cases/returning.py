"""退单: a unit asks to give a case back, the dispatcher rules (domain 3, 4).

An approved return sends the case to another unit with fresh clocks, and the citizen is told; a refused one
changes nothing but the record.
"""

from pydantic import BaseModel, Field

from intake import learning
from intake.actor import SYSTEM, Actor
from intake.cases import asking
from intake.cases.fields import Reason
from intake.cases.moves import Move, mark, move, start_clocks
from intake.desk import Desk
from intake.errors import AccusedUnit, Invalid, StateRefuses
from intake.notices import tell
from storage.stores.cases import CaseRow
from storage.stores.requests import RequestRow
from storage.vocab import Action, CaseState, ClockKind, RequestKind

TOO_OFTEN = 3  # the return with which a lead is proposed (domain 5)


class RequestReturn(BaseModel):
    """``proposed_department``: code, name or short name."""

    reason: Reason
    basis: Reason
    proposed_department: str = Field(min_length=1, max_length=100)


class RuleReturn(BaseModel):
    """``department`` left out: the proposed one."""

    approve: bool
    department: str = Field(default="", max_length=100)
    reason: Reason


async def check_request(desk: Desk, actor: Actor, case: CaseRow, asked: RequestReturn) -> None:
    """Raises :class:`Invalid` for a unit that is not there, and for the one that has the case."""
    _other(desk, case, asked.proposed_department, "proposed_department")


async def request_return(desk: Desk, actor: Actor, case: CaseRow, asked: RequestReturn) -> CaseRow:
    """Ask for the return of a case; no clock stops for it."""
    proposed = _other(desk, case, asked.proposed_department, "proposed_department")
    values = {"reason": asked.reason, "basis": asked.basis, "proposed_department": proposed}
    await asking.ask(desk, actor, case, RequestKind.RETURN, values)
    payload = values | {"proposed": desk.city.unit_name(proposed)}
    return await move(desk, actor, case, Move(Action.REQUEST_RETURN, payload))


async def check_ruling(desk: Desk, actor: Actor, case: CaseRow, asked: RuleReturn) -> None:
    """Raises :class:`Invalid` for a unit that is not there, and for the one that has the case."""
    if asked.approve and asked.department.strip():
        _other(desk, case, asked.department, "department")


async def spare(desk: Desk, actor: Actor, case: CaseRow, asked: RuleReturn) -> None:
    """Raises :class:`AccusedUnit` where the case would go to a unit that it accuses (domain 6)."""
    request = await asking.waiting(desk, case)
    code = _wanted(desk, case, request, asked) if asked.approve and request else None
    if code in await desk.unit.cases.hidden_from(case.id):
        raise AccusedUnit("不能退给被反映的单位", department=code)


async def rule_return(desk: Desk, actor: Actor, case: CaseRow, asked: RuleReturn) -> CaseRow:
    """Rule on a return: the case goes to another unit, or stays."""
    request = await asking.waiting(desk, case)
    if request is None:
        raise StateRefuses(case.state, [])
    if asked.approve:
        return await _approve(desk, actor, case, request, asked)
    await asking.rule(desk, actor, request, asking.Ruling(False, asked.reason))
    payload = {"ruling": "不同意", "reason": asked.reason}
    return await move(desk, actor, case, Move(Action.RULE_RETURN, payload))


async def _approve(
    desk: Desk, actor: Actor, case: CaseRow, request: RequestRow, asked: RuleReturn
) -> CaseRow:
    code, at = _wanted(desk, case, request, asked), desk.now()
    hop = int((at - case.dispatched_at).total_seconds()) if case.dispatched_at else None
    await asking.rule(desk, actor, request, asking.Ruling(True, asked.reason, hop))
    await learning.returned(desk, case, code)
    await desk.unit.clocks.end(case.id, ClockKind.RULING.value, at=at)
    await desk.unit.clocks.hand_back(case.id, at=at)
    name = desk.city.unit_name(code)
    step = Move(
        Action.RULE_RETURN,
        {"ruling": "同意", "reason": asked.reason, "department": code, "name": name},
        changes={
            "department": code,
            "route_reason": f"退单后改派：{asked.reason}"[:300],
            "dispatched_at": at,
            "assignee": None,
            "answer": None,
            "outcome": None,
            "planned_on": None,
        },
        target=CaseState.DISPATCHED,
    )
    case = await move(desk, actor, case, step)
    await start_clocks(desk, case, (ClockKind.SIGN, ClockKind.ANSWER), at)
    await tell(desk, case, "dispatched", {}, key=f"{case.id}:{case.last_seq}:dispatched")
    returns = [row for row in await desk.unit.requests.of_case(case.id) if row.kind == RequestKind.RETURN]
    if sum(bool(row.approved) for row in returns) == TOO_OFTEN:
        why = {"reason": f"第 {TOO_OFTEN} 次退单"}
        case = await mark(desk, SYSTEM, case, Move(Action.LEAD_PROPOSED, why))
    return case


def _wanted(desk: Desk, case: CaseRow, request: RequestRow, asked: RuleReturn) -> str:
    return _other(desk, case, asked.department.strip() or request.proposed_department or "", "department")


def _other(desk: Desk, case: CaseRow, given: str, field: str) -> str:
    unit = desk.city.index.resolve(given)
    if unit is None:
        raise Invalid("没有这个单位", fields={field: "没有这个单位"})
    if unit.code == case.department:
        raise Invalid("这件事就在这个单位", fields={field: "这件事就在这个单位，请写另一个单位"})
    return unit.code
