"""A form for each action, made from what the action asks for; and what was posted, as the action takes it."""

import types
import typing
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from bot.factory import Process
from bot.http.attachments import take_in
from bot.http.problems import TooLarge
from intake.actor import Actor
from intake.cases.actions import ACTIONS
from intake.forms import in_words
from storage.vocab import Action

FILES, KEPT = "attachments", "kept"
RESERVED = frozenset({"csrf", "version", "seen", KEPT})
MAX_FORM = 30 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Field:
    """One input. ``kind``: area, line, unit, select, date, files; ``options`` are codes of a select."""

    name: str
    kind: str
    required: bool
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came along: its name and bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Posted:
    """A posted action: its body for ``perform``, the last event its page showed, the CSRF value, and files
    that are not kept yet."""

    body: dict[str, Any]
    seen: int = 0
    csrf: str = ""
    uploads: tuple[Upload, ...] = ()


def fields_of(action: Action) -> list[Field]:
    """The inputs of an action's form, in the order of its model."""
    return [_field(name, info) for name, info in ACTIONS[action].form.model_fields.items()]


async def posted(request: web.Request) -> Posted:
    """What was posted; raises :class:`TooLarge`."""
    try:
        data = await request.clone(client_max_size=MAX_FORM).post()
    except web.HTTPRequestEntityTooLarge:
        raise TooLarge("附件合在一起太大，请分几次上传") from None
    body: dict[str, Any] = {"version": _number(data.get("version"))}
    uploads = []
    for name, value in data.items():
        if isinstance(value, FileField):
            with value.file as opened:
                uploads.append(Upload(value.filename, opened.read()))
        elif isinstance(value, str) and name not in RESERVED and value.strip():
            body[name] = _plain(value)
    kept = [str(value) for value in data.getall(KEPT, [])]
    if kept:
        body[FILES] = kept
    given = tuple(upload for upload in uploads if upload.data)
    return Posted(body, _number(data.get("seen")) or 0, str(data.get("csrf", "")), given)


async def with_files(told: Posted, process: Process, actor: Actor) -> Posted:
    """Keep the files that came along and put their ids into the body; raises :class:`Invalid`."""
    ids = [(await take_in(process, actor, upload.name, upload.data))["id"] for upload in told.uploads]
    body = told.body | ({FILES: [*told.body.get(FILES, []), *ids]} if ids else {})
    return replace(told, body=body, uploads=())


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
    area = int not in kinds and (required or name == "text")
    return Field(name, "area" if area else "line", required)


def _parts(annotation: Any) -> list[Any]:
    if typing.get_origin(annotation) in (types.UnionType, typing.Union):
        return [part for arg in typing.get_args(annotation) for part in _parts(arg)]
    return [annotation]


def _number(value: object) -> int | None:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\0", "").encode("utf-8", "replace").decode().strip()
