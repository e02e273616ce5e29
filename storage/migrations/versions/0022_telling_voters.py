"""Who voted is told what came of it: which poll a piece of news is the result of, and which votes have heard.

Of polls that closed before nobody is told.
"""

import sqlalchemy as sa
from alembic import op

from storage.base import Serial

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

POLL = "fk_commitment_news_poll_poll"


def upgrade() -> None:
    with op.batch_alter_table("commitment_news") as table:
        table.add_column(sa.Column("poll", Serial, nullable=True))
        table.create_foreign_key(op.f(POLL), "poll", ["poll"], ["id"])
    op.add_column("vote", sa.Column("told", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("vote", "told")
    with op.batch_alter_table("commitment_news") as table:
        table.drop_constraint(op.f(POLL), type_="foreignkey")
        table.drop_column("poll")
