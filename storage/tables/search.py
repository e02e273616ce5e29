"""What can be searched of commitments and guides, and of cases.

The engines index ``words`` themselves (migrations 0015 and 0021): SQLite in the FTS5 tables ``search_words``
and ``case_word`` that triggers keep, PostgreSQL with GIN over ``words`` as a tsvector.
"""

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text

from storage.base import Code, Instant, Serial, metadata

search_entries = Table(
    "search_entry",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("kind", Code, nullable=False),  # commitment | guide
    Column("code", Code, nullable=False),
    Column("words", Text, nullable=False),  # the terms of storage.terms, a blank between them
    Index("uq_search_entry_kind_code", "kind", "code", unique=True),
)

case_words = Table(
    "case_words",
    metadata,
    # Written by a worker some seconds after the case was: the case says whether it is up to date (worded).
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("case_id", String(32), ForeignKey("case_file.id"), nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),  # the case's, which never changes
    Column("words", Text, nullable=False),  # as above; PostgreSQL empties it, having its own form of them
)
