"""The registry that citizens ask: commitments with their procedure, and service guides (办事指南)."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text, text

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
    Column("decision_owner", String(200), nullable=False, default="", server_default=""),  # 决策
    Column("execution_owner", String(200), nullable=False, default="", server_default=""),  # 执行
    Column("coordination_owner", String(200), nullable=False, default="", server_default=""),  # 协调
    Column("supervision_owner", String(200), nullable=False, default="", server_default=""),  # 监督
    Column("co_departments", Json, nullable=False, default=list, server_default=text("'[]'")),
    Column("phone", String(100), nullable=False, default="", server_default=""),
    Column("email", String(100), nullable=False, default="", server_default=""),
    Column("progress", Integer, nullable=False, default=0, server_default="0"),  # percent
    Column("progress_text", Text, nullable=False, default="", server_default=""),
    Column("claimed_at", Instant),  # when the unit said that it is fulfilled, until that is ruled on
    Column("broken_reason", Code),
    Column("proposal", Json),  # {kind, reason, consultation, text, target, due_on, approved}
    Column("round", Integer, nullable=False, default=1, server_default="1"),  # of the procedure
    Column("revision", Integer, nullable=False, default=1, server_default="1"),  # the text in force
    Column("version", Integer, nullable=False, default=1),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("last_seq", Integer, nullable=False, default=0, server_default="0"),
    Column("last_hash", String(64), nullable=False, default="", server_default=""),
    Index("ix_commitment_department", "department", "state"),
)

commitment_steps = Table(
    "commitment_step",
    metadata,
    # What is recorded of the procedure; a step without a row is open. A change goes through it again.
    Column("commitment", Code, ForeignKey("commitment.code"), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("step", Code, primary_key=True),
    Column("state", Code, nullable=False),  # done | not_applicable
    Column("done_on", Date),
    Column("outcome", Text, nullable=False),
    Column("document", String(300), nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_by", String(200), nullable=False),
    Column("recorded_by", Code, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)

commitment_milestones = Table(
    "commitment_milestone",
    metadata,
    Column("commitment", Code, ForeignKey("commitment.code"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("due_on", Date, nullable=False),
    Column("title", String(200), nullable=False),
    Column("state", Code, nullable=False),  # open | done
    Column("evidence", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

commitment_versions = Table(
    "commitment_version",
    metadata,
    Column("commitment", Code, ForeignKey("commitment.code"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("target", String(300), nullable=False),
    Column("due_on", Date),
    Column("reason", Text, nullable=False),  # why it was changed; empty for the first
    Column("consultation", Text, nullable=False),
    Column("approved_at", Instant),
    Column("valid_from", Date),  # the day of its publication; NULL: not in force yet
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
    Column("state", Code, nullable=False, default="published", server_default="published"),
    Column("version", Integer, nullable=False, default=1, server_default="1"),
    Column("updated_at", Instant, nullable=False),
    Column("last_seq", Integer, nullable=False, default=0, server_default="0"),
    Column("last_hash", String(64), nullable=False, default="", server_default=""),
)

commitment_evidence = Table(
    "commitment_evidence",
    metadata,
    # Attachments of the cases that a commitment was written down from; who does not see the case, sees none.
    Column("commitment", Code, ForeignKey("commitment.code"), primary_key=True),
    Column("file_id", String(32), ForeignKey("file.id"), primary_key=True),
)
