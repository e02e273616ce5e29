"""The inbox is indexed where work waits, not where it is done."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

PARTIAL = {
    "ix_inbox_open": (["reporter_id", "id"], "done_at IS NULL"),
    "ix_inbox_unanswered": (["id"], "wire = 'reply' AND answered IS false"),
    "ix_inbox_by_rules": (["id"], "understood = 'rules'"),
}


def upgrade() -> None:
    for old in ("ix_inbox_open", "ix_inbox_done_at", "ix_inbox_understood"):
        op.drop_index(old, table_name="inbox")
    for name, (columns, where) in PARTIAL.items():
        condition = sa.text(where)
        op.create_index(name, "inbox", columns, postgresql_where=condition, sqlite_where=condition)


def downgrade() -> None:
    for name in PARTIAL:
        op.drop_index(name, table_name="inbox")
    op.create_index("ix_inbox_open", "inbox", ["reporter_id", "id"])
    op.create_index("ix_inbox_done_at", "inbox", ["done_at"])
    op.create_index("ix_inbox_understood", "inbox", ["understood"])
