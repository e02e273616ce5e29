"""Firing ten thousand due clocks on each engine, and finding due ones among a million on PostgreSQL."""

import statistics
import time
from datetime import datetime
from typing import Any

import asyncpg
from sqlalchemy import insert, text

from intake.city import load_city
from intake.clock import SHANGHAI
from intake.deadlines.workdays import DAY
from intake.desk import Desk
from intake.identity import new_reporter_id
from intake.reminders.firing import BATCH, fire
from storage.engine import Database
from storage.tables.cases import cases, clocks
from storage.tables.identity import identities
from storage.tables.staff import staff
from storage.unit import Unit
from storage.vocab import Role
from tests.perf.ground import Ground
from tests.support.city import make_vault
from tests.support.time import HandClock

MORNING = datetime(2026, 3, 17, 8, 30, tzinfo=SHANGHAI)
"""Four of five are due on this day; the fifth was due five working days before, and its rung has an event."""
DUE, LATE = MORNING.replace(hour=23, minute=59, second=59), datetime(2026, 3, 10, 23, 59, 59, tzinfo=SHANGHAI)
EARLIER = MORNING - 365 * DAY
CHUNK = 1_000
FINDINGS = 30
_MILLION_CASES = """
INSERT INTO case_file (id, tracking_no, type, state, channel, reporter_id, mode, reporter_kind, text,
  awaits_transcript, department, urgent, about_commitment, breach, accused, accuses_people, suggestion,
  understood, reopened_by_right, appealed, query_code, rules_version, created_at, updated_at, version,
  last_seq, last_hash)
SELECT 'c' || n, 'M' || n, 'complaint', 'handling', 'hotline', $1, 'named', 'citizen', '示例',
  false, 'zhujian', false, 0.5, '[]', '[]', false, '[]', 'rules', false, false, '', $2, $3, $3, 1, 0, ''
FROM generate_series(1, $4::int) AS n
"""
_MILLION_CLOCKS = """
INSERT INTO clock (case_id, kind, started_at, due_at, state, estimated, explanation, rules_version,
  due_version, calendar, next_rung_at)
SELECT 'c' || n, 'answer', $2::timestamptz, $3, 'running', false, '', $1, 1, 0,
  $2::timestamptz + make_interval(mins => n - $4::int)
FROM generate_series(1, $5::int) AS n
"""


async def measure(prepared: Ground, many: int, million: int) -> dict[str, Any]:
    """Seconds for firing ``many`` clocks on both engines; milliseconds for finding due ones among
    ``million``."""
    found: dict[str, Any] = {"clocks": many}
    for engine in ("sqlite", "postgres"):
        async with prepared.database(engine, f"reminders_{engine}") as url:
            found |= await _fired(Database(url), engine, many)
    async with prepared.database("postgres", "reminders_million") as url:
        found |= await _found(Database(url), million)
    return found


async def _fired(database: Database, engine: str, many: int) -> dict[str, float]:
    clock = HandClock(MORNING)
    async with database.write() as unit:
        await _fill(unit, many)
    began, batches = time.perf_counter(), 0
    more = True
    while more:
        async with database.write() as unit:
            more = await fire(Desk(unit, clock, make_vault(), await load_city(unit)))
            batches += 1
    seconds = time.perf_counter() - began
    async with database.read() as unit:
        rungs = await _count(unit, "SELECT count(*) FROM fired_rung")
        events = await _count(unit, "SELECT count(*) FROM event WHERE action = 'lead_proposed'")
        digests = await _count(unit, "SELECT count(*) FROM outbox")
        people = await _count(unit, "SELECT count(DISTINCT login) FROM reminder")
    await database.close()
    assert (rungs, events) == (many, many // 5), (rungs, events)
    assert digests == people, (digests, people)
    return {f"fire_seconds_{engine}": seconds, "batches": batches, "digests": digests}


async def _fill(unit: Unit, many: int) -> None:
    city = await load_city(unit)
    units, reporter = sorted(city.units), new_reporter_id()
    await unit.connection.execute(insert(identities), [_identity(reporter)])
    people = [
        (f"{code}-{role.value}", role.value, code) for code in units for role in (Role.HANDLER, Role.HEAD)
    ]
    people += [(f"supervisor-{n}", Role.SUPERVISOR.value, None) for n in range(5)]
    await unit.connection.execute(
        insert(staff),
        [
            {
                "login": login,
                "password_hash": "",
                "name": login,
                "role": role,
                "department": code,
                "disabled": False,
                "created_at": MORNING,
            }
            for login, role, code in people
        ],
    )
    for start in range(0, many, CHUNK):
        numbers = range(start, min(start + CHUNK, many))
        files = [_case(n, units[n % len(units)], reporter, city.rules_version) for n in numbers]
        await unit.connection.execute(insert(cases), files)
        await unit.connection.execute(insert(clocks), [_clock(n, city.rules_version) for n in numbers])


def _identity(reporter: str) -> dict[str, Any]:
    return {"reporter_id": reporter, "created_at": MORNING, "reachable": True}


def _case(number: int, department: str, reporter: str, rules: str) -> dict[str, Any]:
    return {
        "id": f"c{number}",
        "tracking_no": f"TS{number:014}",
        "type": "complaint",
        "state": "handling",
        "channel": "hotline",
        "reporter_id": reporter,
        "mode": "named",
        "reporter_kind": "citizen",
        "text": "示例",
        "department": department,
        "breach": [],
        "accused": [],
        "suggestion": [],
        "understood": "rules",
        "query_code": "",
        "rules_version": rules,
        "created_at": MORNING - 30 * DAY,
        "updated_at": MORNING - 30 * DAY,
    }


def _clock(number: int, rules: str) -> dict[str, Any]:
    return {
        "case_id": f"c{number}",
        "kind": "answer",
        "started_at": MORNING - 30 * DAY,
        "due_at": LATE if number % 5 == 0 else DUE,
        "state": "running",
        "rules_version": rules,
        "next_rung_at": MORNING,
    }


async def _found(database: Database, million: int) -> dict[str, float]:
    """``BATCH`` due clocks found and locked among ``million``, of which a hundredth is due."""
    reporter, due_ones = new_reporter_id(), million // 100
    async with database.write() as unit:
        rules = (await load_city(unit)).rules_version
        await unit.connection.execute(insert(identities), [_identity(reporter)])
    await _load(database, reporter, rules, million, due_ones)
    times, looks = [], []
    for _ in range(FINDINGS):
        async with database.write() as unit:
            began = time.perf_counter()
            rows = await unit.reminders.due(MORNING, BATCH)
            times.append(time.perf_counter() - began)
            assert len(rows) == BATCH
            began = time.perf_counter()
            assert await unit.reminders.none_due(EARLIER)
            assert await unit.reminders.due(EARLIER, BATCH, urgent_only=True) == []
            assert await unit.clocks.behind(0, BATCH) == []
            looks.append(time.perf_counter() - began)
    await database.close()
    return {
        "among": million,
        "find_ms_p50": statistics.median(times) * 1000,
        "find_ms_most": max(times) * 1000,
        "nothing_due_ms": statistics.median(looks) * 1000,
    }


async def _load(database: Database, reporter: str, rules: str, million: int, due_ones: int) -> None:
    """A million cases with a clock each, not over the pool: its statements have ten seconds."""
    url = database.url
    connection = await asyncpg.connect(host=str(url.query["host"]), user="postgres", database=url.database)
    await connection.execute(_MILLION_CASES, reporter, rules, MORNING, million)
    await connection.execute(_MILLION_CLOCKS, rules, MORNING, DUE, due_ones, million)
    await connection.execute("ANALYZE clock")
    await connection.execute("ANALYZE case_file")
    await connection.close()


async def _count(unit: Unit, statement: str) -> int:
    return int((await unit.connection.execute(text(statement))).scalar_one())
