"""What lists of cases are asked for, as conditions on a case: the same for pages, counts and headings."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, or_, select, text

from storage.stores import figures
from storage.stores.case_words import holding
from storage.stores.clocks import RUNS
from storage.tables.cases import cases, clocks
from storage.tables.events import events
from storage.tables.identity import identities
from storage.tables.requests import case_requests as requests
from storage.vocab import CaseState

ANSWERS = ("answer", "rework")
FINAL = ("closed", "declined", "withdrawn")
OPEN: ColumnElement[bool] = literal_column("case_file.state NOT IN ('closed', 'declined', 'withdrawn')")
"""Said as the partial index over them says it (storage.tables.cases)."""
AGAIN = ("answer", "dispatch", "sign", "reopen")
"""Steps after which what was sent back is another matter."""


@dataclass(frozen=True, slots=True)
class Span:
    """A clock of one of ``kinds`` runs and ends from ``since`` on and before ``before``."""

    kinds: Collection[str]
    before: datetime
    since: datetime | None = None


TO_CALL = (  # 回访: who was answered and has no WeChat to rate with
    OPEN,
    cases.c.state == "answered",
    cases.c.channel.not_in(("wechat", "h5")),
    cases.c.rating.is_(None),
    cases.c.followed_up_at.is_(None),
)


def conditions(wanted: dict[str, Any]) -> list[ColumnElement[bool]]:
    """``wanted``: type, state, department, assignee; mine (a login: hers and the unassigned ones); number
    (of one case); q (parts of what was said); follow_up; commitment (a code); overdue_at with overdue;
    supervised; sent_back; clocks (of :class:`Span`, all of them); asks (kinds of requests of which one waits
    for its ruling); returned (times); rated (one of these); lost (states besides, calls); standing (one of
    these states); and what ``storage.stores.figures.asked_for`` takes."""
    found = [
        cases.c[name] == wanted[name]
        for name in ("type", "state", "department", "assignee")
        if wanted.get(name)
    ]
    if (wanted.get("state") or FINAL[0]) not in FINAL:
        found.append(OPEN)
    if number := wanted.get("number"):
        found.append(cases.c.tracking_no == number)
    if q := wanted.get("q"):
        found.append(holding(q))
    if mine := wanted.get("mine"):
        found.append(or_(cases.c.assignee == mine, cases.c.assignee.is_(None)))
    if wanted.get("follow_up"):
        found += TO_CALL
    if wanted.get("commitment"):
        found.append(_about(wanted["commitment"]))
    if (now := wanted.get("overdue_at")) is not None:
        late = _runs(Span(ANSWERS, before=now))
        found.append(late if wanted.get("overdue", True) else ~late)
    return found + _rarer(wanted) + figures.asked_for(wanted)


def _rarer(wanted: dict[str, Any]) -> list[ColumnElement[bool]]:
    found = [_runs(span) for span in wanted.get("clocks", ())]
    if standing := wanted.get("standing"):
        found += [cases.c.state.in_(standing), *(() if set(standing) & set(FINAL) else (OPEN,))]
    if wanted.get("supervised") is not None:
        found.append(cases.c.supervised.is_(wanted["supervised"]))
    if wanted.get("sent_back"):
        found.append(_sent_back())
    if kinds := wanted.get("asks"):
        found.append(_asks(kinds))
    if times := wanted.get("returned"):
        found.append(cases.c.id.in_(returned(times)))
    if worst := wanted.get("rated"):
        found.append(cases.c.rating.in_(worst))
    if lost_by := wanted.get("lost"):
        found.append(lost(*lost_by))
    return found


def _about(code: str) -> ColumnElement[bool]:
    """Cases of a commitment, and those without one of their own that follow such a case."""
    lead = cases.alias("lead")
    leads = select(lead.c.id).where(lead.c.commitment == code)
    return or_(cases.c.commitment == code, and_(cases.c.commitment.is_(None), cases.c.merged_into.in_(leads)))


def returned(times: int) -> Select[tuple[str]]:
    """Ids of cases whose return was approved at least so many times."""
    return (
        select(requests.c.case_id)
        .where(text("case_request.kind = 'return' AND case_request.approved"))
        .group_by(requests.c.case_id)
        .having(func.count() >= times)
    )


def lost(besides: Collection[str], calls: int) -> ColumnElement[bool]:
    """In no state of ``besides``; the reporter cannot be reached or was called in vain so many times."""
    gone = select(identities.c.reporter_id).where(
        identities.c.reporter_id == cases.c.reporter_id, identities.c.reachable.is_(False)
    )
    left = [state.value for state in CaseState if state.value not in besides]  # the few, along their index
    return and_(OPEN, cases.c.state.in_(left), or_(cases.c.calls_missed >= calls, gone.exists()))


def _runs(span: Span) -> ColumnElement[bool]:
    """Asked along the index of states and dates, once: most cases have long ended."""
    query = select(clocks.c.case_id).where(
        clocks.c.case_id.is_not(None),
        clocks.c.kind.in_(span.kinds),
        RUNS,
        clocks.c.due_at < span.before,
    )
    if span.since is not None:
        query = query.where(clocks.c.due_at >= span.since)
    return cases.c.id.in_(query.correlate(None))


def _sent_back() -> ColumnElement[bool]:
    """The head gave the answer back, and it was not handed in again."""
    later = events.alias("later")
    after = (
        select(later.c.id)
        .where(
            later.c.subject_kind == events.c.subject_kind,
            later.c.subject_id == events.c.subject_id,
            later.c.seq > events.c.seq,
            later.c.action.in_(AGAIN),
        )
        .exists()
    )
    back = (
        select(events.c.id)
        .where(
            events.c.subject_kind == "case",
            events.c.subject_id == cases.c.id,
            events.c.action == "send_back",
            ~after,
        )
        .exists()
    )
    return and_(OPEN, cases.c.state == "handling", back)


def _asks(kinds: Collection[str]) -> ColumnElement[bool]:
    """A request waits for its ruling, asked since the case was last dispatched or answered."""
    asked = requests.c.asked_at
    waiting = (
        select(requests.c.id)
        .where(
            requests.c.case_id == cases.c.id,
            requests.c.kind.in_(kinds),
            requests.c.ruled_at.is_(None),
            or_(cases.c.dispatched_at.is_(None), asked >= cases.c.dispatched_at),
            or_(cases.c.answered_at.is_(None), asked >= cases.c.answered_at),
        )
        .exists()
    )
    return and_(OPEN, cases.c.state.in_(("dispatched", "handling")), waiting)
