"""A second factor, sessions that tell where they are, versions of accounts and units, the log of administration."""

import sqlalchemy as sa
from alembic import op

from storage.base import Instant, Json, Serial

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

CODE = sa.String(length=64)


def upgrade() -> None:
    with op.batch_alter_table("staff") as table:
        table.add_column(sa.Column("must_change", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    with op.batch_alter_table("department") as table:
        table.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.execute("DELETE FROM staff_session")  # nobody knows when they were last used
    with op.batch_alter_table("staff_session") as table:
        table.add_column(sa.Column("seen_at", Instant(), nullable=False))
        table.add_column(sa.Column("browser", sa.String(length=100), server_default="", nullable=False))
        table.add_column(sa.Column("address", CODE, server_default="", nullable=False))
        table.add_column(sa.Column("waiting", sa.Boolean(), server_default=sa.false(), nullable=False))
    _second_factor()
    _administration()


def _second_factor() -> None:
    op.create_table(
        "staff_totp",
        sa.Column("staff_id", Serial, autoincrement=False, nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("confirmed_at", Instant(), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_totp_staff_id_staff")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_staff_totp")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("staff_id", Serial, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_recovery_code_staff_id_staff")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_recovery_code")),
    )
    op.create_index("ix_recovery_code_staff_id", "recovery_code", ["staff_id"])
    op.create_table(
        "guarded_role",
        sa.Column("role", CODE, nullable=False),
        sa.Column("set_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("role", name=op.f("pk_guarded_role")),
    )


def _administration() -> None:
    op.create_table(
        "admin_log",
        sa.Column("id", Serial, autoincrement=True, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor", CODE, nullable=False),
        sa.Column("action", CODE, nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("changes", Json, nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admin_log")),
    )
    op.create_index("ix_admin_log_subject", "admin_log", ["subject"])
    op.create_table(
        "menu_push",
        sa.Column("id", Serial, autoincrement=True, nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("asked_by", CODE, nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("answer", sa.String(length=300), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("done_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_menu_push")),
    )
    op.create_index("ix_menu_push_state", "menu_push", ["state"])


def downgrade() -> None:
    for name in ("menu_push", "admin_log", "guarded_role", "recovery_code", "staff_totp"):
        op.drop_table(name)
    with op.batch_alter_table("staff_session") as table:
        for name in ("waiting", "address", "browser", "seen_at"):
            table.drop_column(name)
    with op.batch_alter_table("department") as table:
        table.drop_column("version")
    with op.batch_alter_table("staff") as table:
        for name in ("version", "must_change"):
            table.drop_column(name)
