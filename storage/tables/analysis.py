"""Figures that take long to reckon, as they stood at a moment. Numbers alone: of no case, of nobody."""

from sqlalchemy import Column, String, Table

from storage.base import Instant, Json, metadata

snapshots = Table(
    "analysis_snapshot",
    metadata,
    Column("key", String(200), primary_key=True),  # what was asked for, and what the asker may see
    Column("made_at", Instant, nullable=False),
    Column("body", Json, nullable=False),
)
