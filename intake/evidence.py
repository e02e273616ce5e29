"""Evidence that citizens send: photos, voice, video, files, places, links. A worker fetches the bytes."""

import secrets
from typing import Any

from intake.desk import Desk

MEDIA = "media id"
FETCHED = frozenset({"image", "voice", "video"})


async def keep(
    desk: Desk,
    reporter_id: str,
    *,
    kind: str,
    media_id: str = "",
    name: str = "",
    facts: dict[str, Any] | None = None,
    case_id: str | None = None,
    message_id: int | None = None,
) -> str:
    """Note one piece of evidence and return its id; media wait to be fetched from the platform (three days).

    ``kind``: image, voice, video, location, link or file; the last three are stored with their facts alone.
    ``message_id``: the message for a person that it belongs to, where it belongs to no case.
    """
    file_id = secrets.token_hex(16)
    waits = kind in FETCHED and bool(media_id)
    await desk.unit.files.add(
        {
            "id": file_id,
            "case_id": case_id,
            "desk_message_id": message_id,
            "reporter_id": reporter_id,
            "kind": kind,
            "state": "waiting" if waits else "stored",
            "media_id": desk.vault.seal(media_id, MEDIA) if media_id else None,
            "name": name[:200],
            "facts": facts or None,
            "created_at": desk.now(),
        }
    )
    if waits:
        desk.unit.wake("media")
    return file_id
