"""A case knows its commitment and who said so; a commitment its evidence; a guide its state and history."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

CODE = sa.String(length=64)


def upgrade() -> None:
    # Nothing ever wrote the column of before; a reference comes with a new one without copying the table.
    op.drop_column("case_file", "commitment")
    op.execute(
        sa.text(
            "ALTER TABLE case_file ADD COLUMN commitment VARCHAR(64)"
            " CONSTRAINT fk_case_file_commitment_commitment REFERENCES commitment (code)"
        )
    )
    op.add_column("case_file", sa.Column("commitment_by", CODE, nullable=True))
    op.create_index("ix_case_file_commitment", "case_file", ["commitment", "state"])
    op.create_table(
        "commitment_evidence",
        sa.Column("commitment", CODE, nullable=False),
        sa.Column("file_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["commitment"], ["commitment.code"], name=op.f("fk_commitment_evidence_commitment_commitment")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_commitment_evidence_file_id_file")),
        sa.PrimaryKeyConstraint("commitment", "file_id", name=op.f("pk_commitment_evidence")),
    )
    for column in (
        sa.Column("state", CODE, server_default="published", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("last_seq", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_hash", sa.String(length=64), server_default="", nullable=False),
    ):
        op.add_column("guide", column)


def downgrade() -> None:
    payloads = (
        "DELETE FROM event_payload WHERE event_id IN (SELECT id FROM event WHERE subject_kind = 'guide')"
    )
    op.execute(sa.text(payloads))
    op.execute(sa.text("DELETE FROM event WHERE subject_kind = 'guide'"))
    op.execute(sa.text("DELETE FROM guide WHERE state <> 'published'"))
    for name in ("last_hash", "last_seq", "version", "state"):
        op.drop_column("guide", name)
    op.drop_table("commitment_evidence")
    op.drop_index("ix_case_file_commitment", table_name="case_file")
    for name in ("commitment_by", "commitment"):
        op.drop_column("case_file", name)
    op.add_column("case_file", sa.Column("commitment", CODE, nullable=True))
