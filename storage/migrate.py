"""Bringing a database to the newest tables, and telling whether it is there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.engine import DatabaseAway
from storage.unit import Unit

LOCK = 7_201_113  # any number of our own: one migration at a time on PostgreSQL


def configuration() -> Config:
    """Alembic's settings, without a file of its own."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def newest() -> str:
    """The revision that this code wants."""
    head = ScriptDirectory.from_config(configuration()).get_current_head()
    assert head is not None
    return head


async def current(url: str) -> str | None:
    """The revision that the database has; None where it was never migrated. Raises :class:`DatabaseAway`."""
    try:
        async with _engine(url) as engine, engine.connect() as connection:
            return await connection.run_sync(
                lambda sync: MigrationContext.configure(sync).get_current_revision()
            )
    except (DBAPIError, OSError) as error:
        raise DatabaseAway(type(error).__name__) from error


async def revision(unit: Unit) -> str | None:
    """The revision as an open unit sees it; None where there is none."""
    return await unit.connection.run_sync(
        lambda sync: MigrationContext.configure(sync).get_current_revision()
    )


async def upgrade(url: str) -> None:
    """Migrate to the newest revision; a second process waits for the first. Raises :class:`DatabaseAway`."""
    await current(url)
    async with _engine(url) as engine, engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        await connection.run_sync(_upgrade)


@asynccontextmanager
async def _engine(url: str) -> AsyncIterator[AsyncEngine]:
    """A way to the database for one errand; the folder of SQLite's file is made where it is missing."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(address)
    try:
        yield engine
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> None:
    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
