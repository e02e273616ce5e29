"""What a supervisor looks after (seed, 督办员): cases by heading, by the days of the office's time."""

from datetime import date, datetime, time, timedelta
from typing import Any

from intake.cases.dues import ANSWERS
from intake.cases.seeing import TRIES
from intake.cases.states import FINAL
from intake.clock import SHANGHAI, local
from intake.deadlines.clocks import SECOND
from intake.deadlines.workdays import DAY
from intake.desk import Desk
from storage.stores.asked import Span
from storage.stores.supervision import Watched, WatchedRow
from storage.vocab import CaseState, ClockKind, Heading

MOST = 200
DUTIES = ANSWERS | {ClockKind.SUPERVISION}
"""What is due to a supervisor's eye: answers, and what was demanded of a case under supervision."""
AHEAD = 3  # days after today that 三日内到期 reaches
OFTEN = 2
BAD = (1, 2)  # the two lowest of the five ratings
_INSTANT = timedelta(microseconds=1)


async def watched(desk: Desk, most: int = MOST) -> dict[str, Any]:
    """Every heading's first ``most`` cases, and under ``counts`` how many there are in all.

    An answer, a rework or a demand is overdue from 00:00 after its due date; the three days begin tomorrow. A
    case may stand under several headings.
    """
    found = await _headings(desk, most)
    return {
        **{name: [_line(desk, row) for row in heading.rows] for name, heading in found.items()},
        "counts": {name: heading.count for name, heading in found.items()},
    }


def asked_of(desk: Desk, heading: Heading) -> dict[str, Any]:
    """The cases under a heading, as lists are asked for them (``storage.stores.asked``)."""
    match heading:
        case Heading.DUE_TODAY | Heading.DUE_IN_THREE_DAYS | Heading.OVERDUE:
            return {"clocks": [_spans(desk)[heading]]}
        case Heading.UNSIGNED:
            signing = Span((ClockKind.SIGN.value,), before=desk.now() - SECOND + _INSTANT)
            return {"standing": [CaseState.DISPATCHED.value], "clocks": [signing]}
        case Heading.RETURNED_MORE_THAN_ONCE:
            return {"returned": OFTEN}
        case Heading.DISSATISFIED:
            return {"rated": BAD}
        case Heading.UNREACHABLE:
            return {"lost": (FINAL, TRIES)}


def within(desk: Desk, days: int) -> Span:
    """Answers that are due within so many working days, today's included, and not overdue."""
    now = desk.now()
    last = desk.city.workdays.add(local(now).date(), days).date
    return Span(ANSWERS, since=now, before=_midnight(last + DAY))


def _spans(desk: Desk) -> dict[Heading, Span]:
    today = local(desk.now()).date()
    begins, ends = _midnight(today), _midnight(today + DAY)
    soon = _midnight(today + (AHEAD + 1) * DAY)
    return {
        Heading.DUE_TODAY: Span(DUTIES, since=begins, before=ends),
        Heading.DUE_IN_THREE_DAYS: Span(DUTIES, since=ends, before=soon),
        Heading.OVERDUE: Span(DUTIES, before=begins),
    }


async def _headings(desk: Desk, most: int) -> dict[str, Watched]:
    store, late = desk.unit.supervision, desk.now() - SECOND  # a deadline is the last second in time
    found = {heading: await store.due(span, limit=most) for heading, span in _spans(desk).items()}
    waiting = CaseState.DISPATCHED.value
    return {
        **{heading.value: watched for heading, watched in found.items()},
        "unsigned": await store.late_in(waiting, ClockKind.SIGN.value, until=late, limit=most),
        "returned_more_than_once": await store.returned(OFTEN, limit=most),
        "dissatisfied": await store.rated(BAD, limit=most),
        "unreachable": await store.unreachable(FINAL, calls=TRIES, limit=most),
    }


def _line(desk: Desk, row: WatchedRow) -> dict[str, Any]:
    unit = {"code": row.department, "name": desk.city.unit_name(row.department)} if row.department else None
    return {
        "tracking_no": row.tracking_no,
        "type": row.type,
        "state": row.state,
        "department": unit,
        "clock": row.clock,
        "due_at": local(row.due_at).isoformat(timespec="seconds") if row.due_at else None,
        "estimated": bool(row.estimated),
        "urgent": row.urgent,
    }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, SHANGHAI)
