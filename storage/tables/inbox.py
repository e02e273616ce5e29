"""What came in. The row decides who works on a message, not memory: unique(account, message_key)."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint, text

from storage.base import Code, Instant, Secret, Serial, metadata


def _partial(name: str, *names: str, where: str) -> Index:
    return Index(name, *names, postgresql_where=text(where), sqlite_where=text(where))


inbox = Table(
    "inbox",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("account", Code, nullable=False),
    Column("message_key", String(160), nullable=False),
    Column("reporter_id", String(32), ForeignKey("identity.reporter_id"), nullable=False),
    Column("kind", Code, nullable=False),
    Column("body", Secret),  # the Inbound, encrypted; emptied after 30 days
    Column("received_at", Instant, nullable=False),  # domain time
    Column("leased_until", Instant, nullable=False),  # wall time; past it anyone may take over
    Column("attempts", Integer, nullable=False, default=1),
    Column("done_at", Instant),  # wall time
    Column("wire", Code),  # reply | success: what went, or should have gone, over the wire
    Column("reply", Secret),
    Column("answered", Boolean, nullable=False, default=False),  # the wire took it
    Column("understood", Code),  # rasa | rules | none
    Column("model", Code),
    Column("understanding", Secret),
    Column("case_id", String(32)),
    Column("fault", Code),
    UniqueConstraint("account", "message_key"),
    # Partial, so that a row whose turn is over costs no index anything; queries spell these very conditions.
    _partial("ix_inbox_open", "reporter_id", "id", where="done_at IS NULL"),
    _partial("ix_inbox_unanswered", "id", where="wire = 'reply' AND answered IS false"),
    _partial("ix_inbox_by_rules", "id", where="understood = 'rules'"),
)
