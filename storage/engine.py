"""The two databases behind one door: how each connects, begins, and says that it lost a race.

SQLite: one writer connection (BEGIN IMMEDIATE, so that two writers queue instead of failing at
commit) and a few readers, in WAL mode. PostgreSQL: one pool, READ COMMITTED with row locks.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.embedded import connect
from storage.unit import Raced, Unit, inside_unit

T = TypeVar("T")
RACES = ("40001", "40P01", "55P03")  # serialisation failure, deadlock, lock not available
AWAY = ("08", "57P", "53300")  # connection failure, shutting down or starting up, too many connections
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=3000",
    "temp_store=MEMORY",
)
TRIES = 3


class DatabaseAway(Exception):
    """The database cannot be reached or does not answer in time. Nothing was changed."""

    @property
    def driver(self) -> str:
        """What the driver said of it, for the operator's eyes."""
        return str(getattr(self.__cause__, "orig", None) or self.__cause__ or self)


def shown(url: str) -> str:
    """The address of a database without its password."""
    return make_url(url).render_as_string(hide_password=True)


class Database:
    """All reading and writing goes through :meth:`read`, :meth:`write` or :meth:`run`.

    Parameters
    ----------
    url
        ``sqlite+aiosqlite:///path`` or ``postgresql+asyncpg://…``.
    pool
        Connections kept to PostgreSQL; SQLite always has one writer and four readers.
    """

    def __init__(self, url: str, *, pool: int = 10) -> None:
        self.url = make_url(url)
        self.embedded = self.url.get_backend_name() == "sqlite"
        if self.embedded:
            if self.url.database and self.url.database != ":memory:":
                Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            self._writer = _sqlite(self.url, "BEGIN IMMEDIATE", size=1)
            self._reader = _sqlite(self.url, "BEGIN", size=4)
        else:
            self._writer = self._reader = create_async_engine(
                url,
                pool_size=pool,
                max_overflow=0,
                pool_timeout=3,
                pool_reset_on_return=None,  # every unit commits or rolls back itself
                connect_args={"timeout": 2, "command_timeout": 10},
            )
        self._woken: dict[str, asyncio.Event] = {}

    async def close(self) -> None:
        """Give every connection back."""
        await self._writer.dispose()
        if self._reader is not self._writer:
            await self._reader.dispose()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Unit]:
        """One transaction that commits at the end, or leaves nothing behind.

        Raises
        ------
        Raced
            Another writer was first; the whole unit may be tried again.
        DatabaseAway
            No connection, or no answer in time.
        """
        async with self._open(self._writer) as unit:
            yield unit
        for topic in unit.woken:
            self.wake(topic)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Unit]:
        """One consistent look; on PostgreSQL as of each statement."""
        async with self._open(self._reader) as unit:
            yield unit

    async def run(self, work: Callable[[Unit], Awaitable[T]]) -> T:
        """Run ``work`` in one transaction, three times at most when it loses a race."""
        for attempt in range(1, TRIES + 1):
            try:
                async with self.write() as unit:
                    return await work(unit)
            except Raced:
                if attempt == TRIES:
                    raise
        raise AssertionError("unreachable")

    def topic(self, name: str) -> asyncio.Event:
        """An event that is set when a unit of this process that ``woke`` the topic has committed."""
        return self._woken.setdefault(name, asyncio.Event())

    def wake(self, name: str) -> None:
        """Set a topic's event: a hint for loops of this process that there is work; never the only sign."""
        self.topic(name).set()

    @asynccontextmanager
    async def _open(self, engine: AsyncEngine) -> AsyncIterator[Unit]:
        try:
            connection = await engine.connect()
        except (PoolTimeout, DBAPIError, OSError, TimeoutError) as error:
            raise DatabaseAway(type(error).__name__) from error
        unit = Unit(connection)
        mark = inside_unit.set(True)
        try:
            await connection.begin()
            yield unit
            await connection.commit()
        except BaseException as error:
            await _roll_back(connection)
            raise _translated(error) from error
        finally:
            inside_unit.reset(mark)
            await asyncio.shield(connection.close())


async def _roll_back(connection: AsyncConnection) -> None:
    try:
        await asyncio.shield(connection.rollback())
    except (DBAPIError, OSError):
        await connection.invalidate()


def _translated(error: BaseException) -> BaseException:
    """A driver's error as one of ours, or itself."""
    if isinstance(error, IntegrityError):
        return Raced("a unique row was written first by another")
    if isinstance(error, DBAPIError):
        code = str(getattr(error.orig, "sqlstate", "") or getattr(error.orig, "pgcode", ""))
        if code in RACES or "database is locked" in str(error.orig):
            return Raced(code or "database is locked")
        gone = error.connection_invalidated or code.startswith(AWAY)
        if gone or isinstance(error, OperationalError | InterfaceError):
            return DatabaseAway(type(error.orig).__name__)
    if isinstance(error, PoolTimeout | ConnectionError):
        return DatabaseAway(type(error).__name__)
    return error


def _sqlite(url: URL, begin: str, *, size: int) -> AsyncEngine:
    engine = create_async_engine(
        url,
        async_creator=partial(connect, url.database or ":memory:", patience=3.0),
        pool_size=size,
        max_overflow=0,
        pool_timeout=3,
        pool_reset_on_return=None,  # every unit commits or rolls back itself
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


async def alive(database: Database) -> None:
    """Ask the database something small; raises :class:`DatabaseAway`."""
    async with database.read() as unit:
        await unit.connection.execute(text("SELECT 1"))
