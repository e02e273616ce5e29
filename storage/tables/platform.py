"""What the WeChat platform gave us: the shared access token and the citizens' consents to notices."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table

from storage.base import Code, Instant, Secret, metadata

access_tokens = Table(
    "access_token",
    metadata,
    Column("app_id", Code, primary_key=True),
    Column("token", Secret),
    Column("expires_at", Instant),  # wall time
    Column("leased_by", Code),
    Column("leased_until", Instant),  # wall time
)

consents = Table(
    "consent",
    metadata,
    Column("reporter_id", String(32), ForeignKey("identity.reporter_id"), primary_key=True),
    Column("template_id", String(100), primary_key=True),
    Column("accepted", Boolean, nullable=False),
    Column("count", Integer, nullable=False, default=0),
    Column("updated_at", Instant, nullable=False),
)
