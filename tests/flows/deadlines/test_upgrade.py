"""A database of before the reminders: its clocks, extensions and profile are taken along."""

import json

from storage.engine import Database
from storage.migrate import upgrade
from tests.support.revisions import move

BEFORE = "0005"
ROWS = (
    "INSERT INTO identity (reporter_id, account, created_at, reachable) VALUES ('r', '', :at, true)",
    "INSERT INTO case_file (id, tracking_no, type, state, channel, reporter_id, mode, reporter_kind, text,"
    " awaits_transcript, urgent, about_commitment, breach, accused, accuses_people, suggestion, understood,"
    " reopened_by_right, appealed, query_code, rules_version, created_at, updated_at, version, last_seq,"
    " last_hash) VALUES ('c', 'TS1', 'complaint', 'handling', 'hotline', 'r', 'named', 'citizen', '示例',"
    " false, false, 0, '[]', '[]', false, '[]', 'rules', false, false, '', 'v1', :at, :at, 1, 0, '')",
    "INSERT INTO clock (case_id, kind, started_at, due_at, state, estimated, explanation, rules_version)"
    " VALUES ('c', 'answer', :at, :at, 'running', false, '', 'v1')",
    "INSERT INTO clock (case_id, kind, started_at, due_at, state, estimated, explanation, rules_version,"
    " ended_at) VALUES ('c', 'sign', :at, :at, 'met', false, '', 'v1', :at)",
    "INSERT INTO case_request (case_id, kind, department, reason, days, asked_at, asked_by, ruled_at,"
    " approved) VALUES ('c', 'extension', 'jiaoyu', '示例', 4, :at, 'x', :at, true)",
    "INSERT INTO outbox (reporter_id, notice, state, attempts, created_at, due_at)"
    " VALUES ('r', 'reply', 'queued', 0, :at, :at)",
    "INSERT INTO profile (version, body, created_at, note) VALUES ('v1', :body, :at, '')",
)


async def test_what_was_there_is_taken_along(empty_url: str) -> None:
    body = json.dumps({"name": "示例", "rules": {"kept": "as it was"}})
    await move(empty_url, BEFORE, *ROWS, body=body)
    await upgrade(empty_url)
    database = Database(empty_url)
    async with database.read() as unit:
        answer, sign = await unit.clocks.of_case("c")
        assert answer.moves == [{"why": "extension", "days": 4}]
        assert (answer.due_version, answer.calendar, sign.moves) == (1, 0, None)
        profile = await unit.departments.profile("v1")
        assert profile is not None
        assert profile.body["rules"]["reminders"]["sign"] == [{"name": "late", "to": ["head", "supervisor"]}]
        assert profile.body["rules"]["kept"] == "as it was"
        row = await unit.outbox.get(1)
        assert row is not None
        assert (row.citizen, row.login) == ("r", None)
    await database.close()
