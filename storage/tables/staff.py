"""People who work cases: accounts, browser sessions, API tokens. Secrets are stored as digests only."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table

from storage.base import Code, Instant, Serial, metadata

staff = Table(
    "staff",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("login", Code, nullable=False, unique=True),
    Column("password_hash", String(200), nullable=False),
    Column("name", String(100), nullable=False),
    Column("role", Code, nullable=False),
    Column("department", Code, ForeignKey("department.code")),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("created_at", Instant, nullable=False),
)

sessions = Table(
    "staff_session",
    metadata,
    Column("token_digest", String(64), primary_key=True),
    Column("staff_id", Serial, ForeignKey("staff.id"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index("ix_staff_session_staff_id", "staff_id"),
)

login_attempts = Table(
    "login_attempt",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("login", Code, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_login_attempt_login_at", "login", "at"),
)

api_tokens = Table(
    "api_token",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("role", Code, nullable=False),
    Column("department", Code, ForeignKey("department.code")),
    Column("label", String(100), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("revoked", Boolean, nullable=False, default=False),
)
