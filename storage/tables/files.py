"""Attachments: what was sent, where its bytes are, and whether they have been fetched yet."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from storage.base import Code, Instant, Json, Secret, Serial, metadata

files = Table(
    "file",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("case_id", String(32), ForeignKey("case_file.id")),
    Column("reporter_id", String(32), ForeignKey("identity.reporter_id")),
    Column("uploaded_by", Code),
    Column("desk_message_id", Serial),  # left for a person, no case
    Column("commitment", Code, ForeignKey("commitment.code")),  # a document of a commitment, no case
    Column("part", Code),  # of it: source, a step, milestone, progress
    Column("part_n", Integer),  # the step's round, the milestone's number, the progress's event
    Column("kind", Code, nullable=False),  # image voice video location link file document
    Column("state", Code, nullable=False),  # waiting fetching stored failed
    Column("media_id", Secret),
    Column("location", String(200)),  # the object's key in the store
    Column("playable", String(200)),  # the converted form (AMR as MP3)
    Column("content_type", String(100)),
    Column("size", Integer),
    Column("sha256", String(64)),
    Column("name", String(200), nullable=False, default=""),
    Column("facts", Json),
    Column("transcript", Text),
    Column("attempts", Integer, nullable=False, default=0),
    Column("reason", String(200)),
    Column("created_at", Instant, nullable=False),
    Column("leased_until", Instant),
    Index("ix_file_case_id", "case_id"),
    Index("ix_file_commitment", "commitment"),
    Index("ix_file_desk_message_id", "desk_message_id"),
    Index("ix_file_reporter_id", "reporter_id"),
    Index("ix_file_state", "state", "leased_until"),
)
