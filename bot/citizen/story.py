"""A case as its reporter reads it: what happened, what comes next, by when, and why that day."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from bot.dialogue.dates import due_said
from bot.dialogue.names import name_of
from intake.cases.dues import running
from intake.cases.states import STATE_NAMES
from intake.deadlines.clocks import overdue
from intake.desk import Desk
from intake.yaml_file import read_yaml
from storage.stores.cases import CaseRow
from storage.stores.events import EventRow
from storage.vocab import CaseState, ClockKind, ClockState

WORDS = Path(__file__).with_name("words.yml")
FINISHED = frozenset({CaseState.CLOSED, CaseState.DECLINED, CaseState.WITHDRAWN})
ANSWERED = frozenset({CaseState.ANSWERED, CaseState.CLOSED})
_NAMED = {"decline_code": "decline", "outcome": "outcome"}
_AWAITED = (ClockKind.REWORK, ClockKind.ANSWER, ClockKind.DISPATCH, ClockKind.RATING)


@cache
def words() -> Mapping[str, Any]:
    """``step``: action → what happened and which parts of its record are shown; ``next``: by state."""
    loaded: dict[str, Any] = read_yaml(WORDS)
    return loaded


async def told(desk: Desk, case: CaseRow) -> dict[str, Any]:
    """Everything that the page of one case shows. Times are aware UTC."""
    every = await desk.unit.clocks.of_case(case.id)
    waits = any(c.kind == ClockKind.PAUSE and c.state == ClockState.RUNNING for c in every)
    clocks = await running(desk, case)
    awaited = next((c for kind in _AWAITED for c in clocks if c.kind == kind), None)
    state = CaseState(case.state)
    return {
        "number": case.tracking_no,
        "version": case.version,
        "type": name_of("type", case.type),
        "mode": name_of("mode", case.mode),
        "state": STATE_NAMES[state],
        "finished": state in FINISHED,
        "unit": desk.city.unit_name(case.department),
        "text": case.text,
        "transcript": case.transcript,
        "filed_at": case.created_at,
        "answer": case.answer if state in ANSWERED else None,
        "outcome": name_of("outcome", case.outcome) if case.outcome and state in ANSWERED else "",
        "planned_on": case.planned_on,
        "claims": _claims(case) if state in ANSWERED else [],
        "rating": case.rating,
        "next": words()["next"]["asked" if waits else _where(case)],
        "due": due_said(awaited.due_at, estimated=awaited.estimated) if awaited else "",
        "late": awaited is not None and overdue(awaited.due_at, desk.now()),
        "why": awaited.explanation if awaited else "",
        "steps": [_step(event) for event in await desk.unit.events.of("case", case.id) if _is_news(event)],
        "hash": case.last_hash,
    }


def _claims(case: CaseRow) -> list[dict[str, Any]]:
    """What came of each thing the case asked for."""
    return [
        claim | {"outcome": name_of("outcome", claim["outcome"])}
        for claim in case.claims or ()
        if claim["outcome"]
    ]


def _is_news(event: EventRow) -> bool:
    """Whether a step is shown: an office's own steps are not, nor a ruling that changed nothing."""
    return event.action in words()["step"] and (event.body or {}).get("ruling") != "不同意"


def _step(event: EventRow) -> dict[str, Any]:
    shown, body = words()["step"][event.action], event.body or {}
    lines = [
        name_of(_NAMED[key], str(body[key])) if key in _NAMED else str(body[key])
        for key in shown.get("shows", ())
        if body.get(key)
    ]
    return {"at": event.at, "what": shown["what"], "lines": lines, "own": event.actor_role == "citizen"}


def _where(case: CaseRow) -> str:
    """Which of the ``next`` words apply: those of the state, but a heard recording and a rating differ."""
    if case.awaits_transcript and case.state == CaseState.RECEIVED:
        return "awaits_transcript"
    return "rated" if case.state == CaseState.ANSWERED and case.rating is not None else case.state
