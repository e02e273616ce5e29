"""What somebody had typed when their session ended: carried through signing in by the pages alone.

Nothing is stored. Only what our own page posted (its ``Origin``) is carried, and nothing is done with it
until whoever signed in has seen it and sends it again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import BodyPartReader, web

from bot.http import csrf
from bot.http.keys import PROCESS

PREFIX = "kept."
SILENT = frozenset({"version", "seen", "kept", "token", "back"})
"""Fields that nobody types."""
FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
SECRET = frozenset({"password", "new_password", "repeated", "one_time", "webhook"})
"""Fields that no page shows again."""
LONGEST = 20_000  # bytes of one value: the longest text has 5,000 characters
MOST = 30

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that was not done. ``action``: where it goes; ``page``: where it stood; ``fields`` as posted."""

    action: str
    page: str
    fields: Pairs


async def left_over(request: web.Request) -> Kept | None:
    """What a post without a session brought; None where it is not from our page or nothing was typed.

    Files are not kept: reading ends before the first.
    """
    if not _from_here(request):
        return None
    unsaid = SECRET | {csrf.FIELD}
    read = [(name, value) for name, value in await _posted(request) if name not in unsaid and value.strip()]
    if all(name in SILENT for name, _ in read):
        return None
    return Kept(request.path_qs, page_of(request), read[:MOST])


def page_of(request: web.Request) -> str:
    """The address of the page that a form was posted from, as the browser says, without its host."""
    page = urlsplit(request.headers.get("Referer", ""))
    return f"{page.path}?{page.query}" if page.query else page.path


def carried(data: Iterable[tuple[str, object]]) -> Kept | None:
    """The same out of the sign-in form."""
    given = [(name, value) for name, value in data if isinstance(value, str)]
    said = dict(given)
    fields = [(name.removeprefix(PREFIX), value) for name, value in given if name.startswith(PREFIX)]
    return Kept(said.get("then", ""), said.get("next", ""), fields[:MOST]) if fields else None


async def _posted(request: web.Request) -> Pairs:
    if request.content_type == FORM:
        return [(name, value) for name, value in (await request.post()).items() if isinstance(value, str)]
    if request.content_type != MULTIPART:
        return []
    read: Pairs = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.filename is not None or len(read) == MOST:
            break
        read.append((part.name or "", await _words(part)))
    return read


async def _words(part: BodyPartReader) -> str:
    data = bytearray()
    while len(data) < LONGEST and (chunk := await part.read_chunk()):
        data += chunk
    return data[:LONGEST].decode("utf-8", "replace")


def _from_here(request: web.Request) -> bool:
    origin = urlsplit(request.headers.get("Origin", "")).netloc
    return bool(origin) and origin in (
        request.host,
        urlsplit(request.app[PROCESS].settings.public_url).netloc,
    )
