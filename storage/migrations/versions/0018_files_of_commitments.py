"""Documents of commitments, and files of commitments and guides that are imported in the console.

The content types of Word and Excel have more than 64 characters.
"""

import sqlalchemy as sa
from alembic import op

from storage.base import Instant, Json

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

CODE = sa.String(length=64)
COUNTS = ("rows_done", "rows_total", "added", "changed", "same", "refused")


def upgrade() -> None:
    with op.batch_alter_table("file") as table:
        table.alter_column("content_type", type_=sa.String(length=100), existing_nullable=True)
        table.add_column(sa.Column("commitment", CODE, nullable=True))
        table.add_column(sa.Column("part", CODE, nullable=True))
        table.add_column(sa.Column("part_n", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_file_commitment_commitment"), "commitment", ["commitment"], ["code"]
        )
    op.create_index("ix_file_commitment", "file", ["commitment"])
    op.create_table(
        "import_job",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("location", sa.String(length=200), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("state", CODE, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.Column("faults", Json, nullable=False),
        sa.Column("fault_count", sa.Integer(), nullable=False),
        sa.Column("uploaded_by", CODE, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("confirmed_by", CODE, nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_job")),
    )
    op.create_index("ix_import_job_state", "import_job", ["state", "leased_until"])
    op.create_index("ix_import_job_created_at", "import_job", ["created_at"])


def downgrade() -> None:
    op.drop_table("import_job")
    op.drop_index("ix_file_commitment", table_name="file")
    op.execute(sa.text("UPDATE file SET content_type = '' WHERE length(content_type) > 64"))
    with op.batch_alter_table("file") as table:
        table.drop_constraint(op.f("fk_file_commitment_commitment"), type_="foreignkey")
        for name in ("part_n", "part", "commitment"):
            table.drop_column(name)
        table.alter_column("content_type", type_=CODE, existing_nullable=True)
