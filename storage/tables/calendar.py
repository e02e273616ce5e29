"""The working calendar as admins know it beside the published years, and each change of what is known."""

from sqlalchemy import Boolean, Column, Date, Integer, String, Table

from storage.base import Code, Instant, Json, Serial, metadata

calendar_days = Table(
    "calendar_day",
    metadata,
    Column("day", Date, primary_key=True),
    Column("working", Boolean, nullable=False),
    Column("reason", String(300), nullable=False),
    Column("actor", Code, nullable=False),
    Column("at", Instant, nullable=False),
)

calendar_years = Table(
    "calendar_year",
    metadata,
    # Years whose days off and make-up days are all in calendar_day: nothing in them is an estimate.
    Column("year", Integer, primary_key=True),
    Column("source", String(300), nullable=False),
    Column("actor", Code, nullable=False),
    Column("at", Instant, nullable=False),
)

calendar_changes = Table(
    "calendar_change",
    metadata,
    # Clocks name the change that they were counted under; those behind the last one are counted anew.
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("what", Json, nullable=False),  # {day, before, after} | {year} | {known}
    Column("reason", String(300), nullable=False),
    Column("actor", Code, nullable=False),
    Column("at", Instant, nullable=False),
    Column("known", String(64), nullable=False),  # digest of the years that need no database
)
