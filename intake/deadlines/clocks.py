"""When every clock of a case runs out, and why (domain 4).

A deadline is the last second in time: limits in days end at 23:59:59 Asia/Shanghai of their due date, and a
case is overdue from the second after. Starts are aware instants; results are aware UTC.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from intake.deadlines.workdays import DAY, Count, Workdays
from intake.profiles.schema import Rules
from storage.vocab import CaseType, ClockKind

SHANGHAI = ZoneInfo("Asia/Shanghai")
SECOND = timedelta(seconds=1)
EXTENSION, PAUSE, JOINED = "extension", "pause", "joined"
Moved = dict[str, Any]
"""What moved a deadline, as JSON: made by :func:`extension`, :func:`pause` and :func:`joined`."""
DATED = frozenset({ClockKind.MILESTONE, ClockKind.FULFIL, ClockKind.COLLABORATION, ClockKind.SUPERVISION})
"""Clocks with a date of their own (:func:`on`)."""
DAY_KINDS = frozenset(
    {
        ClockKind.ANSWER,
        ClockKind.FIRST_CONTACT,
        ClockKind.CONTACT,
        ClockKind.RULING,
        ClockKind.PAUSE,
        ClockKind.REWORK,
    }
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """``due_at`` is the last second in time (UTC); ``estimated`` when an unpublished year was counted."""

    due_at: datetime
    estimated: bool
    explanation: str


def deadline(
    kind: ClockKind,
    start: datetime,
    rules: Rules,
    workdays: Workdays,
    *,
    case_type: CaseType,
    urgent: bool = False,
) -> Deadline:
    """The deadline of a clock that starts at ``start``.

    Raises :class:`ValueError` for clocks that have a date of their own (``DATED``, :func:`on`), and for a
    naive ``start``.
    """
    local = _local(start)
    if kind is ClockKind.DISPATCH:
        return _every_hour(local, rules.dispatch_hours.urgent if urgent else rules.dispatch_hours.normal)
    if kind is ClockKind.SIGN:
        if urgent:
            return _every_hour(local, rules.sign_hours.urgent)
        return _working_hours(local, rules.sign_hours.normal, workdays)
    if kind is ClockKind.RATING:
        due = local.date() + rules.rating_days * DAY
        return Deadline(_end_of(due), False, f"{rules.rating_days} 个自然日，到{_spelt(due)}为止")
    if kind in DAY_KINDS:
        return _from_count(workdays.add(local.date(), _days(kind, rules, case_type, urgent)))
    raise ValueError(f"clock {kind.value} has a date of its own")


def on(due: date) -> Deadline:
    """The deadline of what is promised for a date: a milestone, a collaboration, a supervisor's demand."""
    return Deadline(_end_of(due), False, f"到{_spelt(due)}为止")


def return_window(dispatched_at: datetime, rules: Rules, workdays: Workdays) -> Deadline:
    """Until when a unit may ask for the return of a case dispatched at ``dispatched_at``."""
    return _from_count(workdays.add(_local(dispatched_at).date(), rules.return_days))


def extended(due_at: datetime, days: int, rules: Rules, workdays: Workdays) -> Deadline:
    """An answer's deadline after an approved extension: the old due date and ``days`` working days.

    Raises :class:`ValueError` when ``days`` is not between 1 and the limit of the rules.
    """
    if not 1 <= days <= rules.extension_days:
        raise ValueError(f"an extension has 1 to {rules.extension_days} working days")
    return _moved(due_at, days, workdays, "延期")


def resumed(
    due_at: datetime, asked_at: datetime, replied_at: datetime, rules: Rules, workdays: Workdays
) -> Deadline:
    """A paused deadline running again: moved by the working days after the question up to and including
    the reply (or the moment at which the pause ran out), at most ``pause_days``."""
    waited = workdays.between(_local(asked_at).date(), _local(replied_at).date())
    return _moved(due_at, min(waited, rules.pause_days), workdays, "等待补充")


def replayed(first: Deadline, moves: Sequence[Moved], rules: Rules, workdays: Workdays) -> Deadline:
    """Where a deadline stands after everything that moved it: ``first`` counted anew, then each move.

    Raises :class:`ValueError` for a move of no known kind.
    """
    now = first
    for move in moves:
        if move["why"] == EXTENSION:
            step = _moved(now.due_at, int(move["days"]), workdays, "延期")
        elif move["why"] == PAUSE:
            asked, replied = (datetime.fromisoformat(move[name]) for name in ("asked_at", "replied_at"))
            step = resumed(now.due_at, asked, replied, rules, workdays)
        elif move["why"] == JOINED:
            step = _earlier(now, datetime.fromisoformat(move["due_at"]))
        else:
            raise ValueError(f"a deadline is not moved by {move['why']}")
        now = Deadline(step.due_at, now.estimated or step.estimated, step.explanation)
    return now


def extension(days: int) -> Moved:
    """An approved extension as a clock keeps it, for :func:`replayed`."""
    return {"why": EXTENSION, "days": days}


def pause(asked_at: datetime, replied_at: datetime) -> Moved:
    """A question and its reply as a clock keeps them, for :func:`replayed`."""
    return {"why": PAUSE, "asked_at": asked_at.isoformat(), "replied_at": replied_at.isoformat()}


def joined(case_id: str, due_at: datetime) -> Moved:
    """The deadline of a case that is worked on with this one, for :func:`replayed`: the earliest governs."""
    return {"why": JOINED, "case": case_id, "due_at": due_at.isoformat()}


def overdue(due_at: datetime, now: datetime) -> bool:
    """Whether a deadline has passed: from the second after it, so from 00:00 after a due date."""
    return now >= due_at + SECOND


def _days(kind: ClockKind, rules: Rules, case_type: CaseType, urgent: bool) -> int:
    if kind is ClockKind.ANSWER:
        return (urgent and rules.urgent_answer_days.get(case_type)) or rules.answer_days[case_type]
    return {
        ClockKind.FIRST_CONTACT: rules.first_contact_days,
        ClockKind.CONTACT: rules.contact_days,
        ClockKind.RULING: rules.ruling_days,
        ClockKind.PAUSE: rules.pause_days,
        ClockKind.REWORK: rules.rework_days,
    }[kind]


def _earlier(now: Deadline, other: datetime) -> Deadline:
    if other >= now.due_at:
        return now
    return Deadline(
        other.astimezone(UTC), now.estimated, f"并案，按其中最早的期限，到{_spelt(_local(other).date())}为止"
    )


def _every_hour(start: datetime, hours: int) -> Deadline:
    return Deadline((start.astimezone(UTC) + timedelta(hours=hours)), False, f"{hours} 小时，节假日照算")


def _working_hours(start: datetime, hours: int, workdays: Workdays) -> Deadline:
    """``hours`` of the clock, of working days only; midnight belongs to the day that ends."""
    left, at, day, estimated = timedelta(hours=hours), start, start.date(), False
    while True:
        estimated = estimated or workdays.is_estimated(day)
        if workdays.is_workday(day):
            midnight = _midnight(day + DAY)
            if left < midnight - at:
                break
            left -= midnight - at
            if not left:
                return Deadline(_end_of(day), estimated, _hours_told(hours, estimated))
        day += DAY
        at = _midnight(day)
    return Deadline((at + left).astimezone(UTC), estimated, _hours_told(hours, estimated))


def _hours_told(hours: int, estimated: bool) -> str:
    return f"{hours} 小时，只算工作日" + ("；有的年份放假安排尚未公布，暂为推算" if estimated else "")


def _moved(due_at: datetime, days: int, workdays: Workdays, why: str) -> Deadline:
    old = _local(due_at).date()
    count = workdays.add(old, days)
    told = f"{why}，原定{_spelt(old)}，顺延 {count.explanation}" if days else f"原定{_spelt(old)}，没有顺延"
    return Deadline(_end_of(count.date), count.estimated, told)


def _from_count(count: Count) -> Deadline:
    return Deadline(_end_of(count.date), count.estimated, count.explanation)


def _local(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return instant.astimezone(SHANGHAI).replace(microsecond=0)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, SHANGHAI)


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), SHANGHAI).astimezone(UTC)


def _spelt(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
