"""Searching fifty thousand commitments on each engine: words of two, four and six characters."""

import random
import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg

from intake.city import City, load_city
from intake.commitments.asking import look_up
from intake.desk import Desk
from intake.registry import Commitment, list_commitments, load_sample
from storage.engine import Database
from tests.perf.ground import Ground
from tests.support.city import make_vault
from tests.support.time import START, HandClock

CHUNK = 250
TIMES = 15
#: By how many commitments have them: nearly all, a few hundred, one, none.
WORDS = {
    "common": ("承诺", "责任单位", "年内全部完成", "老旧小区改造"),
    "some": ("河东", "河东路灯", "河东街道路灯"),
    "rare": ("榫卯", "榫卯修缮", "示例榫卯修缮所"),
    "absent": ("鲸鱼", "鲸鱼养殖", "鲸鱼养殖基地"),
    "odd": ("路", "5", "cn-04", '"路灯" AND (', "小区改造" * 2_500),
}
QUESTION = "请问老旧小区改造什么时候能全部完工，路灯坏了多久修好"
PLACES = tuple(f"{a}{b}" for a in "河东西南北山林桥石柳杨梅兰竹松" for b in "东西南北湾坡庄店镇里园台口沟岭")


async def measure(prepared: Ground, many: int) -> dict[str, Any]:
    """Milliseconds of a search and of a looked-up question, 95 % of them within it, and the slowest."""
    found: dict[str, Any] = {"commitments": many}
    for engine in ("sqlite", "postgres"):
        async with prepared.database(engine, f"search_{engine}") as url:
            database = Database(url)
            began = time.perf_counter()
            city = await fill(database, many)
            found[f"fill_seconds_{engine}"] = round(time.perf_counter() - began, 1)
            found |= {f"{name}_{engine}": value for name, value in (await _timed(database, city)).items()}
            await database.close()
    return found


async def fill(database: Database, many: int) -> City:
    """Write as many commitments as the office would, many at a time."""
    async with database.read() as unit:
        city = await load_city(unit)
    sample, chance = load_sample(city).commitments, random.Random(7)
    await _execute(database, "DROP INDEX ix_search_entry_indexed")
    for start in range(0, many, CHUNK):
        rows = [_row(n, chance, sample) for n in range(start, start + CHUNK)]
        async with database.write() as unit:
            await unit.registry.add_commitments(rows, START)
    await _execute(database, "CREATE INDEX ix_search_entry_indexed ON search_entry USING gin (indexed)")
    async with database.write() as unit:
        await unit.search.settle(many)
    return city


async def _execute(database: Database, statement: str) -> None:
    """PostgreSQL's index is made at once in the end: row by row it takes most of the time."""
    if not database.embedded:
        host, name = str(database.url.query["host"]), database.url.database
        connection = await asyncpg.connect(host=host, user="postgres", database=name)
        await connection.execute(statement)
        await connection.close()


def _row(n: int, chance: random.Random, sample: tuple[Commitment, ...]) -> dict[str, Any]:
    one, other = chance.sample(sample, 2)
    place = chance.choice(PLACES)
    rare = "示例榫卯修缮所" if n % 10_000 == 0 else ""
    return {
        **one.model_dump(mode="json", exclude={"made_on", "due_on"}),
        "code": f"CN-{n:05d}",
        "title": f"{place}{one.title[4:]}{rare}",
        "text": f"{place}街道承诺年内全部完成，责任单位按月公布。{one.text}{other.text}",
        "made_on": one.made_on,
        "due_on": one.due_on,
        "historical": True,
    }


async def _timed(database: Database, city: City) -> dict[str, float]:
    def searching(words: str) -> Callable[[Desk], Awaitable[object]]:
        return lambda desk: list_commitments(desk, q=words)

    found: dict[str, float] = {}
    for kind, searched in WORDS.items():
        spent = [ms for words in searched for ms in await _times(database, city, searching(words))]
        found |= _figures(f"{kind}_ms", spent)
    spent = await _times(database, city, lambda desk: look_up(desk, QUESTION))
    return found | _figures("question_ms", spent)


async def _times(database: Database, city: City, work: Callable[[Desk], Awaitable[object]]) -> list[float]:
    spent = []
    for _ in range(TIMES):
        async with database.read() as unit:
            began = time.perf_counter()
            await work(Desk(unit, HandClock(), make_vault(), city))
            spent.append((time.perf_counter() - began) * 1000)
    return spent


def _figures(name: str, spent: list[float]) -> dict[str, float]:
    return {
        f"{name}_p95": round(statistics.quantiles(spent, n=20)[-1], 1),
        f"{name}_most": round(max(spent), 1),
    }
