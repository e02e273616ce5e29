"""What is done around the answer: assigning, contact with the reporter, the follow-up call, supervision; and
what a dispatcher does on the word of a reporter without WeChat."""

from datetime import date

from pydantic import BaseModel, Field, model_validator

from intake.actor import Actor
from intake.cases import handling, reporter
from intake.cases.dues import Start, started
from intake.cases.fields import Reason
from intake.cases.leads import GOOD, denied
from intake.cases.moves import Move, move, rules_of, start_missing
from intake.cases.parting import alone_again
from intake.cases.states import FINAL
from intake.clock import local
from intake.deadlines.clocks import on
from intake.desk import Desk
from intake.errors import Invalid
from intake.profiles.schema import Audience, Rung
from intake.reminders.firing import remind_now
from intake.reporters import in_wechat, kept_words
from storage.stores.cases import CaseRow
from storage.vocab import Action, CaseState, ClockKind, Role

DEMAND = Rung(name="demand", to=(Audience.HEAD,))
DEMAND_OF_NOBODY = Rung(name="demand", to=(Audience.DISPATCHER,))
"""A case that no unit has yet is the dispatchers'."""


class Assign(BaseModel):
    """``handler``: the login of somebody of the unit that has the case."""

    handler: Reason


class Contacted(BaseModel):
    """``how``: by telephone, in person, …; ``words``: what was said."""

    how: Reason
    words: Reason


class FollowUp(BaseModel):
    """回访: whether somebody was reached, what they said, how they rate the answer (1–5), and whether they
    want the matter worked on anew."""

    reached: bool
    rating: int | None = Field(default=None, ge=1, le=5)
    words: Reason
    reopen: bool = False

    @model_validator(mode="after")
    def _reopened_on_their_word(self) -> "FollowUp":
        if self.reopen and not self.reached:
            raise ValueError("reopen: 没有联系上，不能按对方的意思重办")
        if self.reopen and (self.rating or 0) >= GOOD:
            raise ValueError("reopen: 评 3 分以上就办结了，要重办请改评分")
        return self


class TakeBack(BaseModel):
    """``reason``: what the reporter said."""

    reason: Reason


class Supervise(BaseModel):
    """督办: what is demanded, and by when."""

    demand: Reason
    due_on: date


async def check_assign(desk: Desk, actor: Actor, case: CaseRow, asked: Assign) -> None:
    """Raises :class:`Invalid` for who is not of the unit; a handler assigns nobody but herself."""
    row = await desk.unit.staff.by_login(asked.handler)
    of_unit = row is not None and row.department == case.department and not row.disabled
    if row is None or not of_unit or row.role not in (Role.HANDLER, Role.HEAD):
        raise Invalid("指定不了这个人", fields={"handler": "本单位没有这个承办人"})
    if actor.role is Role.HANDLER and asked.handler != actor.name:
        raise Invalid("指定不了这个人", fields={"handler": "承办人只能指定自己，指定别人由负责人来办"})


async def assign(desk: Desk, actor: Actor, case: CaseRow, asked: Assign) -> CaseRow:
    """Name who works the case: digests go to that person, not to the whole unit."""
    step = Move(Action.ASSIGN, {"handler": asked.handler}, changes={"assignee": asked.handler})
    return await move(desk, actor, case, step)


async def contacted(desk: Desk, actor: Actor, case: CaseRow, asked: Contacted) -> CaseRow:
    """Record a contact with the reporter; it meets the clocks that wait for one."""
    words = await kept_words(desk, case.reporter_id, case.mode, asked.words)
    return await move(desk, actor, case, Move(Action.CONTACTED, {"how": asked.how, "words": words}))


async def check_follow_up(desk: Desk, actor: Actor, case: CaseRow, asked: FollowUp) -> None:
    """Raises :class:`Invalid` for a rating of somebody who was not reached."""
    if asked.rating is not None and not asked.reached:
        raise Invalid("填写有误", fields={"rating": "没有联系上，就没有评分"})


async def follow_up(desk: Desk, actor: Actor, case: CaseRow, asked: FollowUp) -> CaseRow:
    """Record a call after the answer; its rating counts as the reporter's own: 3–5 closes the case, 1–2 has
    the unit contact the reporter. Where they want it worked on anew, the unit has it again. The third call in
    vain marks the case 无法联系."""
    at, rating = desk.now(), asked.rating
    words = await kept_words(desk, case.reporter_id, case.mode, asked.words)
    missed = 0 if asked.reached else case.calls_missed + 1
    changes: dict[str, object] = {"calls_missed": missed}
    closes = rating is not None and rating >= GOOD
    if asked.reached:
        changes["followed_up_at"] = at
    if rating is not None:
        changes["rating"] = rating
    if closes:
        changes["closed_at"] = at
    payload: dict[str, object] = {"reached": asked.reached, "rating": rating, "words": words}
    if asked.reopen:
        payload["reopen"] = True
    target = CaseState.CLOSED if closes else None
    case = await move(desk, actor, case, Move(Action.FOLLOW_UP, payload, changes=changes, target=target))
    if asked.reopen:
        again = handling.Because(reason=words)
        case = await handling.reopen(desk, actor, await alone_again(desk, case), again)
    elif rating is not None and not closes:
        await desk.unit.clocks.end(case.id, ClockKind.RATING.value, at=at)
        await start_missing(desk, case, [ClockKind.CONTACT], at)
    return await denied(desk, case)


async def check_withdraw(desk: Desk, actor: Actor, case: CaseRow, asked: TakeBack) -> None:
    """Raises :class:`Invalid` where the reporter can withdraw in person."""
    if await in_wechat(desk, case.reporter_id):
        raise Invalid("不能代为撤回", fields={"reason": "反映人在微信上，由本人撤回"})


async def withdraw(desk: Desk, actor: Actor, case: CaseRow, asked: TakeBack) -> CaseRow:
    """Withdraw a case on the word of a reporter without WeChat."""
    return await reporter.withdraw(desk, actor, case, asked.reason)


async def check_supervise(desk: Desk, actor: Actor, case: CaseRow, asked: Supervise) -> None:
    """Raises :class:`Invalid` for a day that has passed."""
    if asked.due_on < local(desk.now()).date():
        raise Invalid("填写有误", fields={"due_on": "这一天已经过去"})


async def supervise(desk: Desk, actor: Actor, case: CaseRow, asked: Supervise) -> CaseRow:
    """Open a supervision: the head of the unit is reminded at once, the leader sees the case too (domain 6).

    A newer demand takes the place of the one before; of a case that is over no day is waited for.
    """
    payload = {"demand": asked.demand, "due_on": asked.due_on.isoformat()}
    case = await move(desk, actor, case, Move(Action.SUPERVISE, payload, changes={"supervised": True}))
    if CaseState(case.state) in FINAL:
        return case
    kind, at = ClockKind.SUPERVISION, desk.now()
    await desk.unit.clocks.end(case.id, kind.value, at=at)
    row = started(desk, case, await rules_of(desk, case), Start(kind, at, on(asked.due_on)))
    await desk.unit.clocks.start([row])
    clock = (await desk.unit.clocks.of_case(case.id))[-1]
    await remind_now(desk, case, clock, DEMAND if case.department else DEMAND_OF_NOBODY)
    return case
