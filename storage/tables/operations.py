"""Running the service: the simulated clock, once-a-day runs, and the workers' heartbeat."""

from sqlalchemy import Column, Float, Integer, String, Table

from storage.base import Code, Instant, metadata

simulated_clock = Table(
    "simulated_clock",
    metadata,
    Column("id", Integer, primary_key=True),  # always 1
    Column("ahead_seconds", Float, nullable=False),
)

periodic_runs = Table(
    "periodic_run",
    metadata,
    # Whoever inserts (name, scheduled_for) first does the run; the others see the conflict and leave.
    Column("name", Code, primary_key=True),
    Column("scheduled_for", Instant, primary_key=True),
    Column("done_at", Instant),
)

faults = Table(
    "operator_fault",
    metadata,
    # What an operator should know and a process may not live to say twice: shown in /readyz.
    Column("name", Code, primary_key=True),
    Column("detail", String(200), nullable=False),
    Column("since", Instant, nullable=False),
)
