"""The archive finds whatever was done to it behind the office's back."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from intake import archive
from intake.clock import local
from storage.engine import Database
from tests.conftest import Office
from tests.flows.intake.people import DISPATCHER, do, filed, meet
from tests.support.time import HandClock

CRIMES = {
    "an event's actor": "UPDATE event SET actor = 'x' WHERE seq = 2",
    "an event's time": "UPDATE event SET at = (SELECT min(at) FROM event AS e WHERE e.seq = 3) WHERE seq = 2",
    "a removed event": "DELETE FROM event WHERE seq = 2",
    "a removed tail": "DELETE FROM event WHERE seq = 3",
    "a swapped order": "UPDATE event SET seq = 92 WHERE seq = 2; UPDATE event SET seq = 2 WHERE seq = 3",
    "a payload": "UPDATE event_payload SET body = '{}' WHERE event_id = (SELECT max(id) FROM event)",
    "a case": "DELETE FROM case_file",
}


async def a_case_with_history(office: Office, clock: HandClock) -> None:
    async with office() as desk:
        case = (await filed(desk, await meet(desk))).case
        clock.advance(hours=1)
        await do(desk, DISPATCHER, case, "note", text="核对过")


@pytest.mark.parametrize("crime", CRIMES)
async def test_each_kind_of_tampering_is_found(
    office: Office, clock: HandClock, database: Database, crime: str
) -> None:
    await a_case_with_history(office, clock)
    async with office() as desk:
        assert await archive.verify(desk.unit, desk.vault.archive_key) == []
        day = local(desk.now()).date()
        await archive.make_head(desk.unit, desk.vault.archive_key, day=day, at=desk.now())
    async with database.write() as unit:
        for table in ("clock", "event_payload", "outbox") if "DELETE" in CRIMES[crime] else ():
            await unit.connection.execute(text(f"DELETE FROM {table}"))
        for statement in CRIMES[crime].split("; "):
            await unit.connection.execute(text(statement))
    async with office() as desk:
        assert await archive.verify(desk.unit, desk.vault.archive_key) != []


async def test_a_head_noted_elsewhere_shows_a_rewritten_past(office: Office, clock: HandClock) -> None:
    await a_case_with_history(office, clock)
    async with office() as desk:
        key = desk.vault.archive_key
        noted = await archive.make_head(desk.unit, key, day=local(desk.now()).date(), at=desk.now())
        clock.advance(days=1)
        await archive.make_head(desk.unit, key, day=local(desk.now() + timedelta(0)).date(), at=desk.now())
        assert await archive.verify(desk.unit, key, head=noted) == []
        assert await archive.verify(desk.unit, key, head="0" * 64) != []
