"""Keeping a commitment: milestones and progress, and whether it was fulfilled or broken (domain 2)."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from intake.actor import Actor
from intake.cases.fields import Text
from intake.cases.handling import Bare, Because
from intake.commitments.documents import MILESTONE, PROGRESS, Papers, faults_of, hang
from intake.commitments.making import Title, Words
from intake.commitments.moves import Move, move
from intake.desk import Desk
from intake.errors import Invalid
from storage.stores.commitments import MilestoneRow
from storage.stores.registry import CommitmentRow
from storage.vocab import BrokenReason, CommitmentAction, CommitmentState, MilestoneState

MOST = 50
"""Milestones of one commitment."""


class ReportProgress(BaseModel):
    """``percent``: 0–100, as the unit sees it."""

    percent: Annotated[int, Field(ge=0, le=100)]
    text: Text
    evidence: Words = ""
    attachments: Papers = []


class SetMilestone(BaseModel):
    """A milestone; ``n`` names one that stands, of which what is left out stays."""

    n: Annotated[int, Field(ge=1, le=MOST)] | None = None
    due_on: date | None = None
    title: Title | None = None
    state: MilestoneState | None = None
    evidence: Words | None = None
    attachments: Papers = []


class ClaimFulfilled(BaseModel):
    text: Words = ""


class DeclareBroken(BaseModel):
    """``reason``: exactly one."""

    reason: BrokenReason
    text: Words = ""


async def check_progress(desk: Desk, actor: Actor, row: CommitmentRow, asked: ReportProgress) -> None:
    if fields := await faults_of(desk, actor, asked.attachments):
        raise Invalid("填写有误", fields=fields)


async def report_progress(
    desk: Desk, actor: Actor, row: CommitmentRow, asked: ReportProgress
) -> CommitmentRow:
    changes = {"progress": asked.percent, "progress_text": asked.text}
    said = asked.model_dump(mode="json", exclude=None if asked.attachments else {"attachments"})
    moved = await move(desk, actor, row, Move(CommitmentAction.REPORT_PROGRESS, said, changes))
    await hang(desk, actor, row, asked.attachments, (PROGRESS, moved.last_seq))
    return moved


async def check_milestone(desk: Desk, actor: Actor, row: CommitmentRow, asked: SetMilestone) -> None:
    """Raises :class:`Invalid`; what was promised for a day is not put off by editing it (domain 2: a change
    goes through the procedure)."""
    standing = await desk.unit.commitments.milestones(row.code)
    one = _named(standing, asked)
    fields = {}
    if asked.n is not None and one is None:
        fields["n"] = "没有这个阶段目标"
    if one is None:
        fields |= {name: "要填写" for name in ("due_on", "title") if not getattr(asked, name)}
        if len(standing) >= MOST:
            fields["n"] = "阶段目标太多"
    elif row.state == CommitmentState.ACTIVE and asked.due_on not in (None, one.due_on):
        fields["due_on"] = "履行中的阶段目标不能改日期，要改请申请变更承诺"
    if asked.due_on and row.due_on and asked.due_on > row.due_on:
        fields["due_on"] = "不能晚于承诺的到期日期"
    if asked.state is MilestoneState.DONE and not (asked.evidence or (one and one.evidence)):
        fields["evidence"] = "写明完成的依据"
    if fields := fields | await faults_of(desk, actor, asked.attachments):
        raise Invalid("填写有误", fields=fields)


async def set_milestone(desk: Desk, actor: Actor, row: CommitmentRow, asked: SetMilestone) -> CommitmentRow:
    """Add a milestone, or say of one that it is done and what shows it."""
    standing = await desk.unit.commitments.milestones(row.code)
    one = _named(standing, asked) or MilestoneRow(
        len(standing) + 1, asked.due_on or desk.clock.today(), "", MilestoneState.OPEN.value, ""
    )
    due_on = asked.due_on or one.due_on
    values = {
        "n": one.n,
        "due_on": due_on,
        "title": asked.title or one.title,
        "state": (asked.state or MilestoneState(one.state)).value,
        "evidence": one.evidence if asked.evidence is None else asked.evidence,
    }
    await desk.unit.commitments.put_milestone({"commitment": row.code, **values, "changed_at": desk.now()})
    await hang(desk, actor, row, asked.attachments, (MILESTONE, one.n))
    payload = values | {"due_on": due_on.isoformat()}
    payload |= {"attachments": asked.attachments} if asked.attachments else {}
    return await move(desk, actor, row, Move(CommitmentAction.SET_MILESTONE, payload))


async def claim_fulfilled(
    desk: Desk, actor: Actor, row: CommitmentRow, asked: ClaimFulfilled
) -> CommitmentRow:
    """The unit says that it kept its word; the supervisor has the last one."""
    step = Move(CommitmentAction.CLAIM_FULFILLED, asked.model_dump(), {"claimed_at": desk.now()})
    return await move(desk, actor, row, step)


async def confirm_fulfilled(desk: Desk, actor: Actor, row: CommitmentRow, asked: Bare) -> CommitmentRow:
    changes = {"progress": 100, "claimed_at": None, "proposal": None}
    return await move(desk, actor, row, Move(CommitmentAction.CONFIRM_FULFILLED, {}, changes))


async def refuse_fulfilled(desk: Desk, actor: Actor, row: CommitmentRow, asked: Because) -> CommitmentRow:
    step = Move(CommitmentAction.REFUSE_FULFILLED, asked.model_dump(), {"claimed_at": None})
    return await move(desk, actor, row, step)


async def declare_broken(desk: Desk, actor: Actor, row: CommitmentRow, asked: DeclareBroken) -> CommitmentRow:
    changes = {"broken_reason": asked.reason.value, "claimed_at": None, "proposal": None}
    payload = {"broken_reason": asked.reason.value, "text": asked.text}
    return await move(desk, actor, row, Move(CommitmentAction.DECLARE_BROKEN, payload, changes))


def _named(standing: list[MilestoneRow], asked: SetMilestone) -> MilestoneRow | None:
    return next((one for one in standing if one.n == asked.n), None)
