"""Attachments at every door: taken in by their content, handed out to whoever sees their case."""

import re
import secrets
from typing import Any
from urllib.parse import quote

from aiohttp import BodyPartReader, web

from bot.factory import Process
from bot.files import LIMITS, FileGone, FileRefused, FilesAway, Stored
from bot.http.keys import PROCESS
from bot.http.problems import Away, TooLarge
from bot.http.ranges import Part, asked_part
from intake.actor import Actor
from intake.cases.attachments import Attachment, find_attachment
from intake.errors import Invalid, NotFound

MAX_BYTES = max(LIMITS.values())
CHUNK = 64 * 1024
ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "audio/mpeg": ".mp3",
    "audio/mp4": ".m4a",
    "audio/wav": ".wav",
    "audio/amr": ".amr",
    "video/mp4": ".mp4",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
INLINE = frozenset(kind for kind in ENDINGS if kind.startswith(("image/", "audio/", "video/"))) - {
    "audio/amr"
}
"""Types that a browser shows without running anything; every other one is handed over as a download."""
SANDBOX = "default-src 'none'; sandbox"
_REFUSED = {
    "too_large": "文件太大：图片 10 MB、语音 2 MB、其他 20 MB 以内",
    "empty": "文件是空的",
    "unknown_type": "不是能接收的类型（图片、语音、视频、PDF、Word、Excel）",
    "broken": "文件已损坏",
}


async def read_part(part: BodyPartReader) -> bytes:
    """The bytes of one uploaded file; raises :class:`TooLarge` as soon as the limit is passed."""
    data = bytearray()
    while chunk := await part.read_chunk(CHUNK):
        data += chunk
        if len(data) > MAX_BYTES:
            raise TooLarge(_REFUSED["too_large"])
    return bytes(data)


async def take_in(process: Process, actor: Actor, name: str, data: bytes) -> dict[str, Any]:
    """Check, clean and keep one file, and note it as this actor's; its row (``id``, ``kind``, …).

    Raises :class:`Invalid` with the reason, :class:`Away`.
    """
    try:
        stored = await process.files.put(data)
    except FileRefused as refused:
        raise _not_taken(refused) from None
    except FilesAway:
        raise Away("附件暂时存不了，请稍后再试") from None
    row = _row(stored, name, actor) | {"created_at": process.clock.now()}
    await process.database.run(lambda unit: unit.files.add(row))
    return row


def look_at(process: Process, data: bytes) -> None:
    """Raises :class:`Invalid` for what :func:`take_in` would refuse by type and size; nothing is kept."""
    try:
        process.files.check(data)
    except FileRefused as refused:
        raise _not_taken(refused) from None


def _not_taken(refused: FileRefused) -> Invalid:
    return Invalid("文件不能接收", fields={"file": _REFUSED[refused.reason]})


async def hand_out(request: web.Request, actor: Actor, file_id: str) -> web.Response:
    """The bytes, or the part of them that is asked for; raises :class:`NotFound` for whoever does not see
    the file's case, :class:`Away`."""
    process = request.app[PROCESS]
    async with process.database.read() as unit:
        held = await find_attachment(process.desk(unit), actor, file_id)
    return await _answer(request, held)


async def hand_out_paper(request: web.Request, held: Attachment, name: str) -> web.Response:
    """The bytes of a paper that everybody may have, under the name that the office gave it.

    Raises :class:`NotFound`, :class:`Away`.
    """
    response = await _answer(request, held)
    ending = ENDINGS.get(held.content_type, "")
    given = re.split(r"[\\/]", name)[-1].strip() or held.id[:12]
    full = given if given.lower().endswith(ending) else given + ending
    how = "inline" if held.content_type in INLINE else "attachment"
    plain = f'{how}; filename="{held.id[:12]}{ending}"'
    response.headers["Content-Disposition"] = f"{plain}; filename*=UTF-8''{quote(full, safe='')}"
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


async def _answer(request: web.Request, held: Attachment) -> web.Response:
    """A file's bytes under a name of ours: the given one may say who sent it (domain 6)."""
    shows = held.content_type in INLINE
    name = held.id[:12] + ENDINGS.get(held.content_type, "")
    headers = {
        "Content-Disposition": f'{"inline" if shows else "attachment"}; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": SANDBOX,
        "Cache-Control": "no-store",
        "Accept-Ranges": "bytes",
        "ETag": f'"{held.id}"',  # what lies under an id never changes
    }
    try:
        data, part = await _read(request, held)
    except FileGone:
        raise NotFound("附件已经不在了") from None
    except FilesAway:
        raise Away("附件暂时取不到，请稍后再试") from None
    if part is not None:
        headers["Content-Range"] = part.content_range
    return web.Response(
        body=data,
        status=200 if part is None else 206 if data else 416,
        content_type=held.content_type if shows else "application/octet-stream",
        headers=headers,
    )


async def _read(request: web.Request, held: Attachment) -> tuple[bytes, Part | None]:
    files = request.app[PROCESS].files
    if "Range" not in request.headers:
        return await files.read(held.location), None
    part = asked_part(request, held.id, await files.size(held.location))
    if part is None:
        return await files.read(held.location), None
    wanted = part.start < part.end
    return await files.read_part(held.location, part.start, part.end) if wanted else b"", part


def _row(stored: Stored, name: str, actor: Actor) -> dict[str, Any]:
    return {
        "id": secrets.token_hex(16),
        "uploaded_by": None if actor.reporter_id else actor.name,
        "reporter_id": actor.reporter_id,
        "kind": _kind(stored.content_type),
        "state": "stored",
        "location": stored.location,
        "playable": stored.playable,
        "content_type": stored.content_type,
        "size": stored.size,
        "sha256": stored.sha256,
        "name": name[:200],
    }


def _kind(content_type: str) -> str:
    head = content_type.partition("/")[0]
    return {"image": "image", "audio": "voice", "video": "video"}.get(head, "document")
