"""Who sees which cases, and what of them (domain 6). Every exit asks here."""

import base64
import binascii
from datetime import datetime
from typing import Any

from intake.actor import ALL_SEEING, OF_ONE_UNIT, Actor
from intake.cases import asking, promised, states
from intake.cases.dues import ANSWERS, running
from intake.cases.numbering import BadNumber, normal_form
from intake.clock import local
from intake.desk import Desk
from intake.errors import Invalid, NotFound
from intake.reporters import kept_words
from storage.stores.cases import CaseRow
from storage.stores.clocks import ClockRow
from storage.stores.events import EventRow
from storage.stores.files import FileRow
from storage.stores.places import Place
from storage.stores.sights import Sight
from storage.vocab import Action, CaseState, ClockState, Mode, Order, Role

MAX_PAGE = 100
TRIES = 3  # calls in vain after an answer, after which the reporter counts as 无法联系


def sight_of(actor: Actor) -> Sight:
    """What the actor may see at all: a leader what is under supervision; liaison and admin nothing."""
    if actor.role in ALL_SEEING:
        return Sight(everything=True)
    if actor.role in OF_ONE_UNIT:
        return Sight(department=actor.department)
    if actor.role is Role.CITIZEN:
        return Sight(reporter_id=actor.reporter_id)
    return Sight(supervised=actor.role is Role.LEADER)


async def find(desk: Desk, actor: Actor, number: str, *, lock: bool = False) -> CaseRow:
    """A case that the actor may see; raises :class:`NotFound` for every other."""
    try:
        plain = normal_form(number)
    except BadNumber:
        raise NotFound("没有这个单号") from None
    case = await desk.unit.cases.by_number(plain, sight_of(actor), lock=lock)
    if case is None:
        raise NotFound("没有这个单号")
    return case


async def page(
    desk: Desk,
    actor: Actor,
    wanted: dict[str, Any],
    *,
    cursor: str | None = None,
    limit: int = 50,
    order: Order = Order.NEWEST,
) -> tuple[list[CaseRow], str | None]:
    """One page of what the actor may see, and the cursor of the next one; raises :class:`Invalid` for a
    cursor of a list in another order, or of none."""
    limit = max(1, min(limit, MAX_PAGE))
    after = _opened(cursor, order) if cursor else None
    found = await desk.unit.lists.page(sight_of(actor), wanted, order=order, after=after, limit=limit + 1)
    more, found = found[limit:], found[:limit]
    return [row for row, _ in found], _sealed(found[-1][1], order) if more else None


def allowed_actions(actor: Actor, case: CaseRow, offered: frozenset[Action]) -> list[Action]:
    """What this actor may do to this case now; a transcript only where one is waited for."""
    if not case.awaits_transcript:
        offered -= {Action.TRANSCRIBE}
    return [action for action in states.allowed(CaseState(case.state), actor.role) if action in offered]


async def details(desk: Desk, case: CaseRow) -> dict[str, Any]:
    """The case as the contract's API shows it, without anything of who reported it."""
    unit = desk.unit
    files = await unit.files.of_case(case.id)
    clocks = await unit.clocks.of_case(case.id)
    events = await unit.events.of("case", case.id)
    due = (c for c in await running(desk, case) if c.kind in ANSWERS)
    return {
        **summary(desk, case),
        **deadline(desk, min(due, key=lambda c: c.due_at, default=None)),
        "text": case.text,
        "transcript": case.transcript,
        "awaits_transcript": case.awaits_transcript,
        "mode": case.mode,
        "reporter_kind": case.reporter_kind,
        "about_commitment": case.about_commitment,
        "breach": case.breach,
        "promise": case.promise,
        "commitment": await promised.told(desk, case),
        "accused": [{"code": code, "name": desk.city.unit_name(code)} for code in case.accused],
        "accuses_people": case.accuses_people,
        "suggestion": case.suggestion,
        "route_reason": case.route_reason,
        "answer": case.answer,
        "outcome": case.outcome,
        "planned_on": case.planned_on.isoformat() if case.planned_on else None,
        "claims": case.claims or [],
        "attachments": [await _attachment(desk, case, f) for f in files],
        **await asking.told(desk, case),
        "rating": case.rating,
        "supervised": case.supervised,
        "supervisions": [_demand(e) for e in events if e.action == Action.SUPERVISE and e.body],
        "no_contact": case.calls_missed >= TRIES,
        **await _merging(desk, case),
        "clocks": [
            {
                "kind": c.kind,
                "due_at": local(c.due_at).isoformat(timespec="seconds"),
                "state": c.state,
                "estimated": c.estimated,
                "explanation": c.explanation,
            }
            for c in clocks
        ],
        "events": [
            {
                "seq": e.seq,
                "at": local(e.at).isoformat(timespec="seconds"),
                "actor": e.actor,
                "role": e.actor_role,
                "action": e.action,
                "from": e.from_state,
                "to": e.to_state,
                "reason": (e.body or {}).get("reason"),
                "payload": e.body,
                "hash": e.hash,
                "previous": e.previous,
            }
            for e in events
        ],
        "pushes": [
            {
                "notice": p.notice,
                "state": p.state,
                "via": p.via,
                "reason": p.reason,
                "delivered": p.delivered,
                "at": local(p.sent_at or p.created_at).isoformat(timespec="seconds"),
            }
            for p in await unit.outbox.of_case(case.id)
        ],
        "unreachable": (await unit.identities.unreachable([case.reporter_id])).get(case.reporter_id),
    }


def _demand(event: EventRow) -> dict[str, Any]:
    """What a supervisor demanded, by when, and who it was."""
    body = event.body or {}
    at = local(event.at).isoformat(timespec="seconds")
    return {"demand": body["demand"], "due_on": body["due_on"], "at": at, "by": event.actor}


async def _attachment(desk: Desk, case: CaseRow, file: FileRow) -> dict[str, Any]:
    """One attachment; what its sender called it is masked as the case's own text is."""
    plain = case.mode == Mode.NAMED or file.uploaded_by is not None
    facts = {
        key: value
        if plain or not isinstance(value, str)
        else await kept_words(desk, case.reporter_id, case.mode, value)
        for key, value in (file.facts or {}).items()
    }
    return {
        "id": file.id,
        "kind": file.kind,
        "state": file.state,
        "name": await _file_name(desk, case, file) if plain else "",
        "content_type": file.content_type,
        "at": local(file.created_at).isoformat(timespec="seconds"),
        "ours": file.uploaded_by is not None,
    } | ({"facts": facts} if facts else {})


async def _merging(desk: Desk, case: CaseRow) -> dict[str, Any]:
    """``merged_into`` and ``merged``: the number of the lead, and those of the cases that follow."""
    lead = await desk.unit.cases.get(case.merged_into) if case.merged_into else None
    linked = await desk.unit.cases.merged_into(case.id) if case.linked else []
    return {
        "merged_into": lead.tracking_no if lead else None,
        "merged": [one.tracking_no for one in linked],
    }


async def _file_name(desk: Desk, case: CaseRow, file: FileRow) -> str:
    """What staff called a scan may say whose it is: masked where the case is."""
    if file.uploaded_by is None:
        return file.name
    return await kept_words(desk, case.reporter_id, case.mode, file.name)


def summary(desk: Desk, case: CaseRow) -> dict[str, Any]:
    """One line of a list."""
    return {
        "tracking_no": case.tracking_no,
        "type": case.type,
        "state": case.state,
        "channel": case.channel,
        "department": {"code": case.department, "name": desk.city.unit_name(case.department)}
        if case.department
        else None,
        "assignee": case.assignee,
        "urgent": case.urgent,
        "created_at": local(case.created_at).isoformat(timespec="seconds"),
        "updated_at": local(case.updated_at).isoformat(timespec="seconds"),
        "version": case.version,
    }


def deadline(desk: Desk, clock: ClockRow | None) -> dict[str, Any]:
    """Until when an answer is due (Asia/Shanghai), whether that is an estimate and whether it has passed;
    ``days_left``: working days from today to that day, below zero behind it. None while nothing runs;
    ``paused`` while a reply of the reporter is waited for."""
    paused = clock is not None and clock.state == ClockState.PAUSED
    if clock is None or paused:
        return {"due_at": None, "estimated": False, "overdue": False, "days_left": None, "paused": paused}
    end, today = local(clock.due_at), local(desk.now()).date()
    workdays = desk.city.workdays
    left = workdays.between(today, end.date()) or -workdays.between(end.date(), today)
    return {
        "due_at": end.isoformat(timespec="seconds"),
        "estimated": clock.estimated,
        "overdue": clock.due_at < desk.now(),
        "days_left": left,
        "paused": False,
    }


def _sealed(place: Place, order: Order) -> str:
    told = f"{order}|{place.at.isoformat()}|{place.case_id}|{int(place.dated)}"
    return base64.urlsafe_b64encode(told.encode()).decode()


def _opened(cursor: str, order: Order) -> Place:
    try:
        given, at, case_id, dated = base64.urlsafe_b64decode(cursor).decode().split("|")
        moment = datetime.fromisoformat(at)
    except (binascii.Error, ValueError) as error:
        raise Invalid("翻页标记不对", fields={"cursor": "翻页标记不对"}) from error
    if moment.tzinfo is None or given != order:
        raise Invalid("翻页标记不对", fields={"cursor": "翻页标记不对"})
    return Place(moment, case_id, dated=dated == "1")
