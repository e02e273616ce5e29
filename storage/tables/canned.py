"""Canned answers (常用答复): what a unit says again and again."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table, Text, false

from storage.base import Code, Instant, Serial, metadata

canned_answers = Table(
    "canned_answer",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("department", Code, ForeignKey("department.code"), nullable=False),
    Column("title", String(100), nullable=False),
    Column("text", Text, nullable=False),
    Column("retired", Boolean, nullable=False, server_default=false()),
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", String(100), nullable=False),
    Index("ix_canned_answer_department", "department", "retired"),
)
