"""The analysis of a year: of a hundred thousand cases on SQLite, of a million on PostgreSQL."""

import statistics
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import insert, text

from intake.analysis import looking
from intake.analysis.asking import AnalysisQuery, Period
from intake.analysis.week import week
from intake.city import load_city
from intake.clock import SHANGHAI
from intake.desk import Desk
from intake.identity import new_reporter_id
from storage.engine import Database
from storage.tables.identity import identities
from storage.unit import Unit
from tests.flows.intake.people import SUPERVISOR, head
from tests.perf.ground import Ground
from tests.support.city import make_vault
from tests.support.time import HandClock

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=SHANGHAI)
YEAR = datetime(2026, 1, 1, tzinfo=SHANGHAI)
MINUTES = int((NOW - YEAR).total_seconds() // 60) - 1
LOOKS = 5
PLACES = ("红旗区", "卫滨区", "牧野区", "凤泉区", "辉县市", "卫辉市", "长垣市")
SERIES = "WITH RECURSIVE seq(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM seq WHERE n < {last}) "
CASES = """
INSERT INTO case_file (id, tracking_no, type, state, channel, reporter_id, mode, reporter_kind, text,
  awaits_transcript, department, place, urgent, about_commitment, breach, accused, accuses_people, suggestion,
  understood, reopened_by_right, appealed, supervised, calls_missed, linked, query_code, rules_version,
  outcome, rating, created_at, updated_at, dispatched_at, answered_at, version, last_seq, last_hash)
{series}
SELECT 'c' || n, 'M' || n, {kind}, {state}, 'hotline', '{reporter}', {mode}, 'citizen',
  '{words}', false, {unit}, {place}, false, 0.5, '[]', '[]',
  false, '[]', 'rules', false, false, false, 0, 0, '', 'r', {outcome}, {rating}, {filed}, {filed}, {filed},
  {answered}, 1, 0, ''
FROM seq
"""
CLOCKS = """
INSERT INTO clock (case_id, kind, started_at, due_at, state, estimated, explanation, rules_version, ended_at,
  due_version, calendar)
{series}
SELECT 'c' || n, '{kind}', {filed}, {due}, {state}, false, '', 'r', {ended}, 1, 0 FROM seq
"""
EVENTS = """
INSERT INTO event (subject_kind, subject_id, seq, at, actor_role, actor, action, payload_digest,
  previous, hash)
{series}
SELECT 'case', 'c' || n, {seq}, {at}, 'system', 'system', '{action}', '', '', '' FROM seq
"""
RETURNS = """
INSERT INTO case_request (case_id, kind, department, reason, asked_at, asked_by, ruled_at, approved,
  hop_seconds)
{series}
SELECT 'c' || n, 'return', 'jiaoyu', '示例', {filed}, 'x', {filed}, true, 7200 + n % 90000
FROM seq WHERE n % 17 = 0
"""
COURSE = (("file", 0), ("dispatch", 30), ("sign", 400), ("answer", 5000), ("approve", 6500))
CHUNK = 50_000


async def measure(prepared: Ground, engine: str, many: int) -> dict[str, Any]:
    """Milliseconds: year and month reckoned, and as people see them then; a unit's own year; the week."""
    async with prepared.database(engine, f"analysis_{engine}") as url:
        database, clock = Database(url), HandClock(NOW)
        async with database.write() as unit:
            codes = sorted((await load_city(unit)).units)
            reporter = new_reporter_id()
            await unit.connection.execute(
                insert(identities), [{"reporter_id": reporter, "created_at": YEAR, "reachable": True}]
            )
        for first in range(1, many + 1, CHUNK):
            async with database.write() as unit:
                await fill(unit, codes, reporter, first, min(first + CHUNK - 1, many))
        async with database.write() as unit:
            await unit.connection.execute(text("ANALYZE"))
        found: dict[str, Any] = {"cases": many}

        async def took(work: Callable[[Desk], Any]) -> float:
            spans = []
            for _ in range(LOOKS):
                async with database.read() as unit:
                    desk = Desk(unit, clock, make_vault(), await load_city(unit))
                    began = time.perf_counter()
                    await work(desk)
                    spans.append((time.perf_counter() - began) * 1000)
            return round(statistics.median(spans), 1)

        year, month = (AnalysisQuery(period=period) for period in (Period.YEAR, Period.MONTH))
        found["unit_ms"] = await took(lambda desk: looking.look(desk, head("jiaoyu"), year))
        found["week_ms"] = await took(lambda desk: week(desk, SUPERVISOR))
        for name, query in (("year", year), ("month", month)):
            began = time.perf_counter()
            async with database.read() as unit:
                desk = Desk(unit, clock, make_vault(), await load_city(unit))
                told = await looking.look(desk, SUPERVISOR, query)
            found[f"reckoned_{name}_ms"] = round((time.perf_counter() - began) * 1000)
            async with database.write() as unit:
                desk = Desk(unit, clock, make_vault(), await load_city(unit))
                await looking.keep(desk, SUPERVISOR, query, told)
            found[f"{name}_ms"] = await took(partial(_looked, query=query))
        await database.close()
        return found


async def _looked(desk: Desk, *, query: AnalysisQuery) -> None:
    await looking.look(desk, SUPERVISOR, query)


async def fill(unit: Unit, codes: list[str], reporter: str, first: int, last: int) -> None:
    """Cases of these numbers, spread over the year up to :data:`NOW`, most of them answered."""
    postgres = unit.connection.dialect.name == "postgresql"

    def moment(minutes: str) -> str:
        start = (YEAR - timedelta(hours=8)).replace(tzinfo=None).isoformat(sep=" ")
        if postgres:
            return f"('{start}+00'::timestamptz + make_interval(mins => ({minutes})::int))"
        return f"datetime('{start}', '+' || ({minutes}) || ' minutes')"

    def one_of(values: tuple[str, ...], step: int) -> str:
        cases = " ".join(f"WHEN {n} THEN '{value}'" for n, value in enumerate(values))
        return f"CASE (n / {step}) % {len(values)} {cases} END"

    filed = f"n * 7919 % {MINUTES}"
    open_ = f"({filed} > {MINUTES - 9000})"
    names = {
        "series": SERIES.format(first=first, last=last),
        "reporter": reporter,
        "words": "示例：小区门口的路灯坏了半个月，晚上出门看不见路，请派人修一修。",
        "kind": one_of(("complaint", "complaint", "inquiry", "suggestion"), 1),
        "state": f"CASE WHEN {open_} THEN 'handling' WHEN n % 9 = 0 THEN 'answered' ELSE 'closed' END",
        "mode": "CASE WHEN n % 11 = 0 THEN 'anonymous' ELSE 'named' END",
        "unit": one_of(tuple(codes), 3),
        "place": f"CASE WHEN n % 5 = 0 THEN NULL ELSE {one_of(PLACES, 2)} END",
        "outcome": f"CASE WHEN {open_} THEN NULL WHEN n % 4 = 0 THEN 'explained' ELSE 'resolved' END",
        "rating": f"CASE WHEN {open_} OR n % 3 = 0 THEN NULL WHEN n % 7 = 0 THEN 1 ELSE 5 END",
        "filed": moment(filed),
        "answered": f"CASE WHEN {open_} THEN NULL ELSE {moment(f'{filed} + 6500')} END",
    }
    await unit.connection.execute(text(CASES.format(**names)))
    for kind, minutes in (("dispatch", 1440), ("sign", 1440), ("answer", 8600), ("first_contact", 2000)):
        runs = f"{open_} AND '{kind}' = 'answer'"
        state = f"CASE WHEN {runs} THEN 'running' WHEN n % 13 = 0 THEN 'missed' ELSE 'met' END"
        ended = f"CASE WHEN {runs} THEN NULL ELSE {moment(f'{filed} + 900')} END"
        due = moment(f"{filed} + {minutes}")
        more = names | {"kind": kind, "state": state, "due": due, "ended": ended}
        await unit.connection.execute(text(CLOCKS.format(**more)))
    for seq, (action, minutes) in enumerate(COURSE, 1):
        at = moment(f"{filed} + {minutes} + n % 300" if minutes else filed)
        more = names | {"seq": str(seq), "action": action, "at": at}
        await unit.connection.execute(text(EVENTS.format(**more)))
    await unit.connection.execute(text(RETURNS.format(**names)))
