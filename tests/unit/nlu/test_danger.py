"""How often danger is heard while Rasa is away, on messages that nothing was learned from."""

from pathlib import Path

import pytest
import yaml

from bot.nlu import danger, keywords
from bot.settings import ROOT

MEASURED = yaml.safe_load(Path(__file__).with_name("danger.yml").read_text(encoding="utf-8"))
LABELLED = ROOT / "nlu_data" / "labelled"


def heard(texts: list[str]) -> float:
    return sum(keywords.intent(text)[0] == "emergency" for text in texts) / len(texts)


def test_danger_now_is_heard_and_its_neighbours_are_not() -> None:
    assert heard(MEASURED["emergency"]) >= 0.9
    assert heard(MEASURED["near"]) <= 0.05


def test_nothing_measured_was_learned() -> None:
    lines = (line for path in LABELLED.glob("*.tsv") for line in path.read_text("utf-8").splitlines())
    learned = {line.split("\t")[4] for line in lines}
    assert not learned & {text for texts in MEASURED.values() for text in texts}


@pytest.mark.parametrize("text", ["", " ", "😀" * 300, "\x00", "a" * 100_000, "火" * 100_000])
def test_any_text_has_its_odds(text: str) -> None:
    found, sure = danger.heard(text)
    assert isinstance(found, bool)
    assert 0 <= sure <= 1
