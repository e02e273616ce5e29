"""A commitment as it is told: to everybody its promise and what becomes of it, to staff besides who did what.

Nothing of any reporter is here but, to those who answer them, opinions in a poll, masked and without whose
they are. What else people say about a commitment are cases, and those are told elsewhere; here are only their
numbers (``intake.commitments.complaints``).
"""

from collections.abc import Sequence
from typing import Any

from intake.actor import Actor
from intake.clock import local
from intake.commitments import opinions, polls
from intake.commitments.actions import may_do
from intake.commitments.complaints import facts_of
from intake.commitments.documents import facts_of as paper_facts
from intake.commitments.from_cases import evidence
from intake.commitments.moves import SUBJECT
from intake.commitments.states import FINAL, STEP_NAMES
from intake.desk import Desk
from storage.stores.commitments import StepRow, VersionRow
from storage.stores.events import EventRow
from storage.stores.registry import CommitmentRow
from storage.vocab import ClockKind, CommitmentAction, CommitmentState, MilestoneState, Step

A = CommitmentAction
TIMELINE: dict[str, tuple[str, ...]] = {
    A.PREDISCLOSE: (),
    A.PUBLISH: (),
    A.REPORT_PROGRESS: ("percent", "text"),
    A.SET_MILESTONE: ("n", "title"),
    A.CONFIRM_FULFILLED: (),
    A.DECLARE_BROKEN: ("broken_reason", "text"),
    A.APPROVE_CHANGE: (),
    A.END: ("reason",),
}
"""What everybody may read of the archive: these events, and of each these words."""
SAID = ("percent", "text", "reason", "broken_reason", "n", "title")
OPEN = "open"


async def told(desk: Desk, row: CommitmentRow, actor: Actor | None) -> dict[str, Any]:
    """The commitment with steps, milestones, versions and documents; to staff all of it."""
    unit, today = desk.unit.commitments, desk.clock.today()
    recorded = await unit.steps(row.code)
    events = await desk.unit.events.of(SUBJECT, row.code)
    (facts,) = await facts_of(desk, [row], actor)
    everybody = {
        **facts,
        "steps": _steps(recorded, row.round),
        "earlier_steps": [{"round": n, "steps": _steps(recorded, n)} for n in range(1, row.round)],
        "milestones": [
            {
                "n": one.n,
                "due_on": one.due_on.isoformat(),
                "title": one.title,
                "state": one.state,
                "evidence": one.evidence,
                "overdue": one.state == MilestoneState.OPEN
                and row.state == CommitmentState.ACTIVE
                and one.due_on < today,
            }
            for one in sorted(await unit.milestones(row.code), key=lambda one: (one.due_on, one.n))
        ],
        "versions": _versions(row, await unit.versions(row.code), staff=actor is not None),
        "documents": _documents(row, recorded),
        "followers": await desk.unit.follows.count(row.code),
        "poll": await polls.told(desk, row, staff=actor is not None),
        "files": [paper_facts(file) for file in await desk.unit.files.of_commitment(row.code)],
        "timeline": [_line(event) for event in events if _public(event)],
    }
    return everybody if actor is None else everybody | await _for_staff(desk, row, actor, events)


async def _for_staff(
    desk: Desk, row: CommitmentRow, actor: Actor, events: Sequence[EventRow]
) -> dict[str, Any]:
    return {
        "allowed": await may_do(desk, actor, row),
        "evidence": await evidence(desk, actor, row.code),
        "claimed_at": _moment(row.claimed_at),
        "proposal": row.proposal,
        "opinions": [_opinion(one) for one in await opinions.listed(desk, actor, row)],
        "clocks": [
            {
                "kind": clock.kind,
                "milestone": clock.milestone if clock.kind == ClockKind.MILESTONE else None,
                "due_at": _moment(clock.due_at),
                "state": clock.state,
            }
            for clock in await desk.unit.commitments.clocks(row.code)
        ],
        "events": [
            {
                "seq": event.seq,
                "at": _moment(event.at),
                "actor": event.actor,
                "role": event.actor_role,
                "action": event.action,
                "from": event.from_state,
                "to": event.to_state,
                "reason": (event.body or {}).get("reason") or (event.body or {}).get("broken_reason"),
                "payload": event.body,
                "hash": event.hash,
                "previous": event.previous,
            }
            for event in events
        ],
    }


def _opinion(one: opinions.Opinion) -> dict[str, Any]:
    return {
        "id": one.id,
        "at": _moment(one.at),
        "text": one.text,
        "adopted": one.adopted,
        "why": one.why,
        "answered_by": one.answered_by,
    }


def _steps(recorded: Sequence[StepRow], wanted: int) -> list[dict[str, Any]]:
    """All ten in their order; ``open`` is one that nothing is recorded of."""
    of_round = {one.step: one for one in recorded if one.round == wanted}
    return [_step(number, step, of_round.get(step)) for number, step in enumerate(Step, 1)]


def _step(number: int, step: Step, row: StepRow | None) -> dict[str, Any]:
    return {
        "n": number,
        "step": step.value,
        "name": STEP_NAMES[step],
        "state": row.state if row else OPEN,
        "done_on": row.done_on.isoformat() if row and row.done_on else None,
        **{name: getattr(row, name, "") for name in ("outcome", "document", "reason", "decided_by")},
    }


def _versions(row: CommitmentRow, kept: Sequence[VersionRow], *, staff: bool) -> list[dict[str, Any]]:
    """Every text, the first one first; what the other party said is not for everybody."""
    published = row.state in (CommitmentState.ACTIVE, *FINAL)
    if not kept:
        kept = [VersionRow(row.revision, row.text, row.target, row.due_on, "", "", None, row.made_on)]
    return [
        {
            "n": one.n,
            "text": one.text,
            "target": one.target,
            "due_on": one.due_on.isoformat() if one.due_on else None,
            "reason": one.reason,
            "approved_at": _moment(one.approved_at),
            "valid_from": one.valid_from.isoformat() if one.valid_from else None,
            "in_force": published and one.n == row.revision,
            "pending": one.n > row.revision or not published,
        }
        | ({"consultation": one.consultation} if staff else {})
        for one in kept
    ]


def _documents(row: CommitmentRow, recorded: Sequence[StepRow]) -> list[dict[str, str]]:
    """Which papers there are, by name and number: the source, then those of the procedure."""
    source = f"{row.source_document} {row.source_number}".strip()
    papers = [{"of": "source", "name": source}] if source else []
    ordered = sorted(recorded, key=lambda one: (one.round, list(Step).index(Step(one.step))))
    return papers + [{"of": one.step, "name": one.document} for one in ordered if one.document]


def _public(event: EventRow) -> bool:
    """A milestone is news only once it is reached."""
    if event.action == A.SET_MILESTONE:
        return (event.body or {}).get("state") == MilestoneState.DONE
    return event.action in TIMELINE


def _line(event: EventRow) -> dict[str, Any]:
    body = event.body or {}
    shown = TIMELINE[event.action]
    said = {name: body.get(name) if name in shown else None for name in SAID}
    return {"at": _moment(event.at), "seq": event.seq, "action": event.action, **said}


def _moment(at: Any) -> str | None:
    return local(at).isoformat(timespec="seconds") if at else None
