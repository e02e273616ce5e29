"""Files of commitments and guides that were sent in the console: checked first, imported once confirmed.

A file is read outside any transaction and written in one, together with the row that says so: whoever dies on
the way leaves nothing half, and the next one begins anew.
"""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from bot.factory import Process
from bot.files import FileGone
from intake.city import load_city
from intake.commitments.progress import Progress
from storage.stores.imports import CHECKED, CONFIRMED, DONE, FAILED, FAULTY, ImportRow
from storage.unit import Unit

if TYPE_CHECKING:
    from intake.commitments.differences import Written
    from intake.commitments.tables import Parsed

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=60)
WRITING = timedelta(minutes=15)  # the lease of a transaction that nobody else should begin meanwhile
MOST_TRIES = 3
TOLD_EVERY = 1.0  # seconds between two looks at how far a file is
KEPT = timedelta(days=7)
Values = dict[str, Any]


class Importing:
    """Works on one file after the other; any number may run, in any number of processes."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def step(self) -> bool:
        """One file; True where there may be more. Raises ``DatabaseAway``, ``FilesAway``."""
        now = self._process.clock.wall()
        job = await self._process.database.run(lambda unit: unit.imports.claim(now=now, until=now + LEASE))
        if job is None:
            await self._clear_up()
            return False
        with tempfile.TemporaryDirectory(prefix="jiannuo-") as folder:
            await self._one(job, Path(folder) / "file")
        return True

    async def _one(self, job: ImportRow, path: Path) -> None:
        if job.attempts > MOST_TRIES or not await self._fetched(job, path):
            log.error("import_failed", job=job.id, attempts=job.attempts)
            await self._write(job, {"state": FAILED, **self._ended()})
            return
        from intake.commitments.kinds import KINDS  # spreadsheets weigh 20 MB: only once they are needed

        kind = KINDS[job.kind]
        async with self._process.database.read() as unit:
            city = await load_city(unit, self._process.city)
        async with self._told(job) as progress:
            parsed = await asyncio.to_thread(kind.parse, path, city, progress)
            if parsed.fault_count:
                await self._write(job, {"state": FAULTY, **_faults(parsed), **self._ended()})
                return
            progress.begin(parsed.rows.count)
            async with self._process.database.read() as unit:
                counted, faults = await kind.compare(unit, parsed.rows, progress)
        found = {**_counts(counted), **_faults(faults), "rows_done": parsed.rows.count}
        if faults.count:
            await self._write(job, {"state": FAULTY, **found, **self._ended()})
        elif job.state != CONFIRMED:
            await self._write(job, {"state": CHECKED, "leased_until": None, **found})
        else:
            await self._import(job, kind.write, parsed)

    async def _import(self, job: ImportRow, write: Any, parsed: "Parsed") -> None:
        from intake.commitments.faults import NotImported

        async def all_of_it(unit: Unit) -> None:
            written = await write(unit, parsed.rows, self._process.clock.now())
            if not await unit.imports.write(job, {"state": DONE, **_counts(written), **self._ended()}):
                raise LeaseLost(job.id)

        await self._write(job, {"leased_until": self._process.clock.wall() + WRITING})
        try:
            await self._process.database.run(all_of_it)
        except NotImported as refused:
            await self._write(job, {"state": FAULTY, **_faults(refused), **self._ended()})
        except LeaseLost:
            log.warning("lease_lost", job=job.id)
        else:
            log.info("imported", job=job.id, kind=job.kind, rows=parsed.rows.count)

    async def _fetched(self, job: ImportRow, path: Path) -> bool:
        """Whether the file is there, and the one that was sent."""
        if job.location is None:
            return False
        try:
            await self._process.files.fetch(job.location, path)
        except FileGone:
            return False
        return await asyncio.to_thread(_digest, path) == job.sha256

    @asynccontextmanager
    async def _told(self, job: ImportRow) -> AsyncIterator[Progress]:
        """How far the file is, written to its row as it goes; the lease goes on with it."""
        progress = Progress()
        telling = asyncio.create_task(self._tell(job, progress))
        try:
            yield progress
        finally:
            progress.stopped = True
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)

    async def _tell(self, job: ImportRow, progress: Progress) -> None:
        while True:
            await asyncio.sleep(TOLD_EVERY)
            until = self._process.clock.wall() + LEASE
            far = {"rows_done": progress.done, "rows_total": progress.total, "leased_until": until}
            await self._write(job, far)

    async def _write(self, job: ImportRow, values: Values) -> None:
        await self._process.database.run(lambda unit: unit.imports.write(job, values))

    async def _clear_up(self) -> None:
        """Files that nobody needs any more."""
        before = self._process.clock.now() - KEPT
        async with self._process.database.read() as unit:
            outworn = await unit.imports.outworn(before, 20)
        for job in outworn:
            await self._forget(job)

    async def _forget(self, job: ImportRow) -> None:
        assert job.location is not None
        await self._process.files.forget(job.location)
        await self._process.database.run(lambda unit: unit.imports.forget_file(job))

    def _ended(self) -> dict[str, datetime | None]:
        return {"ended_at": self._process.clock.now(), "leased_until": None}


class LeaseLost(Exception):
    """Another took the file over while it was written: what was written here is taken back."""


def _counts(written: "Written") -> Values:
    return {name: getattr(written, name) for name in ("added", "changed", "same", "refused")}


def _faults(found: Any) -> Values:
    """The columns of what is wrong: of ``Parsed``, ``Faults`` or ``NotImported``."""
    count = getattr(found, "fault_count", None)
    listed = found.faults if hasattr(found, "faults") else found.listed
    told = [[one.row, one.column, one.reason] for one in listed]
    return {"faults": told, "fault_count": found.count if count is None else count}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
