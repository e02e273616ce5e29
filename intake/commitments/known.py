"""The index of the commitments as the database has them: a snapshot, made anew only when one was changed."""

import asyncio
from dataclasses import dataclass

from intake.commitments.matching import CommitmentIndex, Promise
from storage.engine import Database
from storage.stores.registry import CommitmentsKey

#: As many are indexed in a few milliseconds; more are indexed in a thread.
FEW = 100


@dataclass(frozen=True)
class Known:
    """The public commitments of a moment; as long as ``key`` stands, so does the index."""

    key: CommitmentsKey
    index: CommitmentIndex


async def load_known(database: Database, before: Known | None = None) -> Known:
    """The index of all public commitments; ``before`` itself where nothing has changed since.

    Raises :class:`storage.engine.DatabaseAway`.
    """
    async with database.read() as unit:
        key = await unit.registry.commitments_key()
        if before is not None and before.key == key:
            return before
        rows = await unit.registry.commitments()
    promises = [Promise(row.code, row.title, row.text, row.department) for row in rows]
    if len(promises) <= FEW:
        return Known(key, CommitmentIndex(promises))
    return Known(key, await asyncio.to_thread(CommitmentIndex, promises))
