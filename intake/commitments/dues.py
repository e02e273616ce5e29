"""The clocks of a commitment: ``fulfil`` on its date, ``milestone`` on each open milestone (domain 4).

A clock follows from the row: :func:`keep` compares what runs with what should and puts that right, after
every step and once a day for what files brought.
"""

from dataclasses import dataclass
from datetime import date, datetime

from intake.cases.moves import rules_named
from intake.clock import local
from intake.deadlines.clocks import on
from intake.desk import Desk
from intake.reminders.planning import ladder, next_at
from storage.stores.commitments import PromiseClock
from storage.stores.registry import CommitmentRow
from storage.vocab import ClockKind, ClockState, CommitmentState, MilestoneState

BATCH = 500
Key = tuple[str, int | None]
"""Kind, and the number of the milestone."""


@dataclass(frozen=True, slots=True)
class _Shape:
    kind: str
    started_at: datetime
    due_at: datetime


async def keep(desk: Desk, row: CommitmentRow) -> None:
    """Let exactly those clocks run that the commitment's state and dates ask for."""
    wanted = await _wanted(desk, row)
    for clock in await desk.unit.commitments.clocks(row.code):
        if clock.ended_at is None:
            due = wanted.get((clock.kind, clock.milestone))
            if due == local(clock.due_at).date():
                del wanted[clock.kind, clock.milestone]
            else:
                state = _verdict(desk, row, clock, moved=due is not None)
                await desk.unit.commitments.end_clock(clock.id, state.value, at=desk.now())
    starts = [_started(desk, row, key, due) for key, due in wanted.items()]
    if starts:
        await desk.unit.clocks.start(starts)


async def start_missing(desk: Desk) -> int:
    """Start the clocks of commitments that files brought or changed; how many."""
    count = 0
    while rows := await desk.unit.commitments.without_clock(BATCH):
        starts = [
            _started(desk, row, (ClockKind.FULFIL.value, None), row.due_on) for row in rows if row.due_on
        ]
        await desk.unit.clocks.start(starts)
        count += len(starts)
    return count


async def replan(desk: Desk, limit: int) -> int:
    """Plan the next reminders of a batch of clocks anew that stand behind the calendar; how many."""
    clocks = await desk.unit.commitments.clocks_behind(desk.city.calendar, limit)
    rules = {version: await rules_named(desk, version) for version in {c.rules_version for c in clocks}}
    for clock in clocks:
        found = ladder(clock, rules[clock.rules_version], desk.city.workdays, urgent=False)
        since = min(desk.now(), clock.next_rung_at or desk.now())
        values = {"next_rung_at": next_at(found, since), "calendar": desk.city.calendar}
        await desk.unit.clocks.change(clock.id, values)
    return len(clocks)


async def _wanted(desk: Desk, row: CommitmentRow) -> dict[Key, date]:
    if row.state != CommitmentState.ACTIVE:
        return {}
    wanted: dict[Key, date] = {(ClockKind.FULFIL.value, None): row.due_on} if row.due_on else {}
    for one in await desk.unit.commitments.milestones(row.code):
        if one.state == MilestoneState.OPEN:
            wanted[ClockKind.MILESTONE.value, one.n] = one.due_on
    return wanted


def _verdict(desk: Desk, row: CommitmentRow, clock: PromiseClock, *, moved: bool) -> ClockState:
    """A broken promise was missed whatever the day; one that was lawfully changed or ended is neither."""
    if moved or row.state == CommitmentState.ENDED:
        return ClockState.RETURNED
    if row.state == CommitmentState.BROKEN or clock.due_at < desk.now():
        return ClockState.MISSED
    return ClockState.MET


def _started(desk: Desk, row: CommitmentRow, key: Key, due_on: date) -> dict[str, object]:
    due, at, city = on(due_on), desk.now(), desk.city
    found = ladder(_Shape(key[0], at, due.due_at), city.rules, city.workdays, urgent=False)
    return {
        "commitment": row.code,
        "milestone": key[1],
        "kind": key[0],
        "started_at": at,
        "due_at": due.due_at,
        "estimated": due.estimated,
        "explanation": due.explanation,
        "state": ClockState.RUNNING.value,
        "rules_version": city.rules_version,
        "next_rung_at": next_at(found, at),
        "calendar": city.calendar,
    }
