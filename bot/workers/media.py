"""Fetching what citizens sent, at once: the platform keeps it for three days (wechat 3.11)."""

import asyncio
from datetime import datetime, timedelta

import structlog

from bot.factory import Process
from bot.files import LIMITS, FileRefused, FilesAway, Stored
from bot.metrics import metrics
from bot.wechat.errors import ApiAway, ApiRefused, ErrorClass, MediaRefused
from bot.wechat.token import TokenUnavailable
from bot.workers.gates import Gates
from bot.workers.verdict import Closed
from intake.evidence import MEDIA
from intake.identity import Unreadable
from storage.stores.files import FileRow
from storage.unit import Unit

log = structlog.get_logger(__name__)

TOPIC = "media"
LEASE = timedelta(seconds=120)
FETCH_WITHIN = 90.0  # seconds for one file, conversion included
KEPT_BY_PLATFORM = timedelta(days=3)
GONE = 40007  # the media id is unknown or has expired
FAULT = "wechat_media"
#: Pauses after tries that failed; after the last one the file is given up.
PAUSES = tuple(timedelta(seconds=n) for n in (10, 60, 300, 1800, 7200))
#: What may be asked for again: a download changes nothing on the platform.
_CLOSES = {ErrorClass.CONFIG: Closed.A_MINUTE, ErrorClass.QUOTA: Closed.UNTIL_MIDNIGHT}
Values = dict[str, object]


class Fetcher:
    """Fetches waiting files; any number may run, in any number of processes."""

    def __init__(self, process: Process, gates: Gates, *, batch: int = 4) -> None:
        self._process = process
        self._gates = gates
        self._batch = batch

    async def step(self) -> bool:
        """Fetch what waits, one batch; True where there may be more. Raises ``DatabaseAway``."""
        if self._gates.closed_for("media"):
            return False
        now = self._process.clock.wall()
        rows = await self._process.database.run(
            lambda unit: unit.files.claim(now=now, until=now + LEASE, limit=self._batch)
        )
        ends = await asyncio.gather(*(self._one(row, now + LEASE) for row in rows), return_exceptions=True)
        for end in ends:
            if isinstance(end, BaseException):
                raise end
        return bool(rows)

    async def _one(self, row: FileRow, lease: datetime) -> None:
        values = await self._fetch(row)
        if not await self._process.database.run(lambda unit: unit.files.settle(row.id, lease, values)):
            log.warning("lease_lost", file=row.id)

    async def _fetch(self, row: FileRow) -> Values:
        """The columns that say what became of the file."""
        try:
            async with asyncio.timeout(FETCH_WITHIN):
                stored = await self._process.files.put(await self._download(row), kind=row.kind)
        except (MediaRefused, FileRefused) as refusal:
            return self._failed(row, refusal.reason)
        except Unreadable:
            return self._failed(row, "unreadable")
        except ApiRefused as refusal:
            return await self._refused(row, refusal)
        except (ApiAway, TokenUnavailable, FilesAway) as away:
            return await self._closed(row, _word(away), Closed.BRIEFLY)
        except TimeoutError:
            return self._again(row, "timeout")
        if self._gates.reopen("media"):
            await self._process.database.run(lambda unit: unit.operations.clear_fault(FAULT))
        return self._stored(row, stored)

    async def _download(self, row: FileRow) -> bytes:
        assert row.media_id is not None
        media_id = self._process.vault.open(row.media_id, MEDIA)
        data = bytearray()
        limit = LIMITS.get(row.kind, LIMITS["document"])
        async with self._process.wechat.download_media(media_id, max_bytes=limit) as media:
            async for chunk in media.chunks:
                data += chunk
        return bytes(data)

    def _stored(self, row: FileRow, stored: Stored) -> Values:
        metrics.media.labels(outcome="stored").inc()
        log.info("media_stored", file=row.id, size=stored.size, note=stored.note)
        return {
            "state": "stored",
            "location": stored.location,
            "playable": stored.playable,
            "content_type": stored.content_type,
            "size": stored.size,
            "sha256": stored.sha256,
            "media_id": None,
            "reason": stored.note or None,
        }

    async def _refused(self, row: FileRow, refusal: ApiRefused) -> Values:
        reason = f"refused:{refusal.errcode}"
        if refusal.errcode == GONE:
            return self._failed(row, "expired")
        if refusal.error_class in _CLOSES:
            return await self._closed(row, reason, _CLOSES[refusal.error_class])
        return self._again(row, reason) if refusal.policy.retry else self._failed(row, reason)

    async def _closed(self, row: FileRow, reason: str, how: Closed) -> Values:
        """Nothing was wrong with this file: it waits without losing a try, unless it is too late for it."""

        async def tell(unit: Unit) -> None:
            await unit.operations.raise_fault(FAULT, reason, self._process.clock.now())

        if self._process.clock.now() - row.created_at > KEPT_BY_PLATFORM:
            return self._failed(row, "expired")
        pause = self._gates.close("media", how)
        await self._process.database.run(tell)
        return self._waiting(pause, reason) | {"attempts": row.attempts - 1}

    def _again(self, row: FileRow, reason: str) -> Values:
        if row.attempts > len(PAUSES) or self._process.clock.now() - row.created_at > KEPT_BY_PLATFORM:
            return self._failed(row, reason)
        metrics.media.labels(outcome="retried").inc()
        return self._waiting(PAUSES[row.attempts - 1], reason)

    def _waiting(self, pause: timedelta, reason: str) -> Values:
        return {"state": "waiting", "leased_until": self._process.clock.wall() + pause, "reason": reason}

    def _failed(self, row: FileRow, reason: str) -> Values:
        metrics.media.labels(outcome="failed").inc()
        log.warning("media_failed", file=row.id, reason=reason)
        return {"state": "failed", "reason": reason, "media_id": None}


def _word(away: ApiAway | TokenUnavailable | FilesAway) -> str:
    if isinstance(away, ApiAway):
        return away.reason
    return "no_token" if isinstance(away, TokenUnavailable) else "files_away"
