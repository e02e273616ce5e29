"""Supervision of a case, and the calls that follow its answer."""

import sqlalchemy as sa
from alembic import op

from storage.base import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("case_file") as table:
        table.add_column(sa.Column("supervised", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.add_column(sa.Column("followed_up_at", Instant(), nullable=True))
        table.add_column(sa.Column("calls_missed", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("case_file") as table:
        for name in ("calls_missed", "followed_up_at", "supervised"):
            table.drop_column(name)
