"""Who follows which commitment, and what there is to tell them."""

from sqlalchemy import Column, ForeignKey, Index, String, Table, text

from storage.base import Code, Instant, Json, Serial, metadata

follows = Table(
    "follow",
    metadata,
    Column("commitment", Code, ForeignKey("commitment.code"), primary_key=True),
    Column("reporter_id", String(32), ForeignKey("identity.reporter_id"), primary_key=True),
    Column("since", Instant, nullable=False),
    Column("told", Serial, nullable=False, default=0),  # the last news that stood in a digest
    Index("ix_follow_reporter_id", "reporter_id"),
)

news = Table(
    "commitment_news",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("commitment", Code, ForeignKey("commitment.code"), nullable=False),  # whose followers are told
    Column("about", Code, ForeignKey("commitment.code"), nullable=False),  # what happened to which
    Column("kind", Code, nullable=False),
    Column("facts", Json, nullable=False),
    Column("poll", Serial, ForeignKey("poll.id")),  # whose voters are told as well
    Column("once", String(160), unique=True),  # what must not be written down again
    Column("at", Instant, nullable=False),
    Column("done_at", Instant),  # when nobody was left to tell
)
_OPEN = text("done_at IS NULL")
Index("ix_commitment_news_open", news.c.at, postgresql_where=_OPEN, sqlite_where=_OPEN)
