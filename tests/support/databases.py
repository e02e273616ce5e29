"""A fresh database for each test: a copy of one that was migrated and seeded once a run.

A copy of PostgreSQL's costs more than most tests do, so it is put back as it was and used again.
"""

import asyncio
import shutil
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import asyncpg
from sqlalchemy import make_url

from storage import tables
from storage.engine import Database
from tests.support import city, cluster, shared

TEMPLATE = "jiannuo_template"
#: A test's data need not outlive the machine, nor its tables the tests that may use a copy.
FAST = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")
#: Tests that use a copy, one after the other: rows that were taken away stay in its files.
OFTEN = 100


class Compiled:
    """What SQLAlchemy compiled for the tests before: it knows a statement by its dialect's object."""

    known: ClassVar[dict[str, tuple[Any, Any]]] = {}


def opened(url: str) -> Database:
    """The database as the service opens it, but no statement is compiled that a test had before."""
    database = Database(url)
    for part in ("_writer", "_reader"):
        engine = getattr(database, part).sync_engine
        kind = f"{engine.dialect.name} {part}"
        dialect, cache = Compiled.known.setdefault(kind, (engine.dialect, engine._compiled_cache))
        engine.dialect = engine.pool._dialect = dialect
        engine._compiled_cache = cache
    return database


def sqlite_template() -> Path:
    """The seeded file, made by the first who asks; nothing has it open."""
    file = shared.folder() / "template.db"
    with shared.once("sqlite") as note:
        if note:
            asyncio.run(city.build(f"sqlite+aiosqlite:///{file}"))
            note.touch()
    return file


def copy_sqlite(folder: Path) -> str:
    """A copy of the template in ``folder``; its URL."""
    copy = folder / "jiannuo.db"
    shutil.copyfile(sqlite_template(), copy)
    return f"sqlite+aiosqlite:///{copy}"


def postgres_address() -> str:
    """The folder of the run's PostgreSQL socket, server and template made by the first who asks."""
    with shared.once("postgres") as note:
        if note is None:
            return (shared.folder() / "postgres.made").read_text()
        address = str(make_url(cluster.start(_cluster())).query["host"])
        asyncio.run(_build_template(address))
        note.write_text(address)
        return address


def stop_postgres() -> None:
    """Stop the run's server and remove its data, if it was ever started."""
    if (_cluster() / "PG_VERSION").exists():
        cluster.stop(_cluster())


@dataclass
class Copy:
    """A database of this process's tests; ``used`` counts those that had it."""

    name: str
    used: int = 0


class Spare:
    """Copies that nobody uses at the moment, as good as new."""

    copies: ClassVar[list[Copy]] = []


@asynccontextmanager
async def copy_postgres(address: str) -> AsyncIterator[str]:
    """A copy of the template for as long as the context lasts; its URL."""
    copy = Spare.copies.pop() if Spare.copies else Copy(f"test_{uuid.uuid4().hex}")
    if not copy.used:
        await _administer(address, f"CREATE DATABASE {copy.name} TEMPLATE {TEMPLATE}")
    copy.used += 1
    try:
        yield postgres_url(address, copy.name)
    finally:
        if copy.used < OFTEN and await _put_back(address, copy.name):
            Spare.copies.append(copy)
        else:
            await _administer(address, f"DROP DATABASE {copy.name} WITH (FORCE)")


async def _put_back(address: str, name: str) -> bool:
    """Whether all rows are again those of the template; False where a test changed the tables."""
    try:
        await _administer(address, PUT_BACK, name)
    except asyncpg.PostgresError:
        return False
    return True


@asynccontextmanager
async def empty_postgres(address: str) -> AsyncIterator[str]:
    """A database with no tables for as long as the context lasts; its URL."""
    name = f"empty_{uuid.uuid4().hex}"
    await _administer(address, f"CREATE DATABASE {name}")
    try:
        yield postgres_url(address, name)
    finally:
        await _administer(address, f"DROP DATABASE {name} WITH (FORCE)")


def postgres_url(address: str, name: str) -> str:
    return f"postgresql+asyncpg://postgres@/{name}?host={address}"


def _keeping() -> str:
    """Keeps the seeded rows in a schema of their own."""
    kept = (f"CREATE TABLE seed.{name} AS TABLE public.{name};" for name in TABLES)
    return f"CREATE SCHEMA seed; {' '.join(kept)}"


def _putting_back() -> str:
    """Ends other sessions, makes every table as it was kept and begins every sequence anew."""
    return " ".join(
        [
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity",
            "WHERE datname = current_database() AND pid <> pg_backend_pid();",
            "BEGIN; SET LOCAL session_replication_role = replica;",  # nothing checks references
            *(f"DELETE FROM public.{name};" for name in TABLES),
            *(f"INSERT INTO public.{name} SELECT * FROM seed.{name};" for name in TABLES),
            "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)",
            "FROM pg_sequences; COMMIT;",
        ]
    )


TABLES = tuple(tables.departments.metadata.tables)
PUT_BACK = _putting_back()


async def _build_template(address: str) -> None:
    for setting in FAST:
        await _administer(address, f"ALTER SYSTEM SET {setting} = off")
    await _administer(address, "SELECT pg_reload_conf()")
    await _administer(address, f"CREATE DATABASE {TEMPLATE}")
    await city.build(postgres_url(address, TEMPLATE))
    await _administer(address, _keeping(), TEMPLATE)


async def _administer(address: str, statement: str, database: str = "postgres") -> None:
    connection = await asyncpg.connect(host=address, user="postgres", database=database)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _cluster() -> Path:
    return shared.folder() / "postgres"
