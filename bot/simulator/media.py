"""Temporary material: what citizens sent and what the account uploaded; gone after three days."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.simulator.errors import Refused

KEPT = timedelta(days=3)
LIMITS = {"image": 10 << 20, "voice": 2 << 20, "video": 10 << 20, "thumb": 64 << 10}
"""Bytes; developers.weixin.qq.com/doc/offiaccount/Asset_Management/New_temporary_materials.html."""
STARTS: dict[str, tuple[bytes, ...]] = {
    "image": (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8"),
    "voice": (b"#!AMR", b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"),
    "video": (b"\x00\x00\x00",),
    "thumb": (b"\xff\xd8\xff",),
}


@dataclass(frozen=True, slots=True)
class Material:
    """One file. ``kind``: image, voice, video or thumb."""

    id: str
    kind: str
    content: bytes
    content_type: str
    name: str
    until: datetime
    made_at: datetime


class MediaStore:
    """Files by media id. ``now`` is the simulated clock, so expiry can be reached."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._held: dict[str, Material] = {}

    def keep(self, kind: str, content: bytes, content_type: str, name: str) -> Material:
        """Stores a file as it came from a citizen."""
        media_id = secrets.token_urlsafe(48)
        now = self._now()
        self._held = {key: held for key, held in self._held.items() if held.until > now}
        self._held[media_id] = Material(media_id, kind, content, content_type, name, now + KEPT, now)
        return self._held[media_id]

    def upload(self, kind: str, content: bytes, content_type: str, name: str) -> Material:
        """Stores a file of the account. Raises Refused 40004 (kind, content), 40006 (size), 41005 (empty)."""
        if kind not in LIMITS:
            raise Refused(40004)
        if not content:
            raise Refused(41005)
        if len(content) > LIMITS[kind]:
            raise Refused(40006)
        if not content.startswith(STARTS[kind]):
            raise Refused(40004)
        return self.keep(kind, content, content_type, name)

    def get(self, media_id: str) -> Material:
        """Raises Refused 40007 for an unknown or expired id."""
        held = self._held.get(media_id)
        if held is None or self._now() >= held.until:
            raise Refused(40007)
        return held
