"""A database of before voters were told: news go on to who follows, and of old polls no voter is told."""

from datetime import timedelta

from sqlalchemy import Connection, inspect

from storage.base import metadata
from storage.engine import Database
from storage.migrate import upgrade
from tests.support.revisions import AT, move

BEFORE = "0021"
ROWS = (
    "INSERT INTO identity (reporter_id, account, created_at, reachable, openid)"
    " VALUES ('follower', '', :at, true, :one), ('voter', '', :at, true, :other)",
    "INSERT INTO commitment (code, title, text, target, category, department, source_document, source_number,"
    " state, public, historical, version, created_at, updated_at) VALUES"
    " ('CN-1', '示例', '示例', '', 'service', 'jiaoyu', '', '', 'active', true, true, 3, :at, :at)",
    "INSERT INTO follow (commitment, reporter_id, since, told) VALUES ('CN-1', 'follower', :at, 0)",
    "INSERT INTO poll (commitment, round, question, opened_at, closes_on, day_named, closed_at, agree,"
    " against, opinions) VALUES ('CN-1', 1, '示例', :at, '2026-03-03', true, :at, 1, 0, 0)",
    "INSERT INTO vote (poll, reporter_id, choice, at) VALUES (1, 'voter', 'agree', :at)",
    "INSERT INTO commitment_news (commitment, about, kind, facts, at) VALUES"
    " ('CN-1', 'CN-1', 'poll_closed', '{}', :at)",
)


async def test_news_go_on_and_old_votes_stand(empty_url: str) -> None:
    await move(empty_url, BEFORE, *ROWS, one=b"one", other=b"other")
    await upgrade(empty_url)
    database = Database(empty_url)
    async with database.write() as unit:
        assert await unit.follows.to_tell(ripe=AT + timedelta(days=1), key="news:", limit=5) == ["follower"]
        assert await unit.polls.vote_of(1, "voter") == "agree"
        assert await unit.connection.run_sync(_what_differs) == set()
    await database.close()
    await move(empty_url, BEFORE, down=True)
    await upgrade(empty_url)


def _what_differs(connection: Connection) -> set[str]:
    """Columns, indexes and references that only the migrations or only the tables of the code have."""
    seen, differ = inspect(connection), set()
    for name in ("commitment_news", "vote"):
        table = metadata.tables[name]
        ours = {*table.columns.keys(), *(str(one.name) for one in table.indexes)}
        ours |= {str(key.constraint.name) for key in table.foreign_keys if key.constraint}
        indexes = [one for one in seen.get_indexes(name) if not one.get("duplicates_constraint")]
        found = (*seen.get_columns(name), *indexes, *seen.get_foreign_keys(name))
        differ |= ours ^ {str(one["name"]) for one in found}
    return differ
