"""The registry that citizens ask: commitments and service guides (办事指南)."""

from sqlalchemy import Boolean, Column, Date, Index, Integer, String, Table, Text

from storage.base import Code, Instant, Json, metadata

commitments = Table(
    "commitment",
    metadata,
    Column("code", Code, primary_key=True),
    Column("title", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("target", String(300), nullable=False, default=""),
    Column("category", Code, nullable=False),
    Column("department", Code, nullable=False),
    Column("source_document", String(200), nullable=False, default=""),
    Column("source_number", String(100), nullable=False, default=""),
    Column("made_on", Date),
    Column("due_on", Date),
    Column("state", Code, nullable=False),
    Column("public", Boolean, nullable=False, default=True),
    Column("historical", Boolean, nullable=False, default=False),  # 历史承诺: made before the system
    Column("version", Integer, nullable=False, default=1),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("ix_commitment_department", "department", "state"),
)

guides = Table(
    "guide",
    metadata,
    Column("code", Code, primary_key=True),
    Column("title", String(200), nullable=False),
    Column("department", Code, nullable=False),
    Column("steps", Json, nullable=False),
    Column("cautions", Json, nullable=False),
    Column("documents", Json, nullable=False),
    Column("place", String(200), nullable=False, default=""),
    Column("time_limit", String(100), nullable=False, default=""),
    Column("phone", String(100), nullable=False, default=""),
    Column("updated_at", Instant, nullable=False),
)
