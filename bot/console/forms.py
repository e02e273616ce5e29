"""A form for each action, made from what the action asks for."""

import re
import types
import typing
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from bot.http.posted import FILES
from intake.cases.actions import ACTIONS
from intake.cases.claims import Treated
from intake.forms import in_words
from storage.vocab import Action, BrokenReason, GuideState, MilestoneState, StepState

KINDS = {
    FILES: "files",
    "department": "unit",
    "file": "paper",
    "proposed_department": "unit",
    "handler": "line",
    "how": "line",
    "into": "line",
    "source": "source",
    "title": "line",
    "evidence": "area",
    "target": "line",
    "steps": "area",
    "cautions": "area",
    "documents": "area",
}
"""Inputs that the type alone does not tell."""
WORDS: dict[type[StrEnum], str] = {
    BrokenReason: "broken_reason",
    GuideState: "guide_state",
    MilestoneState: "milestone_state",
    StepState: "step_state",
}
"""Kinds of words, where that is not the field's name."""
LEFT_EMPTY: dict[str, dict[str, Any]] = {Action.SET_CLAIMS: {"claims": ""}}
"""What a field means that may be sent empty: no claims are wanted any more."""
_CLAIM = re.compile(r"claim-(\d{1,2})-(outcome|text)")


@dataclass(frozen=True, slots=True)
class Field:
    """One input. ``kind``: area, line, unit, source, select, date, files, paper, claims.

    ``options``: codes of a select, and ``words`` the kind of their words.
    """

    name: str
    kind: str
    required: bool
    options: tuple[str, ...] = ()
    words: str = ""


def fields_of(action: Action) -> list[Field]:
    """The inputs of an action's form, in the order of its model."""
    return inputs_of(ACTIONS[action].form)


def inputs_of(form: type[BaseModel]) -> list[Field]:
    """The inputs of any form, in the order of its model."""
    return [_field(name, info) for name, info in form.model_fields.items()]


def gathered(body: dict[str, Any]) -> dict[str, Any]:
    """``body`` with the inputs of each claim put together as ``claims``."""
    claims: dict[int, dict[str, Any]] = {}
    rest: dict[str, Any] = {}
    for name, value in body.items():
        found = _CLAIM.fullmatch(name)
        if found is None:
            rest[name] = value
        else:
            number = int(found[1])
            claims.setdefault(number, {"n": number})[found[2]] = value
    return rest | ({"claims": [claims[n] for n in sorted(claims)]} if claims else {})


def faults_of(action: Action, body: dict[str, Any]) -> dict[str, str]:
    """What is wrong with the body in plain words, by field; empty when nothing is."""
    return faults_in(ACTIONS[action].form, body)


def faults_in(form: type[BaseModel], body: dict[str, Any]) -> dict[str, str]:
    """The same of any form."""
    try:
        form.model_validate({name: value for name, value in body.items() if name != "version"})
    except ValidationError as error:
        return in_words(error)
    return {}


def _field(name: str, info: FieldInfo) -> Field:
    kinds = [kind for kind in _parts(info.annotation) if isinstance(kind, type)]
    required = info.is_required()
    for kind in kinds:
        if issubclass(kind, StrEnum):
            options = tuple(option.value for option in kind)
            return Field(name, "select", required, options, WORDS.get(kind, name))
        if kind is bool:
            return Field(name, "select", required, ("true", "false"), name)
        if issubclass(kind, date):
            return Field(name, "date", required)
    if name == "claims":
        return Field(name, "claims" if info.annotation == list[Treated] else "area", required=False)
    usual = "area" if int not in kinds and (required or name == "text") else "line"
    return Field(name, KINDS.get(name, usual), required)


def _parts(annotation: Any) -> list[Any]:
    if typing.get_origin(annotation) in (types.UnionType, typing.Union):
        return [part for arg in typing.get_args(annotation) for part in _parts(arg)]
    return [annotation]
