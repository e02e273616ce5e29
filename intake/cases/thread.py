"""What reporter and office said to each other about a case, in order: a reading of its archive. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from storage.vocab import Action, CaseState, Role

Event = Mapping[str, Any]
ERASED = "（内容已依法删除）"


@dataclass(slots=True)
class Said:
    """One thing said. ``ours``: by the office; ``sent`` is false of an answer that its head has not approved.
    ``facts``: outcome, decline_code, planned_on, rating, reached, where the step has them."""

    at: str
    action: str
    ours: bool
    words: str
    by: str
    sent: bool = True
    facts: dict[str, Any] = field(default_factory=dict)
    files: list[dict[str, Any]] = field(default_factory=list)


def _text(event: Event) -> str:
    payload = event["payload"]
    return ERASED if payload is None else str(payload.get("text") or payload.get("reason") or "")


def _named(name: str) -> Callable[[Event], str]:
    return lambda event: ERASED if event["payload"] is None else str(event["payload"].get(name) or "")


WORDS: Mapping[Action, Callable[[Event], str]] = {
    Action.FILE: _text,
    Action.SUPPLEMENT: _text,
    Action.REPLY_CITIZEN: _text,
    Action.APPEAL: _text,
    Action.WITHDRAW: _text,
    Action.REOPEN: _text,
    Action.URGE: lambda _: "",
    Action.RATE: _named("words"),
    Action.FOLLOW_UP: _named("words"),
    Action.ASK_CITIZEN: _text,
    Action.DECLINE: _named("reason"),
    Action.CONTACTED: _named("words"),
    Action.ANSWER_NOW: _named("answer"),
    Action.APPROVE: _named("answer"),
    Action.ANSWER: _text,
}
"""What is said at all, and where its words stand."""
THEIRS = frozenset({Action.FILE, Action.REPLY_CITIZEN, Action.FOLLOW_UP, Action.WITHDRAW})
"""The reporter's words, whoever wrote them down."""
FACTS = ("outcome", "decline_code", "planned_on", "rating", "reached", "how", "source")


def thread(case: Mapping[str, Any]) -> list[Said]:
    """The conversation of a case as :func:`intake.cases.seeing.details` tells it, with its files."""
    events = [one for one in case["events"] if one["action"] in WORDS]
    handed_in = [one for one in events if one["action"] == Action.ANSWER]
    waits = handed_in[-1:] if case["state"] == CaseState.REVIEWING else []
    said = [_said(one) for one in events if one["action"] != Action.ANSWER or one in waits]
    for file in case["attachments"]:
        if said:
            _place_of(said, file).files.append(file)
    return said


def _said(event: Event) -> Said:
    action, payload = Action(event["action"]), event["payload"] or {}
    return Said(
        at=event["at"],
        action=action.value,
        ours=event["role"] != Role.CITIZEN and action not in THEIRS,
        words=WORDS[action](event),
        by=event["role"] if event["role"] in (Role.CITIZEN, Role.SYSTEM) else event["actor"],
        sent=action is not Action.ANSWER,
        facts={name: payload[name] for name in FACTS if payload.get(name) not in (None, "")},
    )


def _place_of(said: list[Said], file: Mapping[str, Any]) -> Said:
    """Where a file belongs: to what was said next on its side, else to the last that was."""
    if file["at"] <= said[0].at:
        return said[0]
    mine = [one for one in said if one.ours == file["ours"]] or said
    return next((one for one in mine if one.at >= file["at"]), mine[-1])
