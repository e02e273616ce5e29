"""What staff do to a commitment, by name: one door for API and console, refusing in the contract's order."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from intake.actor import OF_ONE_UNIT, Actor
from intake.cases.handling import Bare, Because
from intake.commitments import changing, documents, keeping, making, opinions, polls, states
from intake.commitments.moves import check, standing_of
from intake.desk import Desk
from intake.errors import NotFound, StaleVersion, WrongRole
from intake.forms import versioned
from storage.stores.registry import CommitmentRow
from storage.vocab import CommitmentAction

A = CommitmentAction
Command = Callable[[Desk, Actor, CommitmentRow, Any], Awaitable[CommitmentRow]]
Check = Callable[[Desk, Actor, CommitmentRow, Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Offered:
    """What an action asks for, and the command that does it. ``check`` raises ``Invalid`` for what the form
    alone cannot know, before the version is looked at."""

    form: type[BaseModel]
    command: Command
    check: Check | None = None


ACTIONS: Mapping[CommitmentAction, Offered] = {
    A.REVISE: Offered(making.Described, making.revise, making.check_revision),
    A.SUBMIT: Offered(Bare, making.submit),
    A.RECORD_STEP: Offered(making.RecordStep, making.record_step, making.check_step),
    A.SET_MILESTONE: Offered(keeping.SetMilestone, keeping.set_milestone, keeping.check_milestone),
    A.PREDISCLOSE: Offered(polls.OpenPoll, making.predisclose, making.check_poll),
    A.OPEN_POLL: Offered(polls.OpenPoll, making.open_poll, making.check_poll),
    A.ANSWER_OPINION: Offered(opinions.AnswerOpinion, opinions.answer),
    A.PUBLISH: Offered(Bare, making.publish),
    A.REPORT_PROGRESS: Offered(keeping.ReportProgress, keeping.report_progress, keeping.check_progress),
    A.CLAIM_FULFILLED: Offered(keeping.ClaimFulfilled, keeping.claim_fulfilled),
    A.CONFIRM_FULFILLED: Offered(Bare, keeping.confirm_fulfilled),
    A.REFUSE_FULFILLED: Offered(Because, keeping.refuse_fulfilled),
    A.DECLARE_BROKEN: Offered(keeping.DeclareBroken, keeping.declare_broken),
    A.PROPOSE_CHANGE: Offered(changing.ProposeChange, changing.propose_change, changing.check_change),
    A.PROPOSE_END: Offered(changing.ProposeEnd, changing.propose_end, changing.check_end),
    A.APPROVE_CHANGE: Offered(Bare, changing.approve_change),
    A.APPROVE_END: Offered(Bare, changing.approve_end),
    A.REFUSE: Offered(Because, changing.refuse),
    A.END: Offered(Bare, making.end),
    A.ATTACH: Offered(documents.Attach, documents.attach, documents.check_attach),
    A.DETACH: Offered(documents.Detach, documents.detach, documents.check_detach),
}


async def perform(desk: Desk, actor: Actor, code: str, action: str, body: Mapping[str, Any]) -> CommitmentRow:
    """Do ``action`` to a commitment as it stood at ``body['version']``.

    Raises, in this order: :class:`NotFound`, :class:`WrongRole`, :class:`Invalid`, :class:`StaleVersion`,
    :class:`StateRefuses`.
    """
    row = await desk.unit.commitments.get(code, lock=True)
    wanted = next((one for one in ACTIONS if one == action), None)
    if row is None or wanted is None:
        raise NotFound("没有这项承诺" if row is None else "没有这个操作")
    offered = ACTIONS[wanted]
    if actor.role not in states.roles_of(wanted):
        raise WrongRole("您的岗位不能做这一步")
    if not has_it(actor, row):
        raise WrongRole("这项承诺由别的单位承办，您只能看")
    asked, version = versioned(offered.form, body)
    if offered.check is not None:
        await offered.check(desk, actor, row, asked)
    if version != row.version:
        raise StaleVersion("这项承诺已经有了变化，请看过再办", version=row.version, state=row.state)
    check(await standing_of(desk, row), actor, wanted)
    moved: CommitmentRow = await offered.command(desk, actor, row, asked)
    return moved


async def may_do(desk: Desk, actor: Actor, row: CommitmentRow) -> list[CommitmentAction]:
    """The actions that the actor is offered on this commitment: exactly those that it will take."""
    return states.allowed(await standing_of(desk, row), actor.role) if has_it(actor, row) else []


def has_it(actor: Actor, row: CommitmentRow) -> bool:
    """Whether the actor's unit answers for the commitment; who is of no unit may act on all."""
    return actor.role not in OF_ONE_UNIT or actor.department == row.department
