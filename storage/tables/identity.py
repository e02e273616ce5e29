"""Who a reporter is: the only place of openid, name and phone, encrypted; found by keyed HMAC."""

from sqlalchemy import Boolean, Column, Index, String, Table

from storage.base import Code, Instant, Secret, metadata

identities = Table(
    "identity",
    metadata,
    Column("reporter_id", String(32), primary_key=True),
    Column("account", Code, nullable=False, default=""),
    Column("openid_hmac", String(64), unique=True),
    Column("openid", Secret),
    Column("name", Secret),
    Column("phone", Secret),
    Column("kind", Code),
    Column("reachable", Boolean, nullable=False, default=True),
    Column("unreachable_why", Code),
    Column("created_at", Instant, nullable=False),
    Column("left_at", Instant),
    Column("erased_at", Instant),
    Index("ix_identity_left_at", "left_at"),
)

sealed_texts = Table(
    "sealed_text",
    metadata,
    # The words as typed, where the case shows a masked form (confidential and anonymous reporters).
    Column("case_id", String(32), primary_key=True),
    Column("body", Secret, nullable=False),
)
