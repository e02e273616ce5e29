"""SQLite's connection with one trip to its thread for each statement.

``aiosqlite`` goes there and back four times: to make a cursor, to execute, to fetch, to close; a turn of
twenty statements then spends most of its time in changing threads. This connection does all of it in one
go. Only a result that is longer than a page stays open.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

import aiosqlite

PAGE = 2_000  # rows fetched with the statement itself

Rows = list[Any]


class Trip:
    """A cursor of SQLAlchemy's adapter whose statement runs, and ends, in one trip to the thread."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._open: sqlite3.Cursor | None = None
        self._rows: Rows = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> "Trip":
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> "Trip":
        await self._connection.in_thread(self._execute, sql, parameters)
        return self

    async def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> "Trip":
        await self._connection.in_thread(self._executemany, sql, parameters)
        return self

    async def fetchall(self) -> Rows:
        return self._taken(None) + (await self._connection.in_thread(self._rest) if self._open else [])

    async def fetchmany(self, size: int | None = None) -> Rows:
        if not self._rows and self._open:
            self._rows = await self._connection.in_thread(self._page)
        return self._taken(size or self.arraysize)

    async def fetchone(self) -> Any:
        return next(iter(await self.fetchmany(1)), None)

    async def close(self) -> None:
        if self._open:
            await self._connection.in_thread(self._close)

    # ── in the connection's thread ───────────────────────────────────────────────────────────────────

    def _execute(self, connection: sqlite3.Connection, sql: str, parameters: Sequence[Any]) -> None:
        self._note(connection.execute(sql, parameters))
        self._rows = self._page(connection) if self.description else []
        if not self.description:
            self._close(connection)

    def _executemany(
        self, connection: sqlite3.Connection, sql: str, parameters: Iterable[Sequence[Any]]
    ) -> None:
        self._note(connection.executemany(sql, parameters))
        self._close(connection)

    def _note(self, cursor: sqlite3.Cursor) -> None:
        self._open, self.description = cursor, cursor.description
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid

    def _page(self, connection: sqlite3.Connection) -> Rows:
        assert self._open is not None
        rows = self._open.fetchmany(PAGE)
        self.rowcount = self._open.rowcount
        if len(rows) < PAGE:
            self._close(connection)
        return rows

    def _rest(self, connection: sqlite3.Connection) -> Rows:
        assert self._open is not None
        rows = self._open.fetchall()
        self._close(connection)
        return rows

    def _close(self, _: sqlite3.Connection) -> None:
        if self._open is not None:
            self._open.close()
        self._open = None

    def _taken(self, size: int | None) -> Rows:
        taken = self._rows[:size]
        del self._rows[:size]
        return taken


class Connection(aiosqlite.Connection):
    """What ``create_async_engine(async_creator=connect(path))`` is given."""

    def cursor(self) -> Trip:  # type: ignore[override]
        return Trip(self)

    async def in_thread(self, work: Any, *args: Any) -> Any:
        """Run ``work(the sqlite3 connection, *args)`` in the connection's thread."""
        return await self._execute(work, self._conn, *args)  # type: ignore[no-untyped-call]


def connect(path: str, *, patience: float) -> Connection:
    """A connection to the file, not yet open: await it. Waits ``patience`` seconds for another's lock."""

    def opened() -> sqlite3.Connection:
        return sqlite3.connect(path, timeout=patience, isolation_level=None, check_same_thread=False)

    connection = Connection(opened, iter_chunk_size=PAGE)
    connection._thread.daemon = True  # a process that fails must not wait for it
    return connection
