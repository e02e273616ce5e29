"""延期: a unit asks once for more working days, the dispatcher rules (domain 3, 4).

An approved extension moves the due date of the answer and the citizen is told; a refused one is quiet.
"""

from pydantic import BaseModel, Field

from intake.actor import Actor
from intake.cases import asking
from intake.cases.dues import answer_clock, moved
from intake.cases.fields import Reason
from intake.cases.moves import Move, move, rules_of
from intake.clock import local
from intake.deadlines.clocks import extension
from intake.desk import Desk
from intake.errors import Invalid, StateRefuses
from storage.stores.cases import CaseRow
from storage.vocab import Action, RequestKind


class RequestExtension(BaseModel):
    """``days``: working days after the due date."""

    reason: Reason
    days: int = Field(ge=1)


class RuleExtension(BaseModel):
    approve: bool
    reason: Reason


async def check_request(desk: Desk, actor: Actor, case: CaseRow, asked: RequestExtension) -> None:
    """Raises :class:`Invalid` for more days than the case's rules give."""
    most = (await rules_of(desk, case)).extension_days
    if asked.days > most:
        raise Invalid("延期太长", fields={"days": f"最多延 {most} 个工作日"})


async def request_extension(desk: Desk, actor: Actor, case: CaseRow, asked: RequestExtension) -> CaseRow:
    """Ask for an extension; no clock stops for it."""
    values = {"reason": asked.reason, "days": asked.days}
    await asking.ask(desk, actor, case, RequestKind.EXTENSION, values)
    return await move(desk, actor, case, Move(Action.REQUEST_EXTENSION, values))


async def rule_extension(desk: Desk, actor: Actor, case: CaseRow, asked: RuleExtension) -> CaseRow:
    """Rule on an extension: the due date moves, or nothing does."""
    request = await asking.waiting(desk, case)
    clock = await answer_clock(desk, case)
    if request is None or request.days is None or clock is None:
        raise StateRefuses(case.state, [])
    await asking.rule(desk, actor, request, asking.Ruling(asked.approve, asked.reason))
    if not asked.approve:
        payload = {"ruling": "不同意", "reason": asked.reason}
        return await move(desk, actor, case, Move(Action.RULE_EXTENSION, payload, quiet=True))
    due = await moved(desk, case, clock, await rules_of(desk, case), extension(request.days))
    payload = {"ruling": "同意", "reason": asked.reason, "due_on": local(due.due_at).date().isoformat()}
    step = Move(Action.RULE_EXTENSION, payload, facts={"reason": asked.reason})
    return await move(desk, actor, case, step)
