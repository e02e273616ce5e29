"""A database of before the papers of commitments: its attachments are taken along, and can be taken back."""

from sqlalchemy import Connection, inspect

from storage.base import metadata
from storage.engine import Database
from storage.migrate import upgrade
from tests.support.revisions import move

BEFORE = "0014"
PICTURE = (
    "INSERT INTO file (id, uploaded_by, kind, state, content_type, name, attempts, created_at)"
    " VALUES ('f1', '示例', 'image', 'stored', 'image/png', '示例.png', 0, :at)"
)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


async def test_attachments_are_taken_along_and_back(empty_url: str) -> None:
    await move(empty_url, BEFORE, PICTURE)
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
    await move(empty_url, BEFORE, down=True)
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
