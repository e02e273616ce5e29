"""Files that citizens leave for a person, with or without words."""

import sqlalchemy as sa
from alembic import op

from storage.base import Serial

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("file") as table:
        table.add_column(sa.Column("desk_message_id", Serial, nullable=True))
    op.create_index("ix_file_desk_message_id", "file", ["desk_message_id"])


def downgrade() -> None:
    op.drop_index("ix_file_desk_message_id", table_name="file")
    with op.batch_alter_table("file") as table:
        table.drop_column("desk_message_id")
