"""Polls on commitments that are disclosed before they are made (民意调查): votes, and what people say."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from storage.base import Code, Instant, Secret, Serial, metadata

polls = Table(
    "poll",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("commitment", Code, ForeignKey("commitment.code"), nullable=False),
    Column("round", Integer, nullable=False),  # of the commitment's procedure
    Column("question", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closes_on", Date, nullable=False),  # the last day on which people vote
    Column("day_named", Boolean, nullable=False),  # by who opened it: then it stands until that day
    Column("closed_at", Instant),
    Column("agree", Integer),  # what was counted when it closed
    Column("against", Integer),
    Column("opinions", Integer),
    UniqueConstraint("commitment", "round"),
)

votes = Table(
    "vote",
    metadata,
    Column("poll", Serial, ForeignKey("poll.id"), primary_key=True),
    Column("reporter_id", String(32), ForeignKey("identity.reporter_id"), primary_key=True),
    Column("choice", Code, nullable=False),
    Column("at", Instant, nullable=False),
    Column("told", Boolean, nullable=False, default=False, server_default=false()),  # what came of the poll
    Index("ix_vote_reporter_id", "reporter_id"),
)

opinions = Table(
    "opinion",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("poll", Serial, ForeignKey("poll.id"), nullable=False),
    Column("reporter_id", String(32), ForeignKey("identity.reporter_id"), nullable=False),
    Column("body", Secret, nullable=False),  # masked, then sealed
    Column("at", Instant, nullable=False),
    Column("adopted", Boolean),  # None until it is answered
    Column("why", Text, nullable=False, default=""),
    Column("answered_by", Code),
    Column("answered_at", Instant),
    UniqueConstraint("poll", "reporter_id"),
    Index("ix_opinion_reporter_id", "reporter_id"),
)
