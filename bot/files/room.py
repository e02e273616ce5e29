"""Where attachments lie: a folder or an S3-compatible bucket, under names that say nothing."""

import asyncio
import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, S3Store

from bot.files.images import cleaned
from bot.files.movies import FAMILY, without_notes
from bot.files.sniff import LIMITS, FileRefused, Kind, sniff
from bot.files.sound import UNPLAYABLE, NotPlayable, to_mp3

PIECE = 1 << 20


class FilesAway(Exception):
    """The folder or bucket does not answer; nothing is known to be stored."""


class FileGone(Exception):
    """There is no object at this location."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One file as it lies. ``size`` (bytes) and ``sha256`` are those of what is kept, after cleaning.

    ``playable``: location of the MP3 made of a recording that browsers do not play; ``note`` says
    ``not_playable`` where none could be made.
    """

    location: str
    content_type: str
    size: int
    sha256: str
    playable: str | None = None
    note: str = ""


class FileRoom:
    """Takes files in and hands them out again. Safe for many tasks at once."""

    def __init__(self, store: LocalStore | S3Store) -> None:
        self._store = store

    async def put(self, data: bytes, *, kind: str | None = None) -> Stored:
        """Look into a file, clean it and keep it.

        ``kind``: what it has to be (image, voice, video; any other word: a document or anything known).
        Raises :class:`FileRefused`, :class:`FilesAway`.
        """
        found = self.check(data, kind=kind)
        if found.family == "image":
            data = await asyncio.to_thread(cleaned, data, found.content_type)
        elif found.content_type in FAMILY:
            data = await asyncio.to_thread(without_notes, data)
        location = await self._write(data)
        playable, note = await self._playable(data, found)
        digest = await asyncio.to_thread(hashlib.sha256, data)
        return Stored(location, found.content_type, len(data), digest.hexdigest(), playable, note)

    def check(self, data: bytes, *, kind: str | None = None) -> Kind:
        """What a file is by its content; raises :class:`FileRefused` for what is not taken or too large."""
        found = sniff(data)
        _check(found, len(data), kind)
        return found

    async def keep(self, file: BinaryIO) -> str:
        """Keep a file as it is, unlooked at and piece by piece; its location. Raises :class:`FilesAway`."""
        return await self._write(file)

    async def fetch(self, location: str, to: Path) -> None:
        """Write the bytes at a location to a file of ours, piece by piece.

        Raises :class:`FileGone`, :class:`FilesAway`.
        """
        with _reading(location):
            found = await obstore.get_async(self._store, location)
            with to.open("wb") as file:
                async for piece in found.stream(min_chunk_size=PIECE):
                    await asyncio.to_thread(file.write, piece)

    async def forget(self, location: str) -> None:
        """Take what is at a location away, if it is still there. Raises :class:`FilesAway`."""
        try:
            await obstore.delete_async(self._store, location)
        except (NotFoundError, FileNotFoundError):
            return
        except (BaseError, OSError) as error:
            raise FilesAway(type(error).__name__) from error

    async def read(self, location: str) -> bytes:
        """The bytes at a location. Raises :class:`FileGone`, :class:`FilesAway`."""
        with _reading(location):
            found = await obstore.get_async(self._store, location)
            return bytes(await found.bytes_async())

    async def size(self, location: str) -> int:
        """How many bytes lie at a location. Raises :class:`FileGone`, :class:`FilesAway`."""
        with _reading(location):
            return int((await obstore.head_async(self._store, location))["size"])

    async def read_part(self, location: str, start: int, end: int) -> bytes:
        """Those from ``start`` up to, but without, ``end``. Raises :class:`FileGone`, :class:`FilesAway`."""
        with _reading(location):
            return bytes(await obstore.get_range_async(self._store, location, start=start, end=end))

    async def _playable(self, data: bytes, kind: Kind) -> tuple[str | None, str]:
        if kind.content_type not in UNPLAYABLE:
            return None, ""
        try:
            return await self._write(await asyncio.to_thread(to_mp3, data)), ""
        except NotPlayable:
            return None, "not_playable"

    async def _write(self, data: bytes | BinaryIO) -> str:
        location = f"{datetime.now(UTC):%Y/%m/%d}/{secrets.token_hex(20)}"
        try:
            await obstore.put_async(self._store, location, data)
        except (BaseError, OSError) as error:
            raise FilesAway(type(error).__name__) from error
        return location


@contextmanager
def _reading(location: str) -> Iterator[None]:
    """The store's faults as ours."""
    try:
        yield
    except (NotFoundError, FileNotFoundError) as error:
        raise FileGone(location) from error
    except (BaseError, OSError) as error:
        raise FilesAway(type(error).__name__) from error


def open_room(url: str) -> FileRoom:
    """The room at ``JIANNUO_FILES_URL``: ``s3://bucket/prefix`` or a folder, made when missing.

    A bucket's credentials come from the usual ``AWS_…`` variables.
    """
    if url.startswith("s3://"):
        return FileRoom(S3Store.from_url(url))
    folder = Path(url.removeprefix("file://")).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return FileRoom(LocalStore(prefix=folder))


def _check(found: Kind, size: int, kind: str | None) -> None:
    if kind in ("image", "voice", "video") and kind != found.family:
        raise FileRefused("unknown_type")
    if size > LIMITS[found.family]:
        raise FileRefused("too_large")
