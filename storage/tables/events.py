"""The archive: hash-chained events, their payloads in rows of their own that a lawful erasure may empty."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from storage.base import Code, Instant, Json, Serial, metadata

events = Table(
    "event",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("subject_kind", Code, nullable=False),  # case | commitment | guide | lead
    Column("subject_id", Code, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor_role", Code, nullable=False),
    Column("actor", Code, nullable=False),
    Column("action", Code, nullable=False),
    Column("from_state", Code),
    Column("to_state", Code),
    Column("payload_digest", String(64), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("subject_kind", "subject_id", "seq"),
    Index("ix_event_at", "at"),
)
# Asked with the same literal condition (storage.stores.events): few of many events are looks at identities.
_OPENED = text("action = 'open_identity'")
Index("ix_event_opened", events.c.id, postgresql_where=_OPENED, sqlite_where=_OPENED)

event_payloads = Table(
    "event_payload",
    metadata,
    Column("event_id", Serial, ForeignKey("event.id"), primary_key=True),
    Column("salt", String(32), nullable=False),
    Column("body", Json),
    Column("erased", Boolean, nullable=False, default=False),
)

archive_heads = Table(
    "archive_head",
    metadata,
    Column("day", Date, primary_key=True),
    Column("subjects", Integer, nullable=False),
    Column("events", Integer, nullable=False),
    Column("digest", String(64), nullable=False),  # over every subject's sequence and head
    Column("previous", String(64), nullable=False),
    Column("hmac", String(64), nullable=False),
    Column("made_at", Instant, nullable=False),
)
