"""A form for each action, made from what the action asks for."""

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
from intake.forms import in_words
from storage.vocab import Action

LINES = frozenset({"handler", "how", "into"})
"""Required words that fit in one line."""


@dataclass(frozen=True, slots=True)
class Field:
    """One input. ``kind``: area, line, unit, select, date, files; ``options`` are codes of a select."""

    name: str
    kind: str
    required: bool
    options: tuple[str, ...] = ()


def fields_of(action: Action) -> list[Field]:
    """The inputs of an action's form, in the order of its model."""
    return [_field(name, info) for name, info in ACTIONS[action].form.model_fields.items()]


def faults_of(action: Action, body: dict[str, Any]) -> dict[str, str]:
    """What is wrong with the body in plain words, by field; empty when nothing is."""
    form: type[BaseModel] = ACTIONS[action].form
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
            return Field(name, "select", required, tuple(option.value for option in kind))
        if kind is bool:
            return Field(name, "select", required, ("true", "false"))
        if issubclass(kind, date):
            return Field(name, "date", required)
    if name == FILES:
        return Field(name, "files", required)
    if name in ("department", "proposed_department"):
        return Field(name, "unit", required)
    area = int not in kinds and name not in LINES and (required or name == "text")
    return Field(name, "area" if area else "line", required)


def _parts(annotation: Any) -> list[Any]:
    if typing.get_origin(annotation) in (types.UnionType, typing.Union):
        return [part for arg in typing.get_args(annotation) for part in _parts(arg)]
    return [annotation]
