"""How staff are reached besides the console: their choice, codes to bind a WeChat, units' robots."""

from sqlalchemy import Column, Date, ForeignKey, String, Table, Time

from storage.base import Code, Instant, Json, Secret, metadata

reach = Table(
    "staff_reach",
    metadata,
    Column("login", Code, ForeignKey("staff.login"), primary_key=True),
    Column("channels", Json, nullable=False),
    Column("account", Code, nullable=False, default=""),  # the official account that the openid belongs to
    Column(
        "openid_hmac", String(64), unique=True
    ),  # under another purpose than a citizen's: no join leads there
    Column("openid", Secret),
    Column("email", Secret),
    Column("quiet_from", Time),  # Asia/Shanghai
    Column("quiet_to", Time),
    Column("away_until", Date),  # the last day
    Column("substitute", Code, ForeignKey("staff.login")),
)

bind_codes = Table(
    "bind_code",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("login", Code, ForeignKey("staff.login"), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

robots = Table(
    "department_robot",
    metadata,
    Column("department", Code, ForeignKey("department.code"), primary_key=True),
    Column("webhook", Secret, nullable=False),
    Column("set_by", Code, nullable=False),
    Column("set_at", Instant, nullable=False),
)
