"""Reminders of a deadline, each at the first office minute of its working day (domain 4)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from intake.deadlines.clocks import SECOND, SHANGHAI
from intake.deadlines.workdays import DAY, Workdays
from intake.profiles.schema import Rules, Rung
from storage.vocab import ClockKind

MINUTE = timedelta(minutes=1)
LADDERED = frozenset({ClockKind.ANSWER, ClockKind.REWORK})


@dataclass(frozen=True, slots=True)
class Due:
    """A rung and when it is to be fired (UTC, a whole minute)."""

    rung: Rung
    at: datetime


def rungs(
    due_at: datetime,
    started_at: datetime,
    rules: Rules,
    workdays: Workdays,
    *,
    kind: ClockKind = ClockKind.ANSWER,
    urgent: bool = False,
) -> tuple[Due, ...]:
    """The reminders of a clock, in order of time.

    Rungs on or before the day of its start (an answer's: of dispatch) are left out, but for those that wait
    until the time has run out: of urgent cases these come at once, of others in office hours. After a due
    date has moved, call again with the new one: only its rungs count.
    """
    due, started = due_at.astimezone(SHANGHAI).date(), started_at.astimezone(SHANGHAI).date()
    kept = []
    for rung in rules.ladder if kind in LADDERED else rules.reminders.get(kind, ()):
        if rung.offset is None:
            kept.append(Due(rung, _run_out(due_at, rules, workdays, urgent)))
        elif (day := _day_of(rung.offset, due, workdays)) > started:
            kept.append(Due(rung, opening(day, rules)))
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


def in_office(now: datetime, rules: Rules, workdays: Workdays) -> bool:
    """Whether ``now`` lies in office hours."""
    return next_office_minute(now, rules, workdays) == now


def _run_out(due_at: datetime, rules: Rules, workdays: Workdays, urgent: bool) -> datetime:
    passed = due_at + SECOND
    minute = passed.replace(second=0, microsecond=0)
    if minute < passed:
        minute += MINUTE
    return minute if urgent else next_office_minute(minute, rules, workdays)


def _day_of(offset: int, due: date, workdays: Workdays) -> date:
    """``offset`` working days from the due date; for one that is a day off itself, before it."""
    if offset > 0:
        return workdays.add(due, offset).date
    if offset == 0 and workdays.is_workday(due):
        return due
    return workdays.subtract(due, max(-offset, 1))
