"""The looks at identities are found without reading the whole archive."""

from alembic import op
from sqlalchemy import text

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

OPENED = text("action = 'open_identity'")


def upgrade() -> None:
    op.create_index("ix_event_opened", "event", ["id"], postgresql_where=OPENED, sqlite_where=OPENED)


def downgrade() -> None:
    op.drop_index("ix_event_opened", table_name="event")
