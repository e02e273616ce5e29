"""What a supervisor looks after (seed, 督办员): cases by heading, by the days of the office's time."""

from datetime import date, datetime, time
from typing import Any

from intake.cases.dues import ANSWERS
from intake.cases.seeing import TRIES
from intake.cases.states import FINAL
from intake.clock import SHANGHAI, local
from intake.deadlines.clocks import SECOND
from intake.deadlines.workdays import DAY
from intake.desk import Desk
from storage.stores.supervision import Watched, WatchedRow
from storage.vocab import CaseState, ClockKind

MOST = 200
DUTIES = ANSWERS | {ClockKind.SUPERVISION}
"""What is due to a supervisor's eye: answers, and what was demanded of a case under supervision."""
AHEAD = 3  # days after today that 三日内到期 reaches
OFTEN = 2
BAD = (1, 2)  # the two lowest of the five ratings


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


async def _headings(desk: Desk, most: int) -> dict[str, Watched]:
    store, now = desk.unit.supervision, desk.now()
    today = local(now).date()
    begins, ends = _midnight(today), _midnight(today + DAY)
    soon = _midnight(today + (AHEAD + 1) * DAY)
    waiting, late = CaseState.DISPATCHED.value, now - SECOND  # a deadline is the last second in time
    return {
        "due_today": await store.due(DUTIES, since=begins, before=ends, limit=most),
        "due_in_three_days": await store.due(DUTIES, since=ends, before=soon, limit=most),
        "overdue": await store.due(DUTIES, before=begins, limit=most),
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
