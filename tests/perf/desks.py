"""How long the console's and a citizen's pages take in a city with very many cases."""

import asyncio
import re
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import aiohttp
import asyncpg
from sqlalchemy import insert, text

from intake import staffing
from intake.city import load_city
from intake.clock import Clock
from intake.identity import new_reporter_id
from storage.engine import Database
from storage.tables.identity import identities
from storage.terms import written
from storage.unit import Unit
from storage.vocab import Role
from tests.perf.ground import Ground
from tests.perf.throughput import Unsound
from tests.support.service import Settings

SIZES = {"sqlite": 100_000, "postgres": 1_000_000}
TIMES, WARM = 40, 4
SETTLING = 40
"""Seconds after a start in which the figures of the month are reckoned from all cases, once a day."""
OPEN = 500
"""One case in this many is being worked on, the others are closed; one in ten of these is overdue."""
LOOKING = (Role.DISPATCHER, Role.HEAD, Role.SUPERVISOR)
PASSWORD = "示例密码-example-1"
UNIT = "zhujian"
#: As many units as share the cases: a fifth belongs to ``UNIT``.
UNITS = (UNIT, "jiaoyu", "jiaotong", "renshe", "chengguan")
#: A word that every case holds, one that one in a thousand holds, and one that none does.
COMMON, RARE, ABSENT = "办理", "窨井盖", "航天飞机"
REST = f"坏了，请尽快{COMMON}，以前说过这个月修好"
PAGES: dict[str, Callable[[str], str]] = {
    "home": lambda _: "/console",
    "list": lambda _: "/console/cases",
    "list_closed": lambda _: "/console/cases?state=closed",
    "list_handling": lambda _: "/console/cases?state=handling",
    "list_by_deadline": lambda _: "/console/cases?sort=due",
    "list_due_in_three": lambda _: "/console/cases?due=3",
    "list_longest_waiting": lambda _: "/console/cases?sort=waiting",
    "list_overdue": lambda _: "/console/cases?overdue=true",
    "list_type": lambda _: "/console/cases?type=suggestion",
    "search_number": lambda number: f"/console/cases?q={number}",
    "search_common": lambda _: f"/console/cases?q={COMMON}",
    "search_rare": lambda _: f"/console/cases?q={RARE}",
    "search_absent": lambda _: f"/console/cases?q={ABSENT}",
    "search_narrowed": lambda _: f"/console/cases?q={ABSENT}&state=closed&sort=waiting",
    "case": lambda number: f"/console/cases/{number}",
}
_NUMBERS = {
    "sqlite": "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {many})",
    "postgres": "WITH s AS (SELECT n FROM generate_series(1, {many}) AS n)",
}
_AGO = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S.000000', 'now', '-' || (({many} - n) * {minutes}) || ' minutes')",
    "postgres": "now() - make_interval(mins => ({many} - n) * {minutes})",
}
_CASES = """
INSERT INTO case_file (id, tracking_no, type, state, channel, reporter_id, mode, reporter_kind, text,
  awaits_transcript, department, urgent, about_commitment, breach, accused, accuses_people, suggestion,
  understood, reopened_by_right, appealed, query_code, rules_version, created_at, updated_at, dispatched_at,
  answered_at, rating, worded, version, last_seq, last_hash)
{numbers}
SELECT 'c' || n, 'M' || n, CASE n % 5 WHEN 0 THEN 'suggestion' WHEN 1 THEN 'inquiry' ELSE 'complaint' END,
  CASE WHEN n % {open} = 0 THEN 'handling' ELSE 'closed' END, 'hotline', '{reporter}', 'named', 'citizen',
  '示例路 ' || n || ' 号门前的' || CASE WHEN n % 1000 = 7 THEN '{rare}' ELSE '路灯' END || '{rest}',
  false, {unit}, false, 0.5, '[]', '[]', false, '[]', 'rasa',
  false, false, '', '{rules}', {ago}, {ago}, {ago},
  CASE WHEN n % {open} = 0 THEN NULL ELSE {ago} END, CASE WHEN n % {open} = 0 THEN NULL ELSE 1 + n % 5 END,
  true, 1, 0, ''
FROM s
"""
_CLOCKS = """
INSERT INTO clock (case_id, kind, started_at, due_at, state, ended_at, estimated, explanation, rules_version,
  due_version, calendar)
{numbers}
SELECT 'c' || n, 'answer', {ago}, CASE WHEN n % ({open} * 10) = 0 THEN {past} ELSE {future} END,
  CASE WHEN n % {open} = 0 THEN 'running' ELSE 'met' END, CASE WHEN n % {open} = 0 THEN NULL ELSE {ago} END,
  false, '示例说明', '{rules}', 1, 0
FROM s
"""
#: What the worker writes of these texts, the number beside it.
_WORDS = """
INSERT INTO case_words (case_id, created_at, words)
{numbers}
SELECT 'c' || n, {ago}, CASE WHEN n % 1000 = 7 THEN '{rare_words}' ELSE '{words}' END || ' ' || n FROM s
"""
_BULK = {
    "sqlite": (_WORDS,),
    "postgres": (
        "DROP INDEX ix_case_words_indexed",
        _WORDS,
        "CREATE INDEX ix_case_words_indexed ON case_words USING gin (indexed) WITH (fastupdate = off)",
    ),
}
#: Answers are due within a month, or have been so for less than that.
_MOMENTS = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S.000000', 'now', '{sign}' || (1 + n / {open} % 30) || ' days')",
    "postgres": "now() {sign} make_interval(days => 1 + n / {open} % 30)",
}


async def measure(ground: Ground, sizes: dict[str, int] = SIZES) -> dict[str, Any]:
    """Milliseconds of each page at its 95th percentile, as the server's processor and database take them."""
    return {engine: await _on(ground, engine, many) for engine, many in sizes.items()}


async def _on(ground: Ground, engine: str, many: int) -> dict[str, float]:
    async with ground.database(engine, f"desks_{engine}") as url:
        database = Database(url)
        await _fill(database, engine, many)
        await database.close()
        with ground.service(url) as (settings, _):
            number = await _worked_case(url, settings)
            await asyncio.sleep(SETTLING)
            return {"cases": many} | {
                f"{role.value}_{name}_ms": took
                for role in LOOKING
                for name, took in (await _pages(settings, role, number)).items()
            }


async def _fill(database: Database, engine: str, many: int) -> None:
    async with database.write() as unit:
        rules = (await load_city(unit)).rules_version
        reporter = new_reporter_id()
        row = {"reporter_id": reporter, "created_at": Clock().now(), "reachable": True}
        await unit.connection.execute(insert(identities), [row])
        for role in LOOKING:
            await _hire(unit, role, UNIT if role is Role.HEAD else None)
    past, future = (_MOMENTS[engine].format(sign=sign, open=OPEN) for sign in "-+")
    units = " ".join(f"WHEN {at} THEN '{code}'" for at, code in enumerate(UNITS))
    values = {
        "numbers": _NUMBERS[engine].format(many=many),
        "ago": _AGO[engine].format(many=many, minutes=1),
        "open": OPEN,
        "reporter": reporter,
        "unit": f"CASE n % {len(UNITS)} {units} END",
        "rules": rules,
        "rare": RARE,
        "rest": REST,
        "words": written("", [f"示例路 号门前的路灯{REST}"]),
        "rare_words": written("", [f"示例路 号门前的{RARE}{REST}"]),
        "past": past,
        "future": future,
    }
    statements = [one.format(**values) for one in (_CASES, _CLOCKS, *_BULK[engine])]
    if engine == "sqlite":
        async with database.write() as unit:
            for one in statements:
                await unit.connection.execute(text(one))
            await unit.connection.execute(text("ANALYZE"))
        return
    connection = await asyncpg.connect(
        host=str(database.url.query["host"]), user="postgres", database=database.url.database
    )
    for one in [*statements, "VACUUM ANALYZE"]:
        await connection.execute(one, timeout=timedelta(minutes=10).total_seconds())
    await connection.close()


async def _hire(unit: Unit, role: Role, department: str | None) -> None:
    prepared = await staffing.prepare(staffing.NewStaff(role.value, PASSWORD, role, department, "示例"))
    await staffing.add(unit, await load_city(unit), prepared, Clock().now())


async def _worked_case(url: str, settings: Settings) -> str:
    """The number of a case with a history of its own."""
    database = Database(url)
    try:
        tokens = {role: await database.run(partial(_token, role)) for role in (Role.DISPATCHER, Role.HEAD)}
    finally:
        await database.close()
    told = {"type": "complaint", "channel": "hotline", "text": "示例小区的电梯坏了", "department": UNIT}
    async with aiohttp.ClientSession(raise_for_status=True) as http:

        async def ask(role: Role, path: str, body: dict[str, Any]) -> dict[str, Any]:
            headers = {"Authorization": f"Bearer {tokens[role]}"}
            async with http.post(f"{settings.url}/api/v1{path}", json=body, headers=headers) as answer:
                return dict(await answer.json())

        case = await ask(Role.DISPATCHER, "/cases", told | {"reporter": {"mode": "named"}})
        number = str(case["tracking_no"])
        for action, more in (("sign", {}), *((("note", {"text": "示例记录"}),) * 10)):
            body = {"version": case["version"], **more}
            case = await ask(Role.HEAD, f"/cases/{number}/actions/{action}", body)
    return number


async def _token(role: Role, unit: Unit) -> str:
    city, at = await load_city(unit), Clock().now()
    department = UNIT if role is Role.HEAD else None
    return await staffing.create_token(unit, city, role=role, department=department, label="bench", at=at)


async def _pages(settings: Settings, role: Role, number: str) -> dict[str, float]:
    """Each page's 95th percentile, asked for one at a time by somebody signed in."""
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as http:
        async with http.get(f"{settings.url}/console/login") as answer:
            held = re.findall(r'name="csrf" value="([^"]+)"', await answer.text())[0]
        form = {"login": role.value, "password": PASSWORD, "csrf": held}
        async with http.post(f"{settings.url}/console/login", data=form) as answer:
            if str(answer.url.path) != "/console":
                raise Unsound(f"not signed in: {answer.status}")
        return {name: await _took(http, settings.url + path(number)) for name, path in PAGES.items()}


async def _took(http: aiohttp.ClientSession, address: str) -> float:
    times = []
    for _ in range(WARM + TIMES):
        began = time.perf_counter()
        async with http.get(address) as answer:
            await answer.read()
        if answer.status != 200:
            raise Unsound(f"{answer.status}: {address}")
        times.append((time.perf_counter() - began) * 1e3)
    return statistics.quantiles(times[WARM:], n=20)[-1]
