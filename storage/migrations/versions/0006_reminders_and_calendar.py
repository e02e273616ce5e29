"""Reminders that are fired once, digests to staff in the outbox, and the calendar as admins know it."""

import json

import sqlalchemy as sa
from alembic import op

from storage.base import Instant, Json, Serial

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

CODE = sa.String(length=64)
PARTIAL = {
    "ix_clock_next_rung_at": ("clock", ["next_rung_at"], "state = 'running' AND next_rung_at IS NOT NULL"),
    "ix_clock_calendar": ("clock", ["calendar"], "ended_at IS NULL"),
    "ix_outbox_unseen": ("outbox", ["login"], "login IS NOT NULL AND delivered IS NULL"),
    "ix_reminder_loose": ("reminder", ["login", "channel"], "digest_id IS NULL AND login IS NOT NULL"),
}
#: What a profile of before gets: those of henan-12345 as they were when this was written.
REMINDERS = {
    "dispatch": [{"name": "late", "to": ["dispatcher", "supervisor"]}],
    "sign": [{"name": "late", "to": ["head", "supervisor"]}],
    "ruling": [{"name": "T", "offset": 0, "to": ["dispatcher"]}],
    "first_contact": [{"name": "T", "offset": 0, "to": ["assignee"]}],
    "contact": [{"name": "T", "offset": 0, "to": ["assignee", "head"]}],
    "collaboration": [{"name": "T-1", "offset": -1, "to": ["assignee", "head"]}],
    "milestone": [{"name": "T-3", "offset": -3, "to": ["assignee", "head"]}],
    "fulfil": [{"name": "T-3", "offset": -3, "to": ["assignee", "head"]}],
}


def upgrade() -> None:
    _clocks()
    _outbox()
    _reminders()
    _calendar()
    for name, (table, columns, where) in PARTIAL.items():
        condition = sa.text(where)
        op.create_index(name, table, columns, postgresql_where=condition, sqlite_where=condition)
    _keep_extensions()
    _give_reminders()


def downgrade() -> None:
    for name, (table, _, _) in PARTIAL.items():
        op.drop_index(name, table_name=table)
    for table in ("fired_rung", "reminder", "calendar_day", "calendar_year", "calendar_change"):
        op.drop_table(table)
    for name in ("department", "moves", "due_version", "next_rung_at", "calendar"):
        op.drop_column("clock", name)
    op.execute(sa.text("DELETE FROM outbox WHERE reporter_id IS NULL"))
    with op.batch_alter_table("outbox") as batch:
        batch.alter_column("reporter_id", existing_type=sa.String(length=32), nullable=False)
        batch.drop_column("login")


def _clocks() -> None:
    op.add_column("clock", sa.Column("department", CODE, nullable=True))
    op.add_column("clock", sa.Column("moves", Json, nullable=True))
    op.add_column(
        "clock", sa.Column("due_version", sa.Integer(), nullable=False, server_default=sa.text("1"))
    )
    op.add_column("clock", sa.Column("next_rung_at", Instant(), nullable=True))
    op.add_column("clock", sa.Column("calendar", sa.Integer(), nullable=False, server_default=sa.text("0")))


def _outbox() -> None:
    with op.batch_alter_table("outbox") as batch:
        batch.alter_column("reporter_id", existing_type=sa.String(length=32), nullable=True)
        batch.add_column(sa.Column("login", CODE, nullable=True))


def _reminders() -> None:
    op.create_table(
        "fired_rung",
        sa.Column("clock_id", Serial, nullable=False),
        sa.Column("rung", CODE, nullable=False),
        sa.Column("due_version", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["clock_id"], ["clock.id"], name=op.f("fk_fired_rung_clock_id_clock")),
        sa.PrimaryKeyConstraint("clock_id", "rung", "due_version", name=op.f("pk_fired_rung")),
    )
    op.create_table(
        "reminder",
        sa.Column("id", Serial, autoincrement=True, nullable=False),
        sa.Column("clock_id", Serial, nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("tracking_no", CODE, nullable=False),
        sa.Column("clock", CODE, nullable=False),
        sa.Column("rung", CODE, nullable=False),
        sa.Column("due_version", sa.Integer(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("estimated", sa.Boolean(), nullable=False),
        sa.Column("login", CODE, nullable=True),
        sa.Column("role", CODE, nullable=False),
        sa.Column("department", CODE, nullable=True),
        sa.Column("channel", CODE, nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("digest_id", Serial, nullable=True),
        sa.ForeignKeyConstraint(["clock_id"], ["clock.id"], name=op.f("fk_reminder_clock_id_clock")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_reminder_case_id_case_file")),
        sa.ForeignKeyConstraint(["digest_id"], ["outbox.id"], name=op.f("fk_reminder_digest_id_outbox")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
    )
    op.create_index("ix_reminder_at", "reminder", ["at", "id"])
    for column in ("digest_id", "case_id"):
        op.create_index(f"ix_reminder_{column}", "reminder", [column])
    op.create_index("ix_reminder_login", "reminder", ["login", "id"])


def _calendar() -> None:
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("actor", CODE, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "calendar_year",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("actor", CODE, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_year")),
    )
    op.create_table(
        "calendar_change",
        sa.Column("id", Serial, autoincrement=True, nullable=False),
        sa.Column("what", Json, nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("actor", CODE, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("known", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_change")),
    )


def _keep_extensions() -> None:
    """Extensions that were approved already are steps of the clocks they moved."""
    clock = sa.table(
        "clock",
        sa.column("case_id"),
        sa.column("kind"),
        sa.column("ended_at", Instant()),
        sa.column("started_at", Instant()),
        sa.column("moves", Json),
    )
    asked = sa.table(
        "case_request",
        sa.column("case_id"),
        sa.column("kind"),
        sa.column("days"),
        sa.column("approved", sa.Boolean()),
        sa.column("ruled_at", Instant()),
    )
    connection = op.get_bind()
    approved = sa.select(asked.c.case_id, asked.c.days, asked.c.ruled_at).where(
        asked.c.kind == "extension", asked.c.approved.is_(True)
    )
    for case_id, days, ruled_at in connection.execute(approved).all():
        connection.execute(
            clock.update()
            .where(
                clock.c.case_id == case_id,
                clock.c.kind.in_(("answer", "rework")),
                clock.c.ended_at.is_(None),
                clock.c.started_at <= ruled_at,
            )
            .values(moves=[{"why": "extension", "days": days}])
        )


def _give_reminders() -> None:
    profile = sa.table("profile", sa.column("version"), sa.column("body", sa.JSON()))
    connection = op.get_bind()
    for version, body in connection.execute(sa.select(profile.c.version, profile.c.body)).all():
        known = json.loads(body) if isinstance(body, str) else body
        known["rules"].setdefault("reminders", REMINDERS)
        connection.execute(profile.update().where(profile.c.version == version).values(body=known))
