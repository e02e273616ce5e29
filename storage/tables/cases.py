"""Cases, their clocks, the units they accuse, and the counters of their numbers."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from storage.base import Code, Instant, Json, Serial, metadata

cases = Table(
    "case_file",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("tracking_no", String(16), nullable=False, unique=True),
    Column("type", Code, nullable=False),
    Column("state", Code, nullable=False),
    Column("channel", Code, nullable=False),
    Column("source_number", String(64)),
    Column("reporter_id", String(32), ForeignKey("identity.reporter_id"), nullable=False),
    Column("mode", Code, nullable=False),
    Column("reporter_kind", Code, nullable=False),
    Column("text", Text, nullable=False),  # masked for confidential and anonymous reporters
    Column("awaits_transcript", Boolean, nullable=False, default=False),  # 待听写
    Column("transcript", Text),
    Column("department", Code),
    Column("assignee", Code),
    Column("urgent", Boolean, nullable=False, default=False),
    Column("place", Code),
    Column("about_commitment", Float, nullable=False, default=0.0),
    Column("breach", Json, nullable=False),  # [{code, score}]
    Column("commitment", Code, ForeignKey("commitment.code")),
    Column("commitment_by", Code),  # who said so: citizen, or the name of whoever of the staff
    Column("promise", String(300)),  # what was promised, in the citizen's words
    Column("accused", Json, nullable=False),  # department codes, whether or not it went around them
    Column("accuses_people", Boolean, nullable=False, default=False),
    Column("suggestion", Json, nullable=False),  # ranked departments [{code, score, reason}]
    Column("understood", Code, nullable=False),  # rasa | rules | none | staff
    Column("route_reason", String(300)),
    Column("outcome", Code),
    Column("planned_on", Date),
    Column("answer", Text),
    Column("rating", Integer),
    Column("reopened_by_right", Boolean, nullable=False, default=False),
    Column("appealed", Boolean, nullable=False, default=False),
    Column("supervised", Boolean, nullable=False, default=False, server_default=false()),  # 督办
    Column("followed_up_at", Instant),  # when 回访 reached somebody
    Column("calls_missed", Integer, nullable=False, default=0, server_default="0"),  # 回访 in vain, in a row
    Column("query_code", String(64), nullable=False),  # keyed hash
    Column("rules_version", Code, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("dispatched_at", Instant),
    Column("answered_at", Instant),
    Column("closed_at", Instant),
    Column("claims", Json),  # [{n, text, outcome, answer}]; none means one
    Column("merged_into", String(32)),  # 并案: the lead case's id
    Column("before_merge", Json),  # what undoing restores: state, department, assignee, running clocks
    Column("linked", Integer, nullable=False, default=0, server_default="0"),  # how many it leads
    Column("worded", Boolean, nullable=False, default=False, server_default=false()),  # as in case_words
    Column("version", Integer, nullable=False, default=1),
    Column("last_seq", Integer, nullable=False, default=0),
    Column("last_hash", String(64), nullable=False, default=""),
    UniqueConstraint("channel", "source_number"),
    Index("ix_case_file_merged_into", "merged_into"),
    Index("ix_case_file_commitment", "commitment", "state"),
    Index("ix_case_file_reporter_id", "reporter_id", "created_at"),
    Index("ix_case_file_department", "department", "state", "created_at"),
    Index("ix_case_file_department_created_at", "department", "created_at"),
    Index("ix_case_file_state", "state", "created_at"),
    Index("ix_case_file_created_at", "created_at"),
)

hidden_from = Table(
    "case_hidden_from",
    metadata,
    # Units whose staff get 404 on the case (domain 6): the accused, where the case goes around them.
    Column("case_id", String(32), ForeignKey("case_file.id"), primary_key=True),
    Column("department", Code, primary_key=True),
)

clocks = Table(
    "clock",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    # A deadline of a case or of a commitment: one of the two.
    Column("case_id", String(32), ForeignKey("case_file.id")),
    Column("commitment", Code),
    Column("milestone", Integer),  # which one of the commitment
    Column("kind", Code, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("state", Code, nullable=False),
    Column("estimated", Boolean, nullable=False, default=False),
    Column("explanation", String(500), nullable=False, default=""),
    Column("rules_version", Code, nullable=False),
    Column("ended_at", Instant),
    Column("department", Code),  # whom it binds, where that is not the unit that has the case
    Column("moves", Json),  # what moved the due date, in order (intake.deadlines.clocks.replayed)
    Column("due_version", Integer, nullable=False, default=1),  # one more with each date
    Column("next_rung_at", Instant),  # when the next reminder is to be fired
    Column("calendar", Integer, nullable=False, default=0),  # the calendar change it was counted under
    Index("ix_clock_case_id", "case_id"),
    Index("ix_clock_commitment", "commitment"),
)
# Asked with literal conditions (storage.stores.reminders, asked, case_words): SQLite and PostgreSQL's kept
# plans take a partial index only where the statement itself says what the index says.
_AWAITED = text("state = 'running' AND next_rung_at IS NOT NULL")
_UNENDED = text("ended_at IS NULL")
_RUNS = text("state = 'running'")
Index("ix_clock_running", clocks.c.due_at, postgresql_where=_RUNS, sqlite_where=_RUNS)
Index("ix_clock_next_rung_at", clocks.c.next_rung_at, postgresql_where=_AWAITED, sqlite_where=_AWAITED)
Index("ix_clock_calendar", clocks.c.calendar, postgresql_where=_UNENDED, sqlite_where=_UNENDED)

_UNWORDED, _RATED = text("NOT worded"), text("rating IS NOT NULL")
_OPEN = text("state NOT IN ('closed', 'declined', 'withdrawn')")  # one case in many hundreds
Index("ix_case_file_open", cases.c.state, cases.c.created_at, postgresql_where=_OPEN, sqlite_where=_OPEN)
Index(
    "ix_case_file_unworded",
    cases.c.created_at,
    cases.c.id,
    postgresql_where=_UNWORDED,
    sqlite_where=_UNWORDED,
)
Index("ix_case_file_rating", cases.c.rating, cases.c.created_at, postgresql_where=_RATED, sqlite_where=_RATED)
Index(
    "ix_case_file_supervised",
    cases.c.created_at,
    postgresql_where=text("supervised IS true"),
    sqlite_where=text("supervised IS 1"),
)

serials = Table(
    "serial",
    metadata,
    Column("prefix", String(2), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("last", Integer, nullable=False),
)

query_attempts = Table(
    "query_attempt",
    metadata,
    # Wrong query codes: five an hour per case and per asker (domain 3, tracking numbers).
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("subject", Code, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_query_attempt_subject_at", "subject", "at"),
)
