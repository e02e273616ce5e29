"""Following commitments: who follows which, the news of each; polls with votes and opinions."""

import sqlalchemy as sa
from alembic import op

from storage.base import Instant, Json, Secret, Serial

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

CODE = sa.String(length=64)
REPORTER = sa.String(length=32)


def upgrade() -> None:
    _follow()
    _news()
    _poll()
    _vote()
    _opinion()


def downgrade() -> None:
    for name in ("opinion", "vote", "poll", "commitment_news", "follow"):
        op.drop_table(name)


def _follow() -> None:
    op.create_table(
        "follow",
        sa.Column("commitment", CODE, nullable=False),
        sa.Column("reporter_id", REPORTER, nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("told", Serial, nullable=False),
        _to("follow", "commitment", "commitment.code"),
        _to("follow", "reporter_id", "identity.reporter_id"),
        sa.PrimaryKeyConstraint("commitment", "reporter_id", name=op.f("pk_follow")),
    )
    op.create_index("ix_follow_reporter_id", "follow", ["reporter_id"])


def _news() -> None:
    op.create_table(
        "commitment_news",
        sa.Column("id", Serial, autoincrement=True, nullable=False),
        sa.Column("commitment", CODE, nullable=False),
        sa.Column("about", CODE, nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("facts", Json, nullable=False),
        sa.Column("once", sa.String(length=160), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("done_at", Instant(), nullable=True),
        _to("commitment_news", "commitment", "commitment.code"),
        _to("commitment_news", "about", "commitment.code"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_news")),
        sa.UniqueConstraint("once", name=op.f("uq_commitment_news_once")),
    )
    still_open = sa.text("done_at IS NULL")
    op.create_index(
        "ix_commitment_news_open",
        "commitment_news",
        ["at"],
        postgresql_where=still_open,
        sqlite_where=still_open,
    )


def _poll() -> None:
    op.create_table(
        "poll",
        sa.Column("id", Serial, autoincrement=True, nullable=False),
        sa.Column("commitment", CODE, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("day_named", sa.Boolean(), nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("agree", sa.Integer(), nullable=True),
        sa.Column("against", sa.Integer(), nullable=True),
        sa.Column("opinions", sa.Integer(), nullable=True),
        _to("poll", "commitment", "commitment.code"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll")),
        sa.UniqueConstraint("commitment", "round", name=op.f("uq_poll_commitment_round")),
    )


def _vote() -> None:
    op.create_table(
        "vote",
        sa.Column("poll", Serial, nullable=False),
        sa.Column("reporter_id", REPORTER, nullable=False),
        sa.Column("choice", CODE, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        _to("vote", "poll", "poll.id"),
        _to("vote", "reporter_id", "identity.reporter_id"),
        sa.PrimaryKeyConstraint("poll", "reporter_id", name=op.f("pk_vote")),
    )
    op.create_index("ix_vote_reporter_id", "vote", ["reporter_id"])


def _opinion() -> None:
    op.create_table(
        "opinion",
        sa.Column("id", Serial, autoincrement=True, nullable=False),
        sa.Column("poll", Serial, nullable=False),
        sa.Column("reporter_id", REPORTER, nullable=False),
        sa.Column("body", Secret, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("adopted", sa.Boolean(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("answered_by", CODE, nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        _to("opinion", "poll", "poll.id"),
        _to("opinion", "reporter_id", "identity.reporter_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion")),
        sa.UniqueConstraint("poll", "reporter_id", name=op.f("uq_opinion_poll_reporter_id")),
    )
    op.create_index("ix_opinion_reporter_id", "opinion", ["reporter_id"])


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target.partition('.')[0]}")
    return sa.ForeignKeyConstraint([column], [target], name=name)
