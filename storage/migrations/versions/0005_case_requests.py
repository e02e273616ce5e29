"""Requests of units for a return or an extension."""

import sqlalchemy as sa
from alembic import op

from storage.base import Instant, Serial

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_request",
        sa.Column("id", Serial, autoincrement=True, nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("proposed_department", sa.String(length=64), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("asked_by", sa.String(length=100), nullable=False),
        sa.Column("ruled_at", Instant(), nullable=True),
        sa.Column("ruled_by", sa.String(length=100), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("ruling_reason", sa.Text(), nullable=True),
        sa.Column("hop_seconds", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_request_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_request")),
    )
    op.create_index("ix_case_request_case_id", "case_request", ["case_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_case_request_case_id", table_name="case_request")
    op.drop_table("case_request")
