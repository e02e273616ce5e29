"""The units of the city as the database knows them after seeding; an admin edits these, not the file."""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text

from storage.base import Code, Instant, Json, metadata

departments = Table(
    "department",
    metadata,
    Column("code", Code, primary_key=True),
    Column("name", String(100), nullable=False, unique=True),
    Column("short_names", Json, nullable=False),
    Column("kind", Code, nullable=False),
    Column("sector", Code, nullable=False),
    Column("level", Code, nullable=False),
    Column("parent", Code),
    Column("place", Code),
    Column("duties", Json, nullable=False),
    Column("phone", String(100), nullable=False, default=""),
    Column("email", String(100), nullable=False, default=""),
    Column("supervision_phone", String(100), nullable=False, default=""),
    Column("supervision_email", String(100), nullable=False, default=""),
    Column("leader_post", String(100), nullable=False, default=""),
    Column("flags", Json, nullable=False),
    Column("active", Boolean, nullable=False, default=True),
    Column("version", Integer, nullable=False, default=1, server_default="1"),
    Index("ix_department_sector", "sector"),
)

profiles = Table(
    "profile",
    metadata,
    # Each edit is a new version; a case keeps the version it was dispatched under (domain 4).
    Column("version", Code, primary_key=True),
    Column("body", Json, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("note", Text, nullable=False, default=""),
)
