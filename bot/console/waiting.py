"""What waits in a case for whoever opens it: a request to be ruled on, an answer that the head gave back."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from storage.vocab import Action

Event = Mapping[str, Any]
CAUSES: Mapping[Action, Action] = {
    Action.RULE_RETURN: Action.REQUEST_RETURN,
    Action.RULE_EXTENSION: Action.REQUEST_EXTENSION,
    Action.ANSWER: Action.SEND_BACK,
}
"""What somebody may do now → the step of somebody else that it answers."""
ENDS = {Action.SEND_BACK: frozenset({Action.ANSWER, Action.DISPATCH, Action.SIGN, Action.REOPEN})}
"""Steps after which what was given back is another matter; a request waits while it can be ruled on."""


def causes(events: Sequence[Event], may: Collection[Action]) -> dict[str, Event]:
    """What this person may do because somebody waits for it → the step that asked for it."""
    found = {action.value: _last(events, cause) for action, cause in CAUSES.items() if action in may}
    return {action: event for action, event in found.items() if event is not None}


def given_back(events: Sequence[Event]) -> dict[str, Any]:
    """The answer that the head gave back, as it was typed, to be mended; empty where there is none."""
    if _last(events, Action.SEND_BACK) is None:
        return {}
    answer = _last(events, Action.ANSWER)
    said: dict[str, Any] = (answer["payload"] or {}) if answer else {}
    return {name: value for name, value in said.items() if value and name != "attachments"}


def _last(events: Sequence[Event], action: Action) -> Event | None:
    """The newest step of its kind, unless one that ends it came behind."""
    for event in reversed(events):
        if event["action"] == action:
            return event
        if event["action"] in ENDS.get(action, ()):
            return None
    return None
