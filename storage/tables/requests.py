"""What a unit asked for beside the state of a case: its return, or an extension."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, text

from storage.base import Code, Instant, Serial, metadata

case_requests = Table(
    "case_request",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("case_id", String(32), ForeignKey("case_file.id"), nullable=False),
    Column("kind", Code, nullable=False),  # return | extension | question | help
    Column("department", Code, nullable=False),  # the unit that asked
    Column("reason", Text, nullable=False),
    Column("basis", Text),  # of a return; the day until which help is asked for
    Column("proposed_department", Code),  # of a return, or whose help is asked for
    Column("days", Integer),  # working days, of an extension
    Column("asked_at", Instant, nullable=False),
    Column("asked_by", String(100), nullable=False),
    Column("ruled_at", Instant),
    Column("ruled_by", String(100)),
    Column("approved", Boolean),
    Column("ruling_reason", Text),
    Column("hop_seconds", Integer),  # of an approved return: from the dispatch to the ruling
    Index("ix_case_request_case_id", "case_id", "id"),
)
_RETURNED = text("kind = 'return' AND approved")  # asked so by storage.stores.asked
Index("ix_case_request_returned", case_requests.c.case_id, postgresql_where=_RETURNED, sqlite_where=_RETURNED)
