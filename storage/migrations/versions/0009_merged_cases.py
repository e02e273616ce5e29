"""并案: a case that is worked on with another one."""

import sqlalchemy as sa
from alembic import op

from storage.base import Json

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("case_file") as table:
        table.add_column(sa.Column("merged_into", sa.String(length=32), nullable=True))
        table.add_column(sa.Column("before_merge", Json, nullable=True))
        table.add_column(sa.Column("linked", sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_case_file_merged_into", "case_file", ["merged_into"])


def downgrade() -> None:
    op.drop_index("ix_case_file_merged_into", table_name="case_file")
    with op.batch_alter_table("case_file") as table:
        for name in ("linked", "before_merge", "merged_into"):
            table.drop_column(name)
