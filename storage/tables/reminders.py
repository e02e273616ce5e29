"""Reminders: which rung of which clock was fired, once, and who was to hear of it."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table

from storage.base import Code, Instant, Serial, metadata

fired_rungs = Table(
    "fired_rung",
    metadata,
    # Whoever inserts the row fires the rung; a due date that moves is another version of the clock.
    Column("clock_id", Serial, ForeignKey("clock.id"), primary_key=True),
    Column("rung", Code, primary_key=True),
    Column("due_version", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
)

reminders = Table(
    "reminder",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("clock_id", Serial, ForeignKey("clock.id"), nullable=False),
    Column("case_id", String(32), ForeignKey("case_file.id")),
    Column("commitment", Code),
    Column("tracking_no", Code, nullable=False),  # the case's number, or the commitment's code
    Column("clock", Code, nullable=False),
    Column("rung", Code, nullable=False),
    Column("due_version", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("estimated", Boolean, nullable=False),
    Column("login", Code),  # NULL: nobody holds the post, so nobody could be told
    Column("role", Code, nullable=False),
    Column("department", Code),
    Column("channel", Code),
    Column("urgent", Boolean, nullable=False, default=False),
    Column("stands_for", Code),  # who is away and has this person for a substitute
    Column("at", Instant, nullable=False),
    Column("digest_id", Serial, ForeignKey("outbox.id")),
    Index("ix_reminder_at", "at", "id"),
    Index("ix_reminder_digest_id", "digest_id"),
    Index("ix_reminder_login", "login", "id"),
    Index("ix_reminder_case_id", "case_id"),
)
Index(
    "ix_reminder_loose",
    reminders.c.login,
    reminders.c.channel,
    postgresql_where=reminders.c.digest_id.is_(None) & reminders.c.login.is_not(None),
    sqlite_where=reminders.c.digest_id.is_(None) & reminders.c.login.is_not(None),
)
