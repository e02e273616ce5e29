"""How staff are reached besides the console, and what a reminder says of it."""

import sqlalchemy as sa
from alembic import op

from storage.base import Instant, Json

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

CODE = sa.String(length=64)


def upgrade() -> None:
    op.create_table(
        "staff_reach",
        sa.Column("login", CODE, nullable=False),
        sa.Column("channels", Json, nullable=False),
        sa.Column("account", CODE, nullable=False),
        sa.Column("openid_hmac", sa.String(length=64), nullable=True),
        sa.Column("openid", sa.LargeBinary(), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_to", sa.Time(), nullable=True),
        sa.Column("away_until", sa.Date(), nullable=True),
        sa.Column("substitute", CODE, nullable=True),
        sa.ForeignKeyConstraint(["login"], ["staff.login"], name=op.f("fk_staff_reach_login_staff")),
        sa.ForeignKeyConstraint(
            ["substitute"], ["staff.login"], name=op.f("fk_staff_reach_substitute_staff")
        ),
        sa.PrimaryKeyConstraint("login", name=op.f("pk_staff_reach")),
        sa.UniqueConstraint("openid_hmac", name=op.f("uq_staff_reach_openid_hmac")),
    )
    op.create_table(
        "bind_code",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("login", CODE, nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["login"], ["staff.login"], name=op.f("fk_bind_code_login_staff")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_bind_code")),
    )
    op.create_table(
        "department_robot",
        sa.Column("department", CODE, nullable=False),
        sa.Column("webhook", sa.LargeBinary(), nullable=False),
        sa.Column("set_by", CODE, nullable=False),
        sa.Column("set_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department"], ["department.code"], name=op.f("fk_department_robot_department_department")
        ),
        sa.PrimaryKeyConstraint("department", name=op.f("pk_department_robot")),
    )
    with op.batch_alter_table("reminder") as table:
        table.add_column(sa.Column("urgent", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.add_column(sa.Column("stands_for", CODE, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("reminder") as table:
        for name in ("stands_for", "urgent"):
            table.drop_column(name)
    for name in ("department_robot", "bind_code", "staff_reach"):
        op.drop_table(name)
