"""One call to the API, read and checked for form before it is performed."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import BodyPartReader, web

from bot.simulator.deliver import Courier
from bot.simulator.errors import Refused
from bot.simulator.platform import Platform

Body = Mapping[str, object]
ESCAPED = re.compile(rb"(?<!\\)(?:\\\\)*\\u(?:00[89a-f]|0[1-9a-f]|[1-9a-f])", re.IGNORECASE)
"""An escaped character beyond ASCII: the platform shows such escapes to the user or refuses them."""
LARGEST_UPLOAD = (10 << 20) + 1


@dataclass(frozen=True, slots=True)
class Call:
    """One call. ``body`` is the JSON object of a POST; ``upload`` the file of a media upload."""

    platform: Platform
    courier: Courier
    path: str
    query: Mapping[str, str]
    origin: str
    body: Body = field(default_factory=dict)
    upload: tuple[bytes, str, str] = (b"", "", "")

    @property
    def openid(self) -> str:
        """The user it concerns; empty for none."""
        return str(self.body.get("touser", "") or self.query.get("openid", ""))


async def read(request: web.Request, prefix: str, platform: Platform, courier: Courier) -> Call:
    """The call below ``prefix``. Raises Refused 44002, 40033, 47001 or 41005 for a body of a wrong form."""
    path = request.path.removeprefix(prefix)
    origin = f"{request.scheme}://{request.host}{prefix}"
    if path == "/cgi-bin/media/upload":
        return Call(platform, courier, path, request.query, origin, upload=await _uploaded(request))
    body = _object(await request.read()) if request.method == "POST" else {}
    return Call(platform, courier, path, request.query, origin, body)


def _object(raw: bytes) -> Body:
    if not raw:
        raise Refused(44002)
    if ESCAPED.search(raw):
        raise Refused(40033)
    try:
        found = json.loads(raw)
    except ValueError:
        raise Refused(47001) from None
    if not isinstance(found, dict):
        raise Refused(47001)
    return found


async def _uploaded(request: web.Request) -> tuple[bytes, str, str]:
    if not request.content_type.startswith("multipart/"):
        raise Refused(41005)
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader) and part.name == "media":
            content = bytearray()
            while len(content) <= LARGEST_UPLOAD and (chunk := await part.read_chunk()):
                content += chunk
            return bytes(content), part.headers.get("Content-Type", ""), part.filename or "media"
    raise Refused(41005)
