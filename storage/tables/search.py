"""What can be searched of commitments and guides.

The engines index ``words`` themselves (migration 0015): SQLite in the FTS5 table ``search_words`` that
triggers keep, PostgreSQL with GIN over ``words`` as a tsvector.
"""

from sqlalchemy import Column, Index, Table, Text

from storage.base import Code, Serial, metadata

search_entries = Table(
    "search_entry",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("kind", Code, nullable=False),  # commitment | guide
    Column("code", Code, nullable=False),
    Column("words", Text, nullable=False),  # the terms of storage.terms, a blank between them
    Index("uq_search_entry_kind_code", "kind", "code", unique=True),
)
