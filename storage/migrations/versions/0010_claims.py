"""What a case asks for, one by one, and what came of each."""

import sqlalchemy as sa
from alembic import op

from storage.base import Json

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("case_file") as table:
        table.add_column(sa.Column("claims", Json, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("case_file") as table:
        table.drop_column("claims")
