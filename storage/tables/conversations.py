"""Where a citizen's conversation stands, and what was left for a person to answer."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table

from storage.base import Code, Instant, Secret, Serial, metadata

conversations = Table(
    "conversation",
    metadata,
    Column("reporter_id", String(32), ForeignKey("identity.reporter_id"), primary_key=True),
    Column("state", Secret, nullable=False),  # the dialogue's state, encrypted
    Column("version", Integer, nullable=False, default=1),
    Column("updated_at", Instant, nullable=False),
    # The customer-service allowance (wechat 3.6): what the last message and the last click granted.
    Column("message_left", Integer, nullable=False, default=0),
    Column("message_until", Instant),
    Column("click_left", Integer, nullable=False, default=0),
    Column("click_until", Instant),
)

desk_messages = Table(
    "desk_message",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("reporter_id", String(32), ForeignKey("identity.reporter_id"), nullable=False),
    Column("body", Secret, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("reply", Secret),
    Column("replied_at", Instant),
    Column("replied_by", Code),
    Index("ix_desk_message_replied_at", "replied_at"),
)
