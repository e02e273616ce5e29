"""The gate lets a model in that is no worse, and says which intent speaks against one."""

import sys
from pathlib import Path

from bot.settings import ROOT

sys.path.insert(0, str(ROOT / "nlu_data"))  # as in Rasa's environment, where it runs

from nlu_data import gate

OLD = {"held_out": [("complaint", "complaint")] * 50 + [("inquiry", "inquiry")] * 50}


def worse(by: int) -> dict[str, list[tuple[str, str]]]:
    answered = ["complaint"] * by + ["inquiry"] * (50 - by)
    return {"held_out": [("complaint", "complaint")] * 50 + [("inquiry", got) for got in answered]}


def test_an_equal_model_passes() -> None:
    assert gate.judged(OLD, OLD)["passed"] is True


def test_two_points_are_borne_and_more_are_not() -> None:
    assert gate.judged(worse(1), OLD)["passed"] is True
    verdict = gate.judged(worse(4), OLD)
    assert verdict["passed"] is False
    assert any(line.startswith("inquiry: F1") for line in verdict["against"])


def test_where_the_old_one_cannot_answer_the_accuracy_decides() -> None:
    assert gate.judged(worse(4), {})["passed"] is True
    assert gate.judged(worse(20), {})["against"] == ["held_out: accuracy 0.8, before 0.9"]


def test_every_intent_that_is_measured_has_messages(tmp_path: Path) -> None:
    asked = gate.sets()
    assert sum(map(len, asked.values())) >= 200
    assert {"complaint", "inquiry", "suggestion", "emergency"} <= {
        intent for messages in asked.values() for intent, _ in messages
    }
    hard = tmp_path / "hard_cases.yml"
    hard.write_text("- {intent: inquiry, messages: [甲, {text: 乙}]}\n", "utf-8")
    assert gate.sets(tmp_path) == {"hard_cases": [("inquiry", "甲"), ("inquiry", "乙")]}
