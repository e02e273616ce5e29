"""Firing what is due: each rung once, in office hours, into one digest for each person and channel.

One process fires at a time, in batches; when nothing more is due what was written down becomes digests. So
whatever comes due in one office minute stands in one digest, however many batches it took.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog

from intake import archive
from intake.actor import SYSTEM
from intake.cases.moves import rules_named
from intake.clock import local
from intake.deadlines.ladder import in_office
from intake.desk import Desk
from intake.profiles.schema import Rules, Rung
from intake.reminders.planning import ladder, next_at
from intake.reminders.recipients import Posts
from storage.stores.cases import CaseRow
from storage.stores.clocks import ClockRow
from storage.stores.reminders import DueClock, Fired
from storage.vocab import Action

log = structlog.get_logger(__name__)

BATCH = 500
ALONE = "reminders"
_OF_CLOCK = ("id", "kind", "started_at", "due_at", "estimated", "due_version", "rules_version")
_OF_CASE = ("tracking_no", "state", "department", "assignee", "urgent", "last_seq", "last_hash")


@dataclass(slots=True)
class _Batch:
    """What a batch of clocks comes to: rungs that are due by clock, and when each is looked at again."""

    rungs: dict[Fired, tuple[DueClock, Rung]] = field(default_factory=dict)
    times: dict[int, datetime | None] = field(default_factory=dict)


async def fire(desk: Desk, limit: int = BATCH) -> bool:
    """Fire a batch of what is due, or gather what was fired into digests; whether there may be more at once.

    Outside office hours only urgent cases are looked at (domain 4).
    """
    unit, now = desk.unit, desk.now()
    if not await unit.operations.alone(ALONE):
        return False
    minute = now.replace(second=0, microsecond=0)
    urgent_only = not in_office(minute, desk.city.rules, desk.city.workdays)
    clocks = await unit.reminders.due(now, limit, urgent_only=urgent_only)
    if clocks:
        await _fire(desk, clocks, now)
        return True
    if await unit.reminders.none_due(now, urgent_only=urgent_only):
        await _gather(desk, now)
    return False


async def remind_now(desk: Desk, case: CaseRow, clock: ClockRow, rung: Rung) -> None:
    """Write down an urgent reminder of a running clock beside those of its ladder: it reaches whomever
    ``rung`` concerns in a few seconds, whatever the hour, by every way that they chose."""
    shared = {name: getattr(clock, name) for name in _OF_CLOCK} | {
        name: getattr(case, name) for name in _OF_CASE
    }
    now = desk.now()
    due = DueClock(
        **(shared | {"urgent": True}),
        case_id=case.id,
        commitment=None,
        bound=clock.department,
        next_rung_at=now,
    )
    await desk.unit.reminders.add(_rows(await _posts(desk), due, rung, now))
    desk.unit.wake(ALONE)


async def _fire(desk: Desk, clocks: list[DueClock], now: datetime) -> None:
    batch = await _looked_at(desk, clocks, now)
    fresh = await desk.unit.reminders.fire(list(batch.rungs), now)
    posts = await _posts(desk)
    fired = [one for key, one in batch.rungs.items() if key in fresh]
    await desk.unit.reminders.add([row for clock, rung in fired for row in _rows(posts, clock, rung, now)])
    await _record(desk, [(clock, rung) for clock, rung in fired if rung.event], now)
    await desk.unit.reminders.plan(batch.times)
    log.info("rungs_fired", clocks=len(clocks), rungs=len(fired))


async def _posts(desk: Desk) -> Posts:
    unit = desk.unit
    robots = {row.department for row in await unit.reach.robots()}
    return Posts(await unit.staff.all(), await unit.reach.all(), robots, local(desk.now()).date())


async def _looked_at(desk: Desk, clocks: list[DueClock], now: datetime) -> _Batch:
    batch, versions = _Batch(), {clock.rules_version for clock in clocks}
    rules: dict[str, Rules] = {version: await rules_named(desk, version) for version in versions}
    for clock in clocks:
        found = ladder(clock, rules[clock.rules_version], desk.city.workdays, urgent=clock.urgent)
        for due in found:
            if clock.next_rung_at <= due.at <= now:
                batch.rungs[clock.id, due.rung.name, clock.due_version] = (clock, due.rung)
        later = tuple(due for due in found if due.at > now)
        batch.times[clock.id] = next_at(later, now)
    return batch


def _rows(posts: Posts, clock: DueClock, rung: Rung, now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "clock_id": clock.id,
            "case_id": clock.case_id,
            "commitment": clock.commitment,
            "tracking_no": clock.tracking_no,
            "clock": clock.kind,
            "rung": rung.name,
            "due_version": clock.due_version,
            "due_at": clock.due_at,
            "estimated": clock.estimated,
            "login": one.login,
            "role": one.role,
            "department": one.department,
            "channel": one.channel,
            "urgent": clock.urgent,
            "stands_for": one.stands_for,
            "at": now,
            "digest_id": None,
        }
        for one in posts.told(rung, clock)
    ]


async def _record(desk: Desk, rungs: list[tuple[DueClock, Rung]], now: datetime) -> None:
    """Write the events of rungs that have one, all in a few trips, and their subjects' tips behind them."""
    tips: dict[tuple[str, str], archive.Tip] = {}
    events = []
    for clock, rung in rungs:
        subject = _subject(clock)
        event = archive.composed(
            subject=subject,
            tip=tips.get(subject) or archive.Tip(clock.last_seq, clock.last_hash),
            at=now,
            actor=SYSTEM,
            action=Action(rung.event).value,
            states=(clock.state, clock.state),
            payload={
                "clock": clock.kind,
                "rung": rung.name,
                "due": local(clock.due_at).date().isoformat(),
            },
        )
        tips[subject] = event.tip
        events.append(event)
    await archive.record_all(desk.unit, events)
    for kind, store in (("case", desk.unit.cases), ("commitment", desk.unit.commitments)):
        await store.follow({name: (tip.seq, tip.hash) for (k, name), tip in tips.items() if k == kind})


def _subject(clock: DueClock) -> tuple[str, str]:
    """Whose archive a rung's event belongs to."""
    return ("commitment", clock.commitment) if clock.commitment else ("case", clock.case_id or "")


async def _gather(desk: Desk, now: datetime) -> None:
    for login, channel, apart in await desk.unit.reminders.loose():
        digest = await desk.unit.outbox.add_digest(login, channel, at=now, due=desk.clock.wall())
        count = await desk.unit.reminders.gather(login, channel, digest, apart=apart)
        desk.unit.wake("outbox")
        log.info("digest_queued", outbox=digest, channel=channel, reminders=count)
