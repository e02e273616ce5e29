"""A database of before the papers of commitments: its attachments are taken along, and can be taken back."""

from datetime import datetime

from alembic import command
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import create_async_engine

from intake.clock import SHANGHAI
from storage.base import metadata
from storage.engine import Database
from storage.migrate import configuration, upgrade

BEFORE = "0014"
AT = datetime(2026, 3, 3, 9, 30, tzinfo=SHANGHAI)
PICTURE = (
    "INSERT INTO file (id, uploaded_by, kind, state, content_type, name, attempts, created_at)"
    " VALUES ('f1', '示例', 'image', 'stored', 'image/png', '示例.png', 0, :at)"
)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


async def test_attachments_are_taken_along_and_back(empty_url: str) -> None:
    await _moved(empty_url, BEFORE, PICTURE)
    await upgrade(empty_url)
    database = Database(empty_url)
    async with database.write() as unit:
        row = await unit.files.get("f1")
        assert row is not None
        assert (row.content_type, row.commitment, row.part) == ("image/png", None, None)
        await unit.files.change("f1", {"content_type": WORD})
        assert await unit.imports.last(1) == []
        assert await unit.connection.run_sync(_columns_that_differ) == set()
    await database.close()
    await _moved(empty_url, BEFORE, down=True)
    await upgrade(empty_url)
    database = Database(empty_url)
    async with database.read() as unit:
        again = await unit.files.get("f1")
        assert again is not None
        assert again.name == "示例.png"
    await database.close()


def _columns_that_differ(connection: Connection) -> set[str]:
    """Columns and indexes that only the migrations or only the tables of the code have."""
    seen = inspect(connection)
    differ = set()
    for name in ("file", "import_job"):
        table = metadata.tables[name]
        differ |= {column.name for column in table.columns} ^ {one["name"] for one in seen.get_columns(name)}
        differ |= {str(one.name) for one in table.indexes} ^ {
            str(one["name"]) for one in seen.get_indexes(name)
        }
    return differ


async def _moved(url: str, to: str, row: str = "", *, down: bool = False) -> None:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(_migrate, command.downgrade if down else command.upgrade, to)
        if row:
            moment = AT if connection.dialect.name == "postgresql" else AT.replace(tzinfo=None).isoformat(" ")
            await connection.execute(text(row), {"at": moment})
    await engine.dispose()


def _migrate(connection: Connection, move: object, to: str) -> None:
    config = configuration()
    config.attributes["connection"] = connection
    move(config, to)  # type: ignore[operator]
