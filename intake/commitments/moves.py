"""The one place where a commitment moves: the table is asked, archive, row and clocks follow."""

from dataclasses import dataclass, field
from typing import Any

from intake import archive
from intake.actor import Actor
from intake.commitments import dues, news, polls, states
from intake.commitments.states import Standing
from intake.desk import Desk
from intake.errors import StateRefuses
from storage.stores.registry import CommitmentRow
from storage.vocab import CommitmentAction, CommitmentState, Step

SUBJECT = "commitment"


@dataclass(frozen=True, slots=True)
class Move:
    """One step of a commitment: ``payload`` goes to the archive, ``changes`` are columns."""

    action: CommitmentAction
    payload: dict[str, Any]
    changes: dict[str, Any] = field(default_factory=dict)


async def standing_of(desk: Desk, row: CommitmentRow) -> Standing:
    """A commitment as the table sees it."""
    recorded = {step.step for step in await desk.unit.commitments.steps(row.code) if step.round == row.round}
    proposal, poll = row.proposal or {}, await polls.of_round(desk, row)
    if poll is not None and polls.is_open(desk, poll):
        recorded.discard(Step.POLL)
    return Standing(
        CommitmentState(row.state),
        tuple(step for step in Step if step not in recorded),
        row.claimed_at is not None,
        proposal.get("kind"),
        bool(proposal.get("approved")),
        poll is not None,
        await desk.unit.polls.any_unanswered(row.code),
        bool(await desk.unit.files.of_commitment(row.code)),
    )


async def move(desk: Desk, actor: Actor, row: CommitmentRow, step: Move) -> CommitmentRow:
    """Take one step; raises :class:`StateRefuses` where the table has none, naming the steps that lack."""
    standing = await standing_of(desk, row)
    check(standing, actor, step.action)
    rule = states.rule_for(standing.state, step.action)
    assert rule is not None
    target = rule.target or standing.state
    moved = await _written(desk, actor, row, step, target)
    await dues.keep(desk, moved)
    if row.proposal and not moved.proposal:
        await polls.close_of_round(desk, moved)
    await news.of_step(desk, row, moved, step.action, step.payload)
    return moved


def check(standing: Standing, actor: Actor, action: CommitmentAction) -> None:
    """Raises :class:`StateRefuses` unless this actor may take the action now."""
    may = states.allowed(standing, actor.role)
    if action in may:
        return
    if lacking := states.missing_steps(standing, action):
        names = states.in_words(lacking)
        raise StateRefuses(standing.state.value, may, f"还有程序没有记录：{names}", steps=list(lacking))
    raise StateRefuses(standing.state.value, may)


async def born(
    desk: Desk, actor: Actor, values: dict[str, Any], payload: dict[str, Any], state: CommitmentState
) -> CommitmentRow:
    """Write a new commitment in its first state, with its first event and its clocks."""
    row = await desk.unit.commitments.add(
        {**values, "state": state.value, "created_at": desk.now(), "updated_at": desk.now()}
    )
    row = await _written(desk, actor, row, Move(CommitmentAction.CREATE, payload), state, first=True)
    await dues.keep(desk, row)
    return row


async def _written(
    desk: Desk,
    actor: Actor,
    row: CommitmentRow,
    step: Move,
    target: CommitmentState,
    *,
    first: bool = False,
) -> CommitmentRow:
    tip = await archive.record(
        desk.unit,
        subject=(SUBJECT, row.code),
        tip=archive.Tip(row.last_seq, row.last_hash),
        at=desk.now(),
        actor=actor,
        action=step.action.value,
        states=(None if first else row.state, target.value),
        payload=step.payload,
    )
    changes = {"state": target.value, "updated_at": desk.now(), "last_seq": tip.seq, "last_hash": tip.hash}
    return await desk.unit.commitments.change(row, {**step.changes, **changes})
