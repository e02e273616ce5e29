"""Changing or ending a commitment: a lawful reason, the other party heard, the procedure again (domain 2).

What the leader approves is a new version that is not in force: the steps are open again, and until the change
is published the promise stands, with its date, as it was.
"""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, StringConstraints

from intake.actor import Actor
from intake.cases.fields import Reason, Text
from intake.cases.handling import Bare, Because
from intake.commitments.moves import Move, move
from intake.commitments.old_accounts import REFUSED, blames_a_change_of_people
from intake.commitments.states import CHANGE, END
from intake.desk import Desk
from intake.errors import Invalid
from storage.stores.registry import CommitmentRow
from storage.vocab import CommitmentAction


class ProposeEnd(BaseModel):
    """``consultation``: the record of what was agreed with the other party."""

    reason: Reason
    consultation: Text


class ProposeChange(ProposeEnd):
    """What is left out stays as it is."""

    text: Text | None = None
    target: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] | None = None
    due_on: date | None = None


async def check_end(desk: Desk, actor: Actor, row: CommitmentRow, asked: ProposeEnd) -> None:
    """Raises :class:`Invalid` where the reason is that people or governments changed."""
    if blames_a_change_of_people(asked.reason):
        raise Invalid(REFUSED, fields={"reason": REFUSED})


async def check_change(desk: Desk, actor: Actor, row: CommitmentRow, asked: ProposeChange) -> None:
    """As :func:`check_end`; besides, something must change."""
    await check_end(desk, actor, row, asked)
    if all(getattr(asked, name) in (None, getattr(row, name)) for name in ("text", "target", "due_on")):
        raise Invalid("填写有误", fields={"text": "没有写明改成什么：内容、目标或到期日期"})
    if asked.due_on and asked.due_on < desk.clock.today():
        raise Invalid("填写有误", fields={"due_on": "不能早于今天"})


async def propose_change(desk: Desk, actor: Actor, row: CommitmentRow, asked: ProposeChange) -> CommitmentRow:
    due_on = asked.due_on or row.due_on
    said = asked.model_dump(include={"reason", "consultation"}) | {
        "text": asked.text or row.text,
        "target": row.target if asked.target is None else asked.target,
        "due_on": due_on.isoformat() if due_on else None,
    }
    proposal = {"kind": CHANGE, "approved": False, **said}
    return await move(desk, actor, row, Move(CommitmentAction.PROPOSE_CHANGE, said, {"proposal": proposal}))


async def propose_end(desk: Desk, actor: Actor, row: CommitmentRow, asked: ProposeEnd) -> CommitmentRow:
    said = asked.model_dump()
    proposal = {"kind": END, "approved": False, **said}
    return await move(desk, actor, row, Move(CommitmentAction.PROPOSE_END, said, {"proposal": proposal}))


async def approve_change(desk: Desk, actor: Actor, row: CommitmentRow, asked: Bare) -> CommitmentRow:
    """Make the new version, and open the steps for it."""
    moved = await _approved(desk, actor, row, CommitmentAction.APPROVE_CHANGE)
    proposal = moved.proposal or {}
    await _keep_first(desk, row)
    due_on = date.fromisoformat(proposal["due_on"]) if proposal["due_on"] else None
    said = {name: proposal[name] for name in ("text", "target", "reason", "consultation")}
    stamps = {"approved_at": desk.now(), "valid_from": None, "due_on": due_on}
    await desk.unit.commitments.put_version({"commitment": row.code, "n": row.revision + 1, **said, **stamps})
    return moved


async def approve_end(desk: Desk, actor: Actor, row: CommitmentRow, asked: Bare) -> CommitmentRow:
    return await _approved(desk, actor, row, CommitmentAction.APPROVE_END)


async def refuse(desk: Desk, actor: Actor, row: CommitmentRow, asked: Because) -> CommitmentRow:
    """Refuse what the unit asks for, or take an approval back before it came into force."""
    step = Move(CommitmentAction.REFUSE, asked.model_dump(), {"proposal": None})
    moved = await move(desk, actor, row, step)
    await desk.unit.commitments.drop_version(row.code, row.revision + 1)
    return moved


async def _approved(desk: Desk, actor: Actor, row: CommitmentRow, action: CommitmentAction) -> CommitmentRow:
    proposal = {**(row.proposal or {}), "approved": True}
    changes = {"proposal": proposal, "round": row.round + 1}
    return await move(desk, actor, row, Move(action, {"round": row.round + 1}, changes))


async def _keep_first(desk: Desk, row: CommitmentRow) -> None:
    """Keep the text that a file brought: from now on there is another."""
    if any(one.n == row.revision for one in await desk.unit.commitments.versions(row.code)):
        return
    said = {name: getattr(row, name) for name in ("text", "target", "due_on")}
    empty = {"reason": "", "consultation": "", "approved_at": None}
    await desk.unit.commitments.put_version(
        {"commitment": row.code, "n": row.revision, **said, **empty, "valid_from": row.made_on}
    )
