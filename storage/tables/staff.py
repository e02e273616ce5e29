"""People who work cases: accounts, browser sessions, API tokens. Secrets are stored as digests only."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, false

from storage.base import Code, Instant, Secret, Serial, metadata

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
    Column("must_change", Boolean, nullable=False, default=False, server_default=false()),
    Column("version", Integer, nullable=False, default=1, server_default="1"),
)

sessions = Table(
    "staff_session",
    metadata,
    Column("token_digest", String(64), primary_key=True),
    Column("staff_id", Serial, ForeignKey("staff.id"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("browser", String(100), nullable=False, default="", server_default=""),
    Column("address", String(64), nullable=False, default="", server_default=""),  # shortened
    # The password was right, the code is still asked for: opens nothing.
    Column("waiting", Boolean, nullable=False, default=False, server_default=false()),
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

second_factors = Table(
    "staff_totp",
    metadata,
    Column("staff_id", Serial, ForeignKey("staff.id"), primary_key=True, autoincrement=False),
    Column("secret", Secret, nullable=False),
    Column("confirmed_at", Instant),  # empty: being set up, asked of nobody yet
    Column("last_step", BigInteger, nullable=False, default=0),  # the newest code's: none is taken twice
)

recovery_codes = Table(
    "recovery_code",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("staff_id", Serial, ForeignKey("staff.id"), nullable=False),
    Index("ix_recovery_code_staff_id", "staff_id"),
)

guarded_roles = Table(
    "guarded_role",
    metadata,
    # Roles that must sign in with a second factor, since when.
    Column("role", Code, primary_key=True),
    Column("set_at", Instant, nullable=False),
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
