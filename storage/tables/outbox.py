"""What must go out. Rows commit with the case; workers claim them under a lease."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, text

from storage.base import Code, Instant, Secret, Serial, metadata

outbox = Table(
    "outbox",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("reporter_id", String(32), ForeignKey("identity.reporter_id")),  # to a citizen, or
    Column("login", Code),  # to a member of staff, by the channel in `via`
    Column("notice", Code, nullable=False),  # 'reply', a notice of JIANNUO_WECHAT_NOTICES, or 'digest'
    Column("body", Secret),  # facts or text, encrypted; emptied after 30 days
    Column("dedupe_key", String(160), unique=True),
    Column("case_id", String(32), index=True),
    Column("tracking_no", Code),
    Column("state", Code, nullable=False, default="queued"),  # queued sending sent dead cancelled
    Column("reason", String(200)),  # why it is dead or cancelled, or the last refusal
    Column("attempts", Integer, nullable=False, default=0),
    Column("created_at", Instant, nullable=False),  # domain time
    Column("due_at", Instant, nullable=False),  # wall time
    Column("leased_until", Instant),  # wall time
    Column("leased_by", Code),
    Column("sent_at", Instant),
    Column("via", Code),  # service | subscribe | template; to staff: the channel
    Column("platform_msg_id", Code, index=True),
    Column("delivered", Boolean),  # None until the platform says
    Index("ix_outbox_state_due_at", "state", "due_at"),
    Index("ix_outbox_reporter_id_state", "reporter_id", "state"),
)
_UNSEEN = text("login IS NOT NULL AND delivered IS NULL")
Index("ix_outbox_unseen", outbox.c.login, postgresql_where=_UNSEEN, sqlite_where=_UNSEEN)

deliveries = Table(
    "delivery",
    metadata,
    # What the platform says of a card, by its number there. The report may come before the sender has
    # written the number down: whoever is second finds the other's half here.
    Column("platform_msg_id", Code, primary_key=True),
    Column("outbox_id", Serial, ForeignKey("outbox.id")),
    Column("delivered", Boolean),
    Column("reason", String(200)),
    Column("noted_at", Instant, nullable=False),
)
