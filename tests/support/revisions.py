"""A database as it stood at an older revision, with rows of then."""

from datetime import datetime

from alembic import command
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from intake.clock import SHANGHAI
from storage.migrate import configuration

AT = datetime(2026, 3, 3, 9, 30, tzinfo=SHANGHAI)


async def move(url: str, to: str, *rows: str, down: bool = False, **given: object) -> None:
    """Migrate to a revision, or back ``down`` to it, then run the statements ``rows``.

    They may name the values ``given``, and ``:at``, which is :data:`AT` as the engine writes moments.
    """
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(_migrate, to, down)
        moment = AT if connection.dialect.name == "postgresql" else AT.replace(tzinfo=None).isoformat(" ")
        for row in rows:
            named = {name: value for name, value in {"at": moment, **given}.items() if f":{name}" in row}
            await connection.execute(text(row), named)
    await engine.dispose()


def _migrate(connection: Connection, to: str, down: bool) -> None:
    config = configuration()
    config.attributes["connection"] = connection
    (command.downgrade if down else command.upgrade)(config, to)
