"""Every code that a console page may show has a word, and no word is left over."""

import pytest
from pydantic import BaseModel

from bot.console.forms import fields_of, inputs_of
from bot.console.words import words
from bot.public.commitments import words as public_words
from intake.administering.log import AREAS
from intake.cases.actions import ACTIONS
from intake.commitments.actions import ACTIONS as COMMITMENT_ACTIONS
from intake.commitments.from_cases import FromCase
from intake.commitments.happened import KINDS as KINDS_OF_NEWS
from intake.commitments.making import NewCommitment
from intake.commitments.states import STATE_NAMES, STEP_NAMES
from intake.commitments.telling import TIMELINE
from intake.guides import NewGuide
from intake.profiles.schema import Audience, Flag, Level
from storage.vocab import (
    Action,
    AdminAction,
    BrokenReason,
    CaseState,
    CaseType,
    Category,
    Channel,
    ClockKind,
    ClockState,
    CommitmentAction,
    CommitmentState,
    DeclineCode,
    ExampleState,
    Figure,
    GuideAction,
    GuideState,
    Heading,
    MilestoneState,
    Mode,
    Order,
    Origin,
    Outcome,
    Reach,
    ReporterKind,
    Role,
    Sector,
    Step,
    StepState,
    UnitKind,
)

KINDS = {
    "type": CaseType,
    "order": Order,
    "heading": Heading,
    "state": CaseState,
    "channel": Channel,
    "figure": Figure,
    "reach": Reach,
    "mode": Mode,
    "kind": ReporterKind,
    "outcome": Outcome,
    "code": DeclineCode,
    "clock": ClockKind,
    "clock_state": ClockState,
    "role": Role,
    "admin_action": AdminAction,
    "admin_area": AREAS,
    "sector": Sector,
    "unit_kind": UnitKind,
    "level": Level,
    "flag": Flag,
    "audience": Audience,
    "action": Action,
    "origin": Origin,
    "example_state": ExampleState,
    "category": Category,
    "commitment_state": CommitmentState,
    "commitment_action": CommitmentAction,
    "step": Step,
    "step_state": StepState,
    "milestone_state": MilestoneState,
    "broken_reason": BrokenReason,
    "guide_state": GuideState,
    "guide_action": GuideAction,
}


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_code_has_its_word(kind: str) -> None:
    assert set(words()[kind]) == {str(code) for code in KINDS[kind]}


@pytest.mark.parametrize("action", list(ACTIONS))
def test_every_field_of_every_action_has_a_label_and_its_options_have_words(action: Action) -> None:
    for field in fields_of(action):
        assert field.name in words()["field"], field
        assert set(field.options) <= set(words().get(field.name, {})), field


@pytest.mark.parametrize(
    "form", [NewCommitment, FromCase, NewGuide, *(offered.form for offered in COMMITMENT_ACTIONS.values())]
)
def test_the_same_of_commitments(form: type[BaseModel]) -> None:
    for field in inputs_of(form):
        assert field.name in words()["field"], field
        assert set(field.options) <= set(words().get(field.words, {})), field


def test_pages_and_refusals_call_states_and_steps_the_same() -> None:
    assert words()["commitment_state"] == {state.value: name for state, name in STATE_NAMES.items()}
    assert words()["step"] == {step.value: name for step, name in STEP_NAMES.items()}


def test_the_public_page_has_a_word_for_all_that_it_may_show() -> None:
    assert set(public_words()["category"]) == {code.value for code in Category}
    assert set(public_words()["broken_reason"]) == {code.value for code in BrokenReason}
    assert set(public_words()["happened"]) == set(TIMELINE)
    assert set(public_words()["news"]) == KINDS_OF_NEWS
    assert set(public_words()["kind"]) == {code.value for code in UnitKind}
