"""What the platform says of cards, by its own numbers."""

import sqlalchemy as sa
from alembic import op

from storage.base import Instant, Serial

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "delivery",
        sa.Column("platform_msg_id", sa.String(length=64), nullable=False),
        sa.Column("outbox_id", Serial, nullable=True),
        sa.Column("delivered", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("noted_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("platform_msg_id", name=op.f("pk_delivery")),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_delivery_outbox_id_outbox")),
    )


def downgrade() -> None:
    op.drop_table("delivery")
