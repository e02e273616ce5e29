"""Reminders of a deadline, each at the first office minute of its working day (domain 4)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from intake.deadlines.clocks import SHANGHAI
from intake.deadlines.workdays import DAY, Workdays
from intake.profiles.schema import Rules, Rung


@dataclass(frozen=True, slots=True)
class Due:
    """A rung and when it is to be fired (UTC)."""

    rung: Rung
    at: datetime


def rungs(due_at: datetime, dispatched_at: datetime, rules: Rules, workdays: Workdays) -> tuple[Due, ...]:
    """The reminders of an ``answer`` or ``rework`` clock, in order of time.

    Rungs on or before the day of dispatch are left out. After a due date has moved, call again with the new
    one: only its rungs count.
    """
    due, dispatched = due_at.astimezone(SHANGHAI).date(), dispatched_at.astimezone(SHANGHAI).date()
    days = ((rung, _day_of(rung, due, workdays)) for rung in rules.ladder)
    kept = [Due(rung, opening(day, rules)) for rung, day in days if day > dispatched]
    return tuple(sorted(kept, key=lambda one: one.at))


def opening(day: date, rules: Rules) -> datetime:
    """The first office minute of a day (UTC)."""
    start = min(period.start for period in rules.office)
    return datetime.combine(day, start, SHANGHAI).astimezone(UTC)


def next_office_minute(now: datetime, rules: Rules, workdays: Workdays) -> datetime:
    """``now`` inside office hours, else the first moment of the next office period (UTC)."""
    local = now.astimezone(SHANGHAI)
    day = local.date()
    while True:
        if workdays.is_workday(day):
            for period in sorted(rules.office, key=lambda one: one.start):
                if local < datetime.combine(day, period.until, SHANGHAI):
                    start = datetime.combine(day, period.start, SHANGHAI)
                    return max(local, start).astimezone(UTC)
        day += DAY


def _day_of(rung: Rung, due: date, workdays: Workdays) -> date:
    if rung.offset > 0:
        return workdays.add(due, rung.offset).date
    if rung.offset < 0:
        return workdays.subtract(due, -rung.offset)
    return due
