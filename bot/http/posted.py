"""What a form brought: its fields as the action takes them, and the files that came along."""

from dataclasses import dataclass, replace
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from bot.factory import Process
from bot.http.attachments import look_at, take_in
from bot.http.problems import TooLarge
from intake.actor import Actor
from intake.errors import Invalid

FILES, KEPT = "attachments", "kept"
RESERVED = frozenset({"csrf", "version", "seen", "back", KEPT})
MAX_FORM = 30 * 1024 * 1024
MOST_FILES = 20


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came along: its name and bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Posted:
    """A posted action: its body for ``perform``, the last event its page showed, the CSRF value, files that
    are not kept yet, and the page to go back to, as it was said."""

    body: dict[str, Any]
    seen: int = 0
    csrf: str = ""
    uploads: tuple[Upload, ...] = ()
    back: str = ""


async def read(request: web.Request) -> Posted:
    """What was posted; raises :class:`TooLarge`."""
    too_large = TooLarge("附件合在一起太大，请分几次上传")
    if (request.content_length or 0) > MAX_FORM:
        raise too_large
    try:
        data = await request.clone(client_max_size=MAX_FORM).post()
    except web.HTTPRequestEntityTooLarge:
        raise too_large from None
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
    seen, back = _number(data.get("seen")) or 0, str(data.get("back", ""))
    return Posted(body, seen, str(data.get("csrf", "")), given, back)


async def with_files(told: Posted, process: Process, actor: Actor) -> Posted:
    """Keep the files that came along and put their ids into the body.

    Raises :class:`Invalid` before any is kept: for too many, and for one that is not taken.
    """
    if len(told.uploads) + len(told.body.get(FILES, [])) > MOST_FILES:
        raise Invalid("附件太多", fields={FILES: f"一次最多 {MOST_FILES} 个附件"})
    for upload in told.uploads:
        look_at(process, upload.data)
    ids = [(await take_in(process, actor, upload.name, upload.data))["id"] for upload in told.uploads]
    body = told.body | ({FILES: [*told.body.get(FILES, []), *ids]} if ids else {})
    return replace(told, body=body, uploads=())


def _number(value: object) -> int | None:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\0", "").encode("utf-8", "replace").decode().strip()
