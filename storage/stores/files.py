"""Attachments' rows: waiting to be fetched, stored, or failed with the reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.stores.rows import all_made, columns, made
from storage.tables.files import files


@dataclass(frozen=True, slots=True)
class FileRow:
    id: str
    case_id: str | None
    reporter_id: str | None
    uploaded_by: str | None
    desk_message_id: int | None
    commitment: str | None
    part: str | None
    part_n: int | None
    kind: str
    state: str
    media_id: bytes | None
    location: str | None
    playable: str | None
    content_type: str | None
    size: int | None
    sha256: str | None
    name: str
    facts: dict[str, Any] | None
    transcript: str | None
    attempts: int
    reason: str | None
    created_at: datetime


_ROW = columns(files, FileRow)
_LOOSE = (files.c.case_id.is_(None), files.c.commitment.is_(None))
_PAPER = (files.c.kind.in_(("image", "document")), files.c.state == "stored")


class FileStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def add(self, values: dict[str, object]) -> None:
        await self._db.execute(insert(files).values(**values))

    async def get(self, file_id: str) -> FileRow | None:
        return made(
            FileRow, (await self._db.execute(select(*_ROW).where(files.c.id == file_id))).one_or_none()
        )

    async def of_case(self, case_id: str) -> list[FileRow]:
        found = await self._db.execute(
            select(*_ROW).where(files.c.case_id == case_id).order_by(files.c.created_at, files.c.id)
        )
        return all_made(FileRow, found)

    async def of_messages(self, message_ids: list[int]) -> list[FileRow]:
        """What was left for a person with these messages, oldest first."""
        if not message_ids:
            return []
        found = await self._db.execute(
            select(*_ROW)
            .where(files.c.desk_message_id.in_(message_ids))
            .order_by(files.c.created_at, files.c.id)
        )
        return all_made(FileRow, found)

    async def attach(self, file_ids: list[str], *, case_id: str, owner: Mapping[str, object]) -> int:
        """Hang loose files of one owner on a case; how many were taken."""
        done = await self._db.execute(
            update(files)
            .where(files.c.id.in_(file_ids), *_LOOSE)
            .where(*(files.c[name] == value for name, value in owner.items()))
            .values(case_id=case_id)
        )
        return done.rowcount

    async def of_commitment(self, code: str) -> list[FileRow]:
        """Its documents, oldest first."""
        found = await self._db.execute(
            select(*_ROW).where(files.c.commitment == code).order_by(files.c.created_at, files.c.id)
        )
        return all_made(FileRow, found)

    async def attach_document(
        self, file_ids: list[str], values: dict[str, object], *, uploaded_by: str
    ) -> int:
        """Hang what somebody uploaded on a commitment; ``values``: ``commitment``, ``part``, ``part_n``.

        Only pictures and documents are taken; how many were.
        """
        done = await self._db.execute(
            update(files)
            .where(files.c.id.in_(file_ids), files.c.uploaded_by == uploaded_by, *_LOOSE, *_PAPER)
            .values(values)
        )
        return done.rowcount

    async def detach_document(self, file_id: str, code: str) -> bool:
        """Take a document off its commitment; False where it is none of it."""
        done = await self._db.execute(
            update(files)
            .where(files.c.id == file_id, files.c.commitment == code)
            .values(commitment=None, part=None, part_n=None)
        )
        return done.rowcount == 1

    async def loose(self, file_ids: list[str], *, uploaded_by: str, papers: bool = False) -> int:
        """How many of these files somebody uploaded and hung on nothing yet; ``papers``: only pictures and
        documents count."""
        if not file_ids:
            return 0
        found = await self._db.execute(
            select(func.count())
            .where(files.c.id.in_(file_ids), files.c.uploaded_by == uploaded_by, *_LOOSE)
            .where(*(_PAPER if papers else ()))
        )
        return int(found.scalar_one())

    async def change(self, file_id: str, values: dict[str, object]) -> None:
        await self._db.execute(update(files).where(files.c.id == file_id).values(**values))

    async def settle(self, file_id: str, lease: datetime, values: dict[str, object]) -> bool:
        """Write what became of a file leased until ``lease``; False where another leased it since."""
        done = await self._db.execute(
            update(files)
            .where(files.c.id == file_id, files.c.state == "fetching", files.c.leased_until == lease)
            .values({"leased_until": None, **values})
        )
        return done.rowcount == 1

    async def failed_since(self, moment: datetime) -> int:
        """How many files that came since ``moment`` could not be kept."""
        found = await self._db.execute(
            select(func.count()).where(files.c.state == "failed", files.c.created_at >= moment)
        )
        return int(found.scalar_one())

    async def claim(self, *, now: datetime, until: datetime, limit: int) -> list[FileRow]:
        """Lease files whose bytes are still with the platform."""
        ready = (
            select(files.c.id)
            .where(
                or_(
                    and_(
                        files.c.state == "waiting",
                        or_(files.c.leased_until.is_(None), files.c.leased_until <= now),
                    ),
                    and_(files.c.state == "fetching", files.c.leased_until <= now),
                )
            )
            .order_by(files.c.created_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        done = await self._db.execute(
            update(files)
            .where(files.c.id.in_(ready))
            .values(state="fetching", leased_until=until, attempts=files.c.attempts + 1)
            .returning(*_ROW)
        )
        return all_made(FileRow, done)
