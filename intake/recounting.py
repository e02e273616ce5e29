"""Changes of the working calendar, and the deadlines that follow: counted anew, logged, told (domain 4).

A change is noted with who and why. Every clock names the change that it was counted under, so whatever stands
behind the last one is found and counted anew, whoever started it meanwhile and whatever restarts.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import structlog
from pydantic import BaseModel, ConfigDict, StrictBool

from intake import archive
from intake.actor import SYSTEM, Actor
from intake.administering.log import note as log_note
from intake.calendars import Year, known
from intake.cases.dues import recounted
from intake.cases.fields import Reason
from intake.cases.moves import gather_clocks, rules_named
from intake.clock import local
from intake.commitments.dues import replan
from intake.deadlines.ladder import LADDERED
from intake.desk import Desk
from intake.errors import WrongRole
from intake.notices import tell
from storage.stores.cases import CaseRow
from storage.stores.clocks import ClockRow
from storage.vocab import Action, AdminAction, Role

log = structlog.get_logger(__name__)

BATCH = 200
BY_VERSION = "随程序版本更新的放假安排"


class DayChange(BaseModel):
    """What an admin says of a day."""

    model_config = ConfigDict(extra="forbid")

    working: StrictBool
    reason: Reason


@dataclass(frozen=True, slots=True)
class Recount:
    """How many clocks were looked at, and how many of them have another date."""

    looked: int
    moved: int


async def day_told(desk: Desk, actor: Actor, day: date) -> dict[str, Any]:
    """What is known of a day and whence: ``override``, ``published`` or ``weekday`` (a guess).

    Raises :class:`WrongRole` for everybody but an admin.
    """
    _admin(actor)
    row = await desk.unit.calendar.day(day)
    estimated = desk.city.workdays.is_estimated(day)
    return {
        "date": day.isoformat(),
        "working": desk.city.workdays.is_workday(day),
        "estimated": estimated,
        "source": "override" if row else "weekday" if estimated else "published",
        "reason": row.reason if row else None,
        "set_by": row.actor if row else None,
        "set_at": local(row.at).isoformat(timespec="seconds") if row else None,
    }


async def set_day(desk: Desk, actor: Actor, day: date, asked: DayChange) -> None:
    """Say of a day whether people work; :func:`recount` then does the rest. Raises :class:`WrongRole`."""
    _admin(actor)
    before = desk.city.workdays.is_workday(day)
    reason = asked.reason[:300]
    row = {"day": day, "working": asked.working, "reason": reason, "actor": actor.name, "at": desk.now()}
    await desk.unit.calendar.set_day(row)
    what = {"day": day.isoformat(), "before": before, "after": asked.working}
    await _note(desk, what, reason, actor.name)
    changes = {"working": (before, asked.working)}
    await log_note(desk, actor, AdminAction.CALENDAR_DAY, day.isoformat(), changes, why=reason)


async def load_year(desk: Desk, actor: Actor, year: Year) -> list[date]:
    """Write a published year; days that an admin had set otherwise stay, and are returned."""
    _admin(actor)
    standing = {row.day: row.working for row in await desk.unit.calendar.days(year.year)}
    common = {"actor": actor.name, "at": desk.now()}
    fresh = [
        {"day": day, "working": working, "reason": year.source, **common}
        for day, working in sorted(year.days().items())
        if day not in standing
    ]
    await desk.unit.calendar.set_year({"year": year.year, "source": year.source, **common}, fresh)
    await _note(desk, {"year": year.year}, year.source, actor.name)
    await log_note(desk, actor, AdminAction.CALENDAR_YEAR, str(year.year), why=year.source)
    return sorted(day for day, working in year.days().items() if standing.get(day, working) != working)


async def notice_version(desk: Desk) -> bool:
    """Note that this version of the program knows other years than the one before; whether it does."""
    last = await desk.unit.calendar.last()
    if last is not None and last.known == known():
        return False
    await _note(desk, {"known": known()}, BY_VERSION, SYSTEM.name)
    return True


async def recount(desk: Desk, limit: int = BATCH) -> Recount:
    """Count a batch of clocks anew that stand behind the calendar; looked at none: all is done.

    The desk's city must have been loaded in this unit. A date that moves is written into the case's archive
    with both dates; where it is the citizen's (an answer's), the citizen is told.
    """
    clocks = await desk.unit.clocks.behind(desk.city.calendar, limit)
    cases = await desk.unit.cases.by_ids({clock.case_id for clock in clocks})
    versions = {clock.rules_version for clock in clocks}
    rules = {version: await rules_named(desk, version) for version in versions}
    moved, standing = 0, []
    leads: set[str] = set()
    for clock in clocks:
        values = recounted(desk, cases[clock.case_id], clock, rules[clock.rules_version])
        if not values:
            standing.append(clock.id)
            continue
        await desk.unit.clocks.change(clock.id, values)
        if values["due_at"] != clock.due_at:
            await _moved(desk, cases, clock, values["due_at"])
            moved += 1
            leads.add(cases[clock.case_id].merged_into or "")
    for lead in (await desk.unit.cases.by_ids(leads - {""})).values():
        await gather_clocks(desk, lead)
    if clocks:
        await desk.unit.clocks.counted(standing, desk.city.calendar)
        log.info("clocks_recounted", calendar=desk.city.calendar, clocks=len(clocks), moved=moved)
    return Recount(len(clocks) + await replan(desk, limit), moved)


async def _moved(desk: Desk, cases: dict[str, CaseRow], clock: ClockRow, due_at: datetime) -> None:
    """Write a date that moved into the archive and the log, and tell the citizen whose it is."""
    case = cases[clock.case_id]
    tip = await archive.record(
        desk.unit,
        subject=("case", case.id),
        tip=archive.Tip(case.last_seq, case.last_hash),
        at=desk.now(),
        actor=SYSTEM,
        action=Action.RECOUNT.value,
        states=(case.state, case.state),
        payload={"clock": clock.kind, "before": _shown(clock.due_at), "after": _shown(due_at)},
    )
    cases[case.id] = await desk.unit.cases.change(case, {"last_seq": tip.seq, "last_hash": tip.hash})
    log.info(
        "deadline_moved",
        clock=clock.id,
        kind=clock.kind,
        before=clock.due_at.isoformat(),
        after=due_at.isoformat(),
        calendar=desk.city.calendar,
    )
    if clock.kind in LADDERED:
        key = f"{case.id}:{tip.seq}:date_changed"
        await tell(desk, cases[case.id], "date_changed", {"why": "calendar"}, key=key)


async def _note(desk: Desk, what: dict[str, Any], reason: str, actor: str) -> None:
    row = {"what": what, "reason": reason, "actor": actor, "at": desk.now(), "known": known()}
    number = await desk.unit.calendar.note(row)
    desk.unit.wake("calendar")
    log.info("calendar_changed", calendar=number, actor=actor, **what)


def _admin(actor: Actor) -> None:
    if actor.role is not Role.ADMIN:
        raise WrongRole("您的岗位不能做这一步")


def _shown(moment: datetime) -> str:
    return local(moment).isoformat(timespec="minutes")
