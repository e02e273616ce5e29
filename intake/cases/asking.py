"""What a unit may ask for, and what waits for a ruling or a reply: one of each at a time (domain 3, 4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from intake.actor import Actor
from intake.cases.dues import answer_clock
from intake.cases.moves import rules_of
from intake.clock import local
from intake.deadlines.clocks import overdue, return_window
from intake.desk import Desk
from storage.stores.cases import CaseRow
from storage.stores.requests import RequestRow
from storage.vocab import Action, RequestKind

ASKING = {Action.REQUEST_RETURN, Action.REQUEST_EXTENSION}
RULING = {Action.RULE_RETURN: RequestKind.RETURN, Action.RULE_EXTENSION: RequestKind.EXTENSION}
QUESTION = {Action.ASK_CITIZEN, Action.REPLY_CITIZEN}
RULED = frozenset(RULING.values())


@dataclass(frozen=True, slots=True)
class Ruling:
    """``hop_seconds``: of an approved return, from the dispatch to the ruling."""

    approved: bool
    reason: str
    hop_seconds: int | None = None


async def ask(desk: Desk, actor: Actor, case: CaseRow, kind: RequestKind, values: dict[str, Any]) -> None:
    """Keep a request of the unit that has the case."""
    row = {
        "case_id": case.id,
        "kind": kind.value,
        "department": case.department,
        "asked_at": desk.now(),
        "asked_by": actor.name,
    }
    await desk.unit.requests.add(row | values)


async def rule(desk: Desk, actor: Actor, request: RequestRow, ruling: Ruling) -> None:
    """Keep what was ruled."""
    values = {
        "approved": ruling.approved,
        "ruling_reason": ruling.reason,
        "ruled_at": desk.now(),
        "ruled_by": actor.name,
        "hop_seconds": ruling.hop_seconds,
    }
    await desk.unit.requests.rule(request.id, values)


async def waiting(desk: Desk, case: CaseRow) -> RequestRow | None:
    """The request that waits for a ruling, or None."""
    return _open(case, await desk.unit.requests.of_case(case.id))


async def not_now(desk: Desk, case: CaseRow, may: Iterable[Action]) -> set[Action]:
    """Those of ``may`` that the state would take and the requests so far do not: a ruling without a request,
    a second request, a return after its window, a second extension or one after the answer's due date; a
    second question, or a reply to none."""
    asked = (ASKING | RULING.keys() | QUESTION) & set(may)
    if not asked:
        return set()
    requests = await desk.unit.requests.of_case(case.id)
    over = Action.REPLY_CITIZEN if question_of(case, requests) is None else Action.ASK_CITIZEN
    return {over} | await _not_asked(desk, case, asked - QUESTION, requests)


async def _not_asked(
    desk: Desk, case: CaseRow, asked: set[Action], requests: list[RequestRow]
) -> set[Action]:
    """The same of returns and extensions alone."""
    if not asked:
        return set()
    request = _open(case, requests)
    if request is not None:
        return {one for one in asked if RULING.get(one) != request.kind}
    refused = asked & RULING.keys()
    if Action.REQUEST_RETURN in asked and not await _returnable(desk, case):
        refused.add(Action.REQUEST_RETURN)
    if Action.REQUEST_EXTENSION in asked and not await _extensible(desk, case, requests):
        refused.add(Action.REQUEST_EXTENSION)
    return refused


async def told(desk: Desk, case: CaseRow) -> dict[str, list[dict[str, Any]]]:
    """``returns``, ``extensions``, ``questions``, ``helpers`` as the API shows them: oldest first, times
    Asia/Shanghai."""
    kinds = ("returns", "extensions", "questions", "helpers")
    shown: dict[str, list[dict[str, Any]]] = {kind: [] for kind in kinds}
    for row in await desk.unit.requests.of_case(case.id):
        common = {
            "department": _unit(desk, row.department),
            "reason": row.reason,
            "asked_at": local(row.asked_at).isoformat(timespec="seconds"),
            "asked_by": row.asked_by,
            "approved": row.approved,
            "ruled_at": local(row.ruled_at).isoformat(timespec="seconds") if row.ruled_at else None,
            "ruled_by": row.ruled_by,
            "ruling_reason": row.ruling_reason,
        }
        if row.kind == RequestKind.RETURN:
            proposed = _unit(desk, row.proposed_department)
            more = {"basis": row.basis, "proposed_department": proposed, "hop_seconds": row.hop_seconds}
            shown["returns"].append(common | more)
        elif row.kind == RequestKind.QUESTION:
            shown["questions"].append(_question(row))
        elif row.kind == RequestKind.HELP:
            shown["helpers"].append(_help(desk, row))
        else:
            shown["extensions"].append(common | {"days": row.days})
    return shown


def question_of(case: CaseRow, requests: list[RequestRow]) -> RequestRow | None:
    """The question that waits for a reply, unless the case was dispatched anew or answered since."""
    return _standing(case, requests, frozenset({RequestKind.QUESTION}))


def _question(row: RequestRow) -> dict[str, Any]:
    return {
        "text": row.reason,
        "asked_at": local(row.asked_at).isoformat(timespec="seconds"),
        "asked_by": row.asked_by,
        "reply": row.ruling_reason,
        "replied_at": local(row.ruled_at).isoformat(timespec="seconds") if row.ruled_at else None,
    }


def _help(desk: Desk, row: RequestRow) -> dict[str, Any]:
    return {
        "department": _unit(desk, row.proposed_department),
        "text": row.reason,
        "due_on": row.basis,
        "asked_at": local(row.asked_at).isoformat(timespec="seconds"),
        "asked_by": row.asked_by,
    }


def _open(case: CaseRow, requests: list[RequestRow]) -> RequestRow | None:
    """The one without a ruling, unless the case was dispatched anew or answered since."""
    return _standing(case, requests, RULED)


def _standing(case: CaseRow, requests: list[RequestRow], kinds: frozenset[RequestKind]) -> RequestRow | None:
    since = [at for at in (case.dispatched_at, case.answered_at) if at is not None]
    standing = (row for row in requests if row.ruled_at is None and row.kind in kinds)
    return next((row for row in standing if all(row.asked_at >= at for at in since)), None)


async def _returnable(desk: Desk, case: CaseRow) -> bool:
    if case.dispatched_at is None:
        return False
    window = return_window(case.dispatched_at, await rules_of(desk, case), desk.city.workdays)
    return not overdue(window.due_at, desk.now())


async def _extensible(desk: Desk, case: CaseRow, requests: list[RequestRow]) -> bool:
    if any(row.kind == RequestKind.EXTENSION and row.approved for row in requests):
        return False
    clock = await answer_clock(desk, case)
    return clock is not None and not overdue(clock.due_at, desk.now())


def _unit(desk: Desk, code: str | None) -> dict[str, str] | None:
    return {"code": code, "name": desk.city.unit_name(code)} if code else None
