"""The one place where a case moves: the table is asked, the row changes, archive and clocks follow."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from intake import archive
from intake.actor import Actor
from intake.cases import states
from intake.cases.dues import Start, answer_clock, govern, started
from intake.desk import Desk
from intake.errors import StateRefuses
from intake.notices import tell
from intake.profiles.schema import Rules
from storage.stores.cases import CaseRow
from storage.vocab import Action, CaseState, ClockKind, ClockState

#: What the office does to a lead case is done to those that follow it; their reporters' own steps are theirs.
FOLLOWED = frozenset(
    {Action.DISPATCH, Action.DECLINE, Action.SIGN, Action.RULE_RETURN, Action.ANSWER}
    | {Action.APPROVE, Action.SEND_BACK}
)
COPIED = (
    *("state", "updated_at", "department", "assignee", "dispatched_at"),
    *("answer", "outcome", "planned_on", "answered_at", "closed_at"),
)
#: What a new answer makes of a case's own: nobody has rated it or called about it.
AFRESH = {"rating": None, "followed_up_at": None, "calls_missed": 0}


@dataclass(frozen=True, slots=True)
class Move:
    """One step of a case.

    ``changes`` are columns; ``payload`` goes to the archive; ``target`` overrides the table's where the
    command decides between two (a rating that closes). ``quiet``: the citizen learns of it in this very
    reply, so nothing is pushed. ``facts`` join what the push says.
    """

    action: Action
    payload: dict[str, Any]
    changes: dict[str, Any] = field(default_factory=dict)
    target: CaseState | None = None
    quiet: bool = False
    facts: dict[str, Any] = field(default_factory=dict)


async def move(desk: Desk, actor: Actor, case: CaseRow, step: Move) -> CaseRow:
    """Take one step; raises :class:`StateRefuses` where the table has none."""
    state = CaseState(case.state)
    rule = states.rule_for(state, step.action)
    if rule is None or actor.role not in rule.roles:
        raise StateRefuses(case.state, states.allowed(state, actor.role))
    at = desk.now()
    target = step.target or rule.target or state
    changes = {**step.changes, "state": target.value, "updated_at": at}
    if step.changes.get("dispatched_at"):
        changes["rules_version"] = desk.city.rules_version  # kept from the dispatch on (domain 4)
    row = await _taken(desk, actor, case, replace(step, changes=changes, target=target), rule)
    if row.linked and step.action in FOLLOWED:
        await _followed(desk, actor, case, row, step)
    return row


async def _taken(desk: Desk, actor: Actor, case: CaseRow, step: Move, rule: states.Rule) -> CaseRow:
    """Archive, row, clocks and push of one step; ``step.target`` is where it leads."""
    at, target = desk.now(), step.target or CaseState(case.state)
    tip = await archive.record(
        desk.unit,
        subject=("case", case.id),
        tip=archive.Tip(case.last_seq, case.last_hash),
        at=at,
        actor=actor,
        action=step.action.value,
        states=(case.state, target.value),
        payload=step.payload,
    )
    changes = {**step.changes, "last_seq": tip.seq, "last_hash": tip.hash}
    row = await desk.unit.cases.change(case, changes)
    if target in states.FINAL:
        await desk.unit.clocks.end_all(row.id, at=at)
    else:
        for kind in rule.ends:
            await desk.unit.clocks.end(row.id, kind.value, at=at)
    if rule.starts and (target is rule.target or rule.target is None):
        start = start_clocks if row.merged_into is None else start_missing
        await start(desk, row, rule.starts, at)
    if rule.notice and not step.quiet:
        await tell(desk, row, rule.notice, step.facts, key=f"{row.id}:{tip.seq}:{rule.notice}")
    return row


async def _followed(desk: Desk, actor: Actor, before: CaseRow, lead: CaseRow, step: Move) -> None:
    """Write the lead's step to the cases that follow it and stand where it stood (domain 3, 并案)."""
    rule = states.rule_for(CaseState(before.state), step.action)
    assert rule is not None
    starts = tuple(kind for kind in rule.starts if kind is ClockKind.RATING)  # the others rest with it
    copied = {name: getattr(lead, name) for name in COPIED}
    if step.action is Action.APPROVE:
        copied |= AFRESH
    for case in await desk.unit.cases.merged_into(lead.id):
        if case.state == before.state:
            own = replace(step, changes=copied, target=CaseState(lead.state))
            await _taken(desk, actor, case, own, replace(rule, starts=starts))


async def mark(desk: Desk, actor: Actor, case: CaseRow, step: Move) -> CaseRow:
    """Write into the archive what happened to a case beside the table: no rule, no clock, no push."""
    tip = await archive.record(
        desk.unit,
        subject=("case", case.id),
        tip=archive.Tip(case.last_seq, case.last_hash),
        at=desk.now(),
        actor=actor,
        action=step.action.value,
        states=(case.state, step.changes.get("state", case.state)),
        payload=step.payload,
    )
    return await desk.unit.cases.change(case, {**step.changes, "last_seq": tip.seq, "last_hash": tip.hash})


async def start_clocks(desk: Desk, case: CaseRow, kinds: Iterable[ClockKind], at: datetime) -> None:
    """Start clocks by the rules that the case was given, and those of the cases that follow it."""
    rules = await rules_of(desk, case)
    await desk.unit.clocks.start([started(desk, case, rules, Start(kind, at)) for kind in kinds])
    if case.linked:
        await gather_clocks(desk, case)


async def gather_clocks(desk: Desk, lead: CaseRow) -> None:
    """See that every case that follows has an answer's clock, at rest, and that the earliest due date of them
    all governs on the lead's; nothing while no answer is due of the lead."""
    clock = await answer_clock(desk, lead)
    if clock is None:
        return
    for case in await desk.unit.cases.merged_into(lead.id):
        if CaseState(case.state) in states.BEFORE_ANSWER and await answer_clock(desk, case) is None:
            row = started(desk, case, await rules_of(desk, case), Start(ClockKind.ANSWER, desk.now()))
            await desk.unit.clocks.start([row | {"state": ClockState.PAUSED.value}])
    await govern(desk, lead, clock, await rules_of(desk, lead))


async def start_missing(desk: Desk, case: CaseRow, kinds: Iterable[ClockKind], at: datetime) -> None:
    """Start those of these clocks that do not run already: the earliest due date governs."""
    running = {clock.kind for clock in await desk.unit.clocks.of_case(case.id) if clock.ended_at is None}
    missing = [kind for kind in kinds if kind not in running]
    if missing:
        await start_clocks(desk, case, missing, at)


async def rules_of(desk: Desk, case: CaseRow) -> Rules:
    """The version of the rules that the case keeps (domain 4: a changed profile moves no old clock)."""
    return await rules_named(desk, case.rules_version)


async def rules_named(desk: Desk, version: str) -> Rules:
    """A version of the rules; the present ones where there is none of that name."""
    if version == desk.city.rules_version:
        return desk.city.rules
    profile = await desk.unit.departments.profile(version)
    return Rules.model_validate(profile.body["rules"]) if profile else desk.city.rules
