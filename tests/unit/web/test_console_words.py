"""Every code that a console page may show has a word, and no word is left over."""

import pytest

from bot.console.forms import fields_of
from bot.console.words import words
from intake.cases.actions import ACTIONS
from storage.vocab import (
    Action,
    CaseState,
    CaseType,
    Channel,
    ClockKind,
    ClockState,
    DeclineCode,
    ExampleState,
    Mode,
    Origin,
    Outcome,
    Reach,
    ReporterKind,
    Role,
)

KINDS = {
    "type": CaseType,
    "state": CaseState,
    "channel": Channel,
    "reach": Reach,
    "mode": Mode,
    "kind": ReporterKind,
    "outcome": Outcome,
    "code": DeclineCode,
    "clock": ClockKind,
    "clock_state": ClockState,
    "role": Role,
    "action": Action,
    "origin": Origin,
    "example_state": ExampleState,
}


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_code_has_its_word(kind: str) -> None:
    assert set(words()[kind]) == {code.value for code in KINDS[kind]}


@pytest.mark.parametrize("action", list(ACTIONS))
def test_every_field_of_every_action_has_a_label_and_its_options_have_words(action: Action) -> None:
    for field in fields_of(action):
        assert field.name in words()["field"], field
        assert set(field.options) <= set(words().get(field.name, {})), field
