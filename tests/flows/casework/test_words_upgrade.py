"""A database of before the index of words: its cases are found at once, and written down by the worker."""

from sqlalchemy import Connection, inspect

from storage.base import metadata
from storage.engine import Database
from storage.migrate import upgrade
from storage.stores.sights import Sight
from tests.support.revisions import move

BEFORE = "0020"
ROWS = (
    "INSERT INTO identity (reporter_id, account, created_at, reachable) VALUES ('r', '', :at, true)",
    "INSERT INTO case_file (id, tracking_no, type, state, channel, reporter_id, mode, reporter_kind, text,"
    " awaits_transcript, urgent, about_commitment, breach, accused, accuses_people, suggestion, understood,"
    " reopened_by_right, appealed, query_code, rules_version, created_at, updated_at, version, last_seq,"
    " last_hash) VALUES ('c', 'TS1', 'complaint', 'handling', 'hotline', 'r', 'named', 'citizen',"
    " '示例路的窨井盖坏了', false, false, 0, '[]', '[]', false, '[]', 'rules', false, false, '', 'v1', :at,"
    " :at, 1, 0, '')",
)


async def test_cases_that_stand_are_written_down_by_the_worker(empty_url: str) -> None:
    await move(empty_url, BEFORE, *ROWS)
    await upgrade(empty_url)
    database = Database(empty_url)
    async with database.write() as unit:
        for written in (1, 0):
            rows = await unit.lists.page(Sight(everything=True), {"q": "窨井盖"}, limit=2)
            assert [row.id for row, _ in rows] == ["c"]
            assert await unit.case_words.any_to_write() is bool(written)
            assert await unit.case_words.write(10) == written
        assert [place.case_id for place in await unit.case_words.likely("窨井", None, 10)] == ["c"]
        assert await unit.connection.run_sync(_indexes_that_differ) == set()
    await database.close()
    await move(empty_url, BEFORE, down=True)
    await upgrade(empty_url)


def _indexes_that_differ(connection: Connection) -> set[str]:
    """Those that only the migrations or only the tables of the code have."""
    seen = inspect(connection)
    differ = set()
    for name in ("case_file", "clock", "case_request"):
        ours = {str(one.name) for one in metadata.tables[name].indexes}
        theirs = {str(one["name"]) for one in seen.get_indexes(name) if not one.get("duplicates_constraint")}
        differ |= ours ^ theirs
    return differ
