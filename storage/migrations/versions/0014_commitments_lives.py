"""The life of a commitment: who answers for it, its procedure, milestones, versions, archive and clocks."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.base import Instant, Json

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

CODE = sa.String(length=64)
WORDS = ("decision_owner", "execution_owner", "coordination_owner", "supervision_owner")
CONTACTS = ("phone", "email")
PARTIAL = {
    "clock": {
        "ix_clock_next_rung_at": ("next_rung_at", "state = 'running' AND next_rung_at IS NOT NULL"),
        "ix_clock_calendar": ("calendar", "ended_at IS NULL"),
    },
    "reminder": {"ix_reminder_loose": ("login, channel", "digest_id IS NULL AND login IS NOT NULL")},
}
BEFORE = [{"name": "T-3", "offset": -3, "to": ["assignee", "head"]}]
#: As henan-12345 has them from now on.
LADDER = [
    {"name": "T-3", "offset": -3, "to": ["assignee", "head"]},
    {"name": "T-1", "offset": -1, "to": ["assignee", "head"]},
    {"name": "T", "offset": 0, "to": ["assignee", "head", "supervisor"]},
    {"name": "T+1", "offset": 1, "to": ["head", "supervisor"], "cc": ["leader"]},
    {"name": "T+5", "offset": 5, "to": ["head", "supervisor"]},
]


def upgrade() -> None:
    _commitment()
    _steps()
    _milestones()
    _versions()
    with _rebuilt("clock") as table:
        table.alter_column("case_id", existing_type=sa.String(length=32), nullable=True)
        table.add_column(sa.Column("commitment", CODE, nullable=True))
        table.add_column(sa.Column("milestone", sa.Integer(), nullable=True))
    op.create_index("ix_clock_commitment", "clock", ["commitment"])
    with _rebuilt("reminder") as table:
        table.alter_column("case_id", existing_type=sa.String(length=32), nullable=True)
        table.add_column(sa.Column("commitment", CODE, nullable=True))
    _subject(CODE)
    _reminders(BEFORE, LADDER)


def downgrade() -> None:
    _reminders(LADDER, BEFORE)
    op.execute(
        sa.text("DELETE FROM fired_rung WHERE clock_id IN (SELECT id FROM clock WHERE case_id IS NULL)")
    )
    op.execute(sa.text("DELETE FROM reminder WHERE case_id IS NULL"))
    op.execute(sa.text("DELETE FROM clock WHERE case_id IS NULL"))
    op.execute(
        sa.text(
            "DELETE FROM event_payload WHERE event_id IN"
            " (SELECT id FROM event WHERE subject_kind = 'commitment')"
        )
    )
    op.execute(sa.text("DELETE FROM event WHERE subject_kind = 'commitment'"))
    _subject(sa.String(length=32))
    with _rebuilt("reminder") as table:
        table.drop_column("commitment")
        table.alter_column("case_id", existing_type=sa.String(length=32), nullable=False)
    op.drop_index("ix_clock_commitment", table_name="clock")
    with _rebuilt("clock") as table:
        table.drop_column("milestone")
        table.drop_column("commitment")
        table.alter_column("case_id", existing_type=sa.String(length=32), nullable=False)
    for name in ("commitment_version", "commitment_milestone", "commitment_step"):
        op.drop_table(name)
    with op.batch_alter_table("commitment") as table:
        for name in (*WORDS, *CONTACTS, "co_departments", "progress", "progress_text", "claimed_at"):
            table.drop_column(name)
        for name in ("broken_reason", "proposal", "round", "revision", "last_seq", "last_hash"):
            table.drop_column(name)


def _commitment() -> None:
    with op.batch_alter_table("commitment") as table:
        for name in WORDS:
            table.add_column(sa.Column(name, sa.String(length=200), server_default="", nullable=False))
        for name in CONTACTS:
            table.add_column(sa.Column(name, sa.String(length=100), server_default="", nullable=False))
        table.add_column(sa.Column("co_departments", Json, server_default="[]", nullable=False))
        table.add_column(sa.Column("progress", sa.Integer(), server_default="0", nullable=False))
        table.add_column(sa.Column("progress_text", sa.Text(), server_default="", nullable=False))
        table.add_column(sa.Column("claimed_at", Instant(), nullable=True))
        table.add_column(sa.Column("broken_reason", CODE, nullable=True))
        table.add_column(sa.Column("proposal", Json, nullable=True))
        table.add_column(sa.Column("round", sa.Integer(), server_default="1", nullable=False))
        table.add_column(sa.Column("revision", sa.Integer(), server_default="1", nullable=False))
        table.add_column(sa.Column("last_seq", sa.Integer(), server_default="0", nullable=False))
        table.add_column(sa.Column("last_hash", sa.String(length=64), server_default="", nullable=False))


def _steps() -> None:
    op.create_table(
        "commitment_step",
        sa.Column("commitment", CODE, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("step", CODE, nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("document", sa.String(length=300), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("recorded_by", CODE, nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        _of_commitment("commitment_step"),
        sa.PrimaryKeyConstraint("commitment", "round", "step", name=op.f("pk_commitment_step")),
    )


def _milestones() -> None:
    op.create_table(
        "commitment_milestone",
        sa.Column("commitment", CODE, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        _of_commitment("commitment_milestone"),
        sa.PrimaryKeyConstraint("commitment", "n", name=op.f("pk_commitment_milestone")),
    )


def _versions() -> None:
    op.create_table(
        "commitment_version",
        sa.Column("commitment", CODE, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("target", sa.String(length=300), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("approved_at", Instant(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        _of_commitment("commitment_version"),
        sa.PrimaryKeyConstraint("commitment", "n", name=op.f("pk_commitment_version")),
    )


def _of_commitment(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["commitment"], ["commitment.code"], name=op.f(f"fk_{table}_commitment_commitment")
    )


@contextmanager
def _rebuilt(name: str) -> Iterator[Any]:
    """Change a table; its partial indexes are made anew, since SQLite copies the whole table."""
    for index in PARTIAL[name]:
        op.drop_index(index, table_name=name)
    with op.batch_alter_table(name) as table:
        yield table
    for index, (columns, where) in PARTIAL[name].items():
        condition = sa.text(where)
        op.create_index(index, name, columns.split(", "), postgresql_where=condition, sqlite_where=condition)


def _subject(wanted: sa.String) -> None:
    """A commitment's code is longer than a case's id; SQLite does not measure."""
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("event", "subject_id", type_=wanted, existing_nullable=False)


def _reminders(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> None:
    """The ladder of an answer for what is promised, where the city's rules still have the one reminder that
    they came with. A clock of before goes on under it from its next reminder."""
    profile = sa.table("profile", sa.column("version"), sa.column("body", sa.JSON()))
    connection = op.get_bind()
    for version, body in connection.execute(sa.select(profile.c.version, profile.c.body)).all():
        known = json.loads(body) if isinstance(body, str) else body
        reminders = known["rules"].get("reminders", {})
        for kind in ("fulfil", "milestone"):
            if [_named(rung) for rung in reminders.get(kind, [])] == [_named(rung) for rung in old]:
                reminders[kind] = new
        connection.execute(profile.update().where(profile.c.version == version).values(body=known))


def _named(rung: dict[str, Any]) -> tuple[Any, ...]:
    return rung["name"], rung.get("offset"), tuple(rung["to"]), tuple(rung.get("cc", ()))
