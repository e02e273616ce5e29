"""A database of before the lives of commitments: what was there is taken along, and can be taken back."""

import json

from storage.engine import Database
from storage.migrate import upgrade
from tests.support.revisions import move

BEFORE = "0010"
CAME_WITH = [{"name": "T-3", "offset": -3, "to": ["assignee", "head"]}]
OWN = [{"name": "T-5", "offset": -5, "to": ["head"]}]
RULES = {"fulfil": CAME_WITH, "milestone": OWN}
ROWS = (
    "INSERT INTO identity (reporter_id, account, created_at, reachable) VALUES ('r', '', :at, true)",
    "INSERT INTO case_file (id, tracking_no, type, state, channel, reporter_id, mode, reporter_kind, text,"
    " awaits_transcript, urgent, about_commitment, breach, accused, accuses_people, suggestion, understood,"
    " reopened_by_right, appealed, query_code, rules_version, created_at, updated_at, version, last_seq,"
    " last_hash) VALUES ('c', 'TS1', 'complaint', 'handling', 'hotline', 'r', 'named', 'citizen', '示例',"
    " false, false, 0, '[]', '[]', false, '[]', 'rules', false, false, '', 'v1', :at, :at, 1, 0, '')",
    "INSERT INTO clock (case_id, kind, started_at, due_at, state, estimated, explanation, rules_version)"
    " VALUES ('c', 'answer', :at, :at, 'running', false, '', 'v1')",
    "INSERT INTO commitment (code, title, text, target, category, department, source_document, source_number,"
    " state, public, historical, version, created_at, updated_at)"
    " VALUES ('CN-1', '示例', '示例', '', 'service', 'jiaoyu', '', '', 'active', true, true, 3, :at, :at)",
    "INSERT INTO guide (code, title, department, steps, cautions, documents, place, time_limit, phone,"
    " updated_at) VALUES ('ZN-1', '示例', 'jiaoyu', '[\"示例\"]', '[]', '[]', '', '', '', :at)",
    "INSERT INTO profile (version, body, created_at, note) VALUES ('v1', :body, :at, '')",
)


async def test_what_was_there_is_taken_along_and_back(empty_url: str) -> None:
    await move(empty_url, BEFORE, *ROWS, body=json.dumps({"name": "示例", "rules": {"reminders": RULES}}))
    await upgrade(empty_url)
    database = Database(empty_url)
    async with database.read() as unit:
        row = await unit.commitments.get("CN-1")
        assert row is not None
        assert (row.version, row.round, row.revision, row.progress, row.last_seq) == (3, 1, 1, 0, 0)
        assert (row.co_departments, row.proposal, row.decision_owner) == ([], None, "")
        assert [clock.kind for clock in await unit.clocks.of_case("c")] == ["answer"]
        (guide,) = await unit.registry.guides()
        assert (guide.code, guide.state, guide.version, guide.last_seq) == ("ZN-1", "published", 1, 0)
        profile = await unit.departments.profile("v1")
        assert profile is not None
        reminders = profile.body["rules"]["reminders"]
        assert [rung["name"] for rung in reminders["fulfil"]] == ["T-3", "T-1", "T", "T+1", "T+5"]
        assert reminders["milestone"] == OWN, "what the city had set itself stands"
    await database.close()
    await move(empty_url, BEFORE, down=True)
    await upgrade(empty_url)
    database = Database(empty_url)
    async with database.read() as unit:
        assert await unit.commitments.get("CN-1") == row
        assert [clock.kind for clock in await unit.clocks.of_case("c")] == ["answer"]
    await database.close()
