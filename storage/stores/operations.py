"""The simulated clock, once-a-day runs and what an operator should know."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables.operations import faults, periodic_runs, simulated_clock


class OperationsStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection
        self._dialect = sqlite if connection.dialect.name == "sqlite" else postgresql

    async def clock_ahead(self) -> float:
        """Seconds the simulated clock stands before the wall's."""
        found = await self._db.execute(select(simulated_clock.c.ahead_seconds))
        return float(found.scalar_one_or_none() or 0.0)

    async def set_clock_ahead(self, seconds: float) -> None:
        statement = self._dialect.insert(simulated_clock).values(id=1, ahead_seconds=seconds)
        await self._db.execute(
            statement.on_conflict_do_update(index_elements=["id"], set_={"ahead_seconds": seconds})
        )

    async def alone(self, name: str) -> bool:
        """Whether nobody else does ``name`` now; true for one unit at a time, until it ends."""
        if self._db.dialect.name == "sqlite":
            return True  # there is one writer
        number = int.from_bytes(sha256(name.encode()).digest()[:8], signed=True)
        return bool((await self._db.execute(select(func.pg_try_advisory_xact_lock(number)))).scalar_one())

    async def claim_run(self, name: str, scheduled_for: datetime) -> bool:
        """True for the one process that may do this run."""
        done = await self._db.execute(
            self._dialect.insert(periodic_runs)
            .values(name=name, scheduled_for=scheduled_for)
            .on_conflict_do_nothing(index_elements=["name", "scheduled_for"])
        )
        return done.rowcount == 1

    async def finish_run(self, name: str, scheduled_for: datetime, at: datetime) -> None:
        await self._db.execute(
            update(periodic_runs)
            .where(periodic_runs.c.name == name, periodic_runs.c.scheduled_for == scheduled_for)
            .values(done_at=at)
        )

    async def raise_fault(self, name: str, detail: str, at: datetime) -> None:
        await self._db.execute(
            self._dialect.insert(faults)
            .values(name=name, detail=detail, since=at)
            .on_conflict_do_update(index_elements=["name"], set_={"detail": detail})
        )

    async def clear_fault(self, name: str) -> None:
        await self._db.execute(delete(faults).where(faults.c.name == name))

    async def faults(self) -> dict[str, str]:
        found = await self._db.execute(select(faults.c.name, faults.c.detail))
        return {name: detail for name, detail in found}
