"""A fresh database for each test: a copy of one that was migrated and seeded once a run."""

import asyncio
import shutil
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
from sqlalchemy import make_url

from tests.support import city, cluster, shared

TEMPLATE = "jiannuo_template"
FAST = ("fsync", "synchronous_commit", "full_page_writes")  # a test's data need not outlive the machine


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


@asynccontextmanager
async def copy_postgres(address: str) -> AsyncIterator[str]:
    """A copy of the template for as long as the context lasts; its URL."""
    name = f"test_{uuid.uuid4().hex}"
    await _administer(address, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    try:
        yield postgres_url(address, name)
    finally:
        await _administer(address, f"DROP DATABASE {name} WITH (FORCE)")


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


async def _build_template(address: str) -> None:
    for setting in FAST:
        await _administer(address, f"ALTER SYSTEM SET {setting} = off")
    await _administer(address, "SELECT pg_reload_conf()")
    await _administer(address, f"CREATE DATABASE {TEMPLATE}")
    await city.build(postgres_url(address, TEMPLATE))


async def _administer(address: str, statement: str) -> None:
    connection = await asyncpg.connect(host=address, user="postgres", database="postgres")
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _cluster() -> Path:
    return shared.folder() / "postgres"
