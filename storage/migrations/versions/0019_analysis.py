"""Figures that take long to reckon are kept for an hour."""

import sqlalchemy as sa
from alembic import op

from storage.base import Instant, Json

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "analysis_snapshot",
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("body", Json, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("analysis_snapshot")
