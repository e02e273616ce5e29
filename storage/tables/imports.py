"""Files of commitments and guides that were sent in the console, until they are imported."""

from sqlalchemy import Column, Index, Integer, String, Table

from storage.base import Code, Instant, Json, metadata

imports = Table(
    "import_job",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", Code, nullable=False),  # commitments | guides
    Column("name", String(200), nullable=False),
    Column("location", String(200)),  # the file in the store; NULL once it is not needed any more
    Column("sha256", String(64), nullable=False),
    Column("state", Code, nullable=False),  # waiting checked confirmed done faulty failed
    Column("rows_done", Integer, nullable=False, default=0),
    Column("rows_total", Integer, nullable=False, default=0),
    Column("added", Integer, nullable=False, default=0),
    Column("changed", Integer, nullable=False, default=0),
    Column("same", Integer, nullable=False, default=0),
    Column("refused", Integer, nullable=False, default=0),
    Column("faults", Json, nullable=False, default=list),  # [row, column, reason], the first of them
    Column("fault_count", Integer, nullable=False, default=0),
    Column("uploaded_by", Code, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("confirmed_by", Code),
    Column("ended_at", Instant),
    Column("attempts", Integer, nullable=False, default=0),
    Column("leased_until", Instant),
    Index("ix_import_job_state", "state", "leased_until"),
    Index("ix_import_job_created_at", "created_at"),
)
