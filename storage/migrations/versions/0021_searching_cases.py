"""The words of cases in each engine's index, and indexes for the numbers that desks start from.

The rows that stand are indexed by the worker, as new ones are: an upgrade waits for nothing.
"""

import sqlalchemy as sa
from alembic import op

from storage.base import Instant, Serial

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

SQLITE = (
    "CREATE VIRTUAL TABLE case_word USING"
    " fts5(words, content='case_words', content_rowid='id', detail=none, tokenize='unicode61')",
    "CREATE TRIGGER case_words_added AFTER INSERT ON case_words BEGIN"
    " INSERT INTO case_word (rowid, words) VALUES (new.id, new.words); END",
    "CREATE TRIGGER case_words_gone AFTER DELETE ON case_words BEGIN"
    " INSERT INTO case_word (case_word, rowid, words) VALUES ('delete', old.id, old.words); END",
)
#: The terms as they stand, as in 0015; the text of them is not kept a second time.
POSTGRESQL = (
    "ALTER TABLE case_words ADD COLUMN indexed tsvector",
    "CREATE FUNCTION case_words_indexed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " NEW.indexed := array_to_tsvector(array_remove(string_to_array(NEW.words, ' '), ''));"
    " NEW.words := ''; RETURN NEW; END $$",
    "CREATE TRIGGER case_words_indexed BEFORE INSERT ON case_words"
    " FOR EACH ROW EXECUTE FUNCTION case_words_indexed()",
    "CREATE INDEX ix_case_words_indexed ON case_words USING gin (indexed) WITH (fastupdate = off)",
)
OPEN = "state NOT IN ('closed', 'declined', 'withdrawn')"


def upgrade() -> None:
    op.create_table(
        "case_words",
        sa.Column("id", Serial, autoincrement=True, nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_words_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_words")),
        sa.UniqueConstraint("case_id", name=op.f("uq_case_words_case_id")),
    )
    for statement in SQLITE if _embedded() else POSTGRESQL:
        op.execute(statement)
    op.add_column("case_file", sa.Column("worded", sa.Boolean(), server_default=sa.false(), nullable=False))
    _partial("ix_case_file_unworded", "case_file", ["created_at", "id"], "NOT worded")
    _partial("ix_case_file_rating", "case_file", ["rating", "created_at"], "rating IS NOT NULL")
    supervised = "supervised IS 1" if _embedded() else "supervised IS true"
    _partial("ix_case_file_supervised", "case_file", ["created_at"], supervised)
    _partial("ix_case_file_open", "case_file", ["state", "created_at"], OPEN)
    op.create_index("ix_case_file_department_created_at", "case_file", ["department", "created_at"])
    op.drop_index("ix_clock_state_due_at", "clock")
    _partial("ix_clock_running", "clock", ["due_at"], "state = 'running'")
    _partial("ix_case_request_returned", "case_request", ["case_id"], "kind = 'return' AND approved")


def downgrade() -> None:
    op.drop_index("ix_case_request_returned", "case_request")
    op.drop_index("ix_clock_running", "clock")
    op.create_index("ix_clock_state_due_at", "clock", ["state", "due_at"])
    for name in ("department_created_at", "open", "supervised", "rating", "unworded"):
        op.drop_index(f"ix_case_file_{name}", "case_file")
    op.drop_column("case_file", "worded")
    if _embedded():
        op.execute("DROP TABLE case_word")
    op.drop_table("case_words")
    if not _embedded():
        op.execute("DROP FUNCTION case_words_indexed()")


def _embedded() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _partial(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
