"""The state survives JSON, older and newer shapes, and nonsense."""

import json
from datetime import UTC, datetime

import pytest

from bot.dialogue.state import Asked, Draft, Pending, State, Step

MOMENT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def full() -> State:
    draft = Draft(
        type="complaint",
        step=Step.CONFIRM,
        text=["路灯不亮", "一个月了"],
        mode="anonymous",
        department="chengguan",
        about_commitment=0.7,
        breach=[["B5", 0.8]],
        files=[["f1", "image"]],
        urgent=True,
    )
    pending = Pending(Asked.WITHDRAW, action="撤回", numbers=["TS20261123000423"], words="不用办了")
    return State(draft, [Draft(type="inquiry")], pending, "TS20261123000423", MOMENT, MOMENT, MOMENT)


def test_round_trip_through_json() -> None:
    assert State.from_json(json.loads(json.dumps(full().to_json()))) == full()


def test_fresh_round_trip() -> None:
    assert State.from_json(json.loads(json.dumps(State.fresh().to_json()))) == State.fresh()


@pytest.mark.parametrize("kept", [None, [], "x", 3, {}, {"draft": 7, "later": "x", "pending": []}])
def test_nonsense_is_a_fresh_conversation(kept: object) -> None:
    assert State.from_json(kept) == State.fresh()


def test_an_older_shape_keeps_what_fits() -> None:
    kept = {"draft": {"type": "complaint", "text": ["路灯不亮"], "gone": 1, "files": "x", "urgent": "yes"}}
    state = State.from_json(kept)
    assert state.draft == Draft(type="complaint", text=["路灯不亮"])


def test_an_unknown_step_starts_at_the_first() -> None:
    state = State.from_json({"draft": {"step": "of_tomorrow"}, "pending": {"asked": "of_tomorrow"}})
    assert state.draft == Draft()
    assert state.pending == Pending()


def test_a_broken_moment_is_left_out() -> None:
    assert State.from_json({"updated_at": "yesterday", "media_at": 5}).updated_at is None
