"""What can be searched of commitments and guides, and each engine's index of it."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.base import Serial
from storage.terms import compact, written

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BATCH = 500
SQLITE = (
    "CREATE VIRTUAL TABLE search_words USING"
    " fts5(words, content='search_entry', content_rowid='id', detail=none, tokenize='unicode61')",
    "CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN"
    " INSERT INTO search_words (rowid, words) VALUES (new.id, new.words); END",
    "CREATE TRIGGER search_entry_gone AFTER DELETE ON search_entry BEGIN"
    " INSERT INTO search_words (search_words, rowid, words) VALUES ('delete', old.id, old.words); END",
    "CREATE TRIGGER search_entry_changed AFTER UPDATE ON search_entry BEGIN"
    " INSERT INTO search_words (search_words, rowid, words) VALUES ('delete', old.id, old.words);"
    " INSERT INTO search_words (rowid, words) VALUES (new.id, new.words); END",
)
#: The terms as they stand: no parser of the server's, which might divide them by its locale.
POSTGRESQL = (
    "ALTER TABLE search_entry ADD COLUMN indexed tsvector",
    "CREATE FUNCTION search_entry_indexed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " NEW.indexed := array_to_tsvector(string_to_array(NEW.words, ' ')); RETURN NEW; END $$",
    "CREATE TRIGGER search_entry_indexed BEFORE INSERT OR UPDATE OF words ON search_entry"
    " FOR EACH ROW EXECUTE FUNCTION search_entry_indexed()",
    "CREATE INDEX ix_search_entry_indexed ON search_entry USING gin (indexed) WITH (fastupdate = off)",
)
OF_COMMITMENT = ("text", "target", "source_document", "source_number")
LISTS = ("steps", "cautions", "documents")
OF_GUIDE = (*LISTS, "place", "time_limit")


def upgrade() -> None:
    op.create_table(
        "search_entry",
        sa.Column("id", Serial, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
    )
    op.create_index("uq_search_entry_kind_code", "search_entry", ["kind", "code"], unique=True)
    for statement in SQLITE if _embedded() else POSTGRESQL:
        op.execute(statement)
    _fill("commitment", OF_COMMITMENT)
    _fill("guide", OF_GUIDE)


def downgrade() -> None:
    if _embedded():
        op.execute("DROP TABLE search_words")
    op.drop_table("search_entry")
    if not _embedded():
        op.execute("DROP FUNCTION search_entry_indexed()")


def _embedded() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _fill(kind: str, columns: tuple[str, ...]) -> None:
    """Write down what can be searched of the rows that stand, some hundred at a time."""
    connection = op.get_bind()
    units = connection.execute(sa.text("SELECT code, name, short_names FROM department")).all()
    called = {code: f"{name} {' '.join(_listed(short))}" for code, name, short in units}
    table = sa.table(kind, *(sa.column(name) for name in ("code", "department", "title", *columns)))
    page = sa.select(table).where(table.c.code > sa.bindparam("after")).order_by(table.c.code).limit(BATCH)
    added, after = sa.text("INSERT INTO search_entry (kind, code, words) VALUES (:kind, :code, :words)"), ""
    while rows := connection.execute(page, {"after": after}).all():
        given = [{"kind": kind, "code": row.code, "words": _words(row, called, columns)} for row in rows]
        connection.execute(added, given)
        after = rows[-1].code


def _words(row: sa.Row[Any], called: dict[str, str], columns: tuple[str, ...]) -> str:
    said = [getattr(row, name) for name in columns]
    joined = [
        " ".join(_listed(value)) if name in LISTS else value
        for name, value in zip(columns, said, strict=True)
    ]
    return written(row.title, [row.code, compact(row.code), called.get(row.department, ""), *joined])


def _listed(value: Any) -> list[str]:
    listed: list[str] = json.loads(value) if isinstance(value, str) else value
    return listed
