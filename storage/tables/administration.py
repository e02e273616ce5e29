"""What administrators changed, and the menus that they pushed."""

from sqlalchemy import Column, Index, Integer, String, Table

from storage.base import Code, Instant, Json, Serial, metadata

admin_log = Table(
    "admin_log",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("actor", Code, nullable=False),
    Column("action", Code, nullable=False),
    Column("subject", String(100), nullable=False, default=""),
    Column("changes", Json, nullable=False),  # field -> [before, after]; never a secret
    Column("note", String(1000), nullable=False, default=""),
    Index("ix_admin_log_subject", "subject"),
)

menu_pushes = Table(
    "menu_push",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("asked_at", Instant, nullable=False),
    Column("asked_by", Code, nullable=False),
    Column("state", Code, nullable=False),  # queued | done | refused
    Column("answer", String(300), nullable=False, default=""),  # the platform's own words
    Column("attempts", Integer, nullable=False, default=0),
    Column("due_at", Instant, nullable=False),  # the wall's time from which a worker may take it
    Column("done_at", Instant),
    Index("ix_menu_push_state", "state"),
)
