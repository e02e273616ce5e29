"""Ten thousand people who follow one commitment, told of its news on each engine."""

import time
from typing import Any

from sqlalchemy import insert, text

from intake.city import load_city
from intake.commitments import news
from intake.desk import Desk
from intake.identity import new_reporter_id
from storage.engine import Database
from storage.tables.following import follows
from storage.tables.identity import identities
from storage.vocab import News
from tests.perf.ground import Ground
from tests.support.city import make_vault
from tests.support.promises import promise
from tests.support.time import HandClock

CODE = "SL-JY-901"
CHUNK = 1_000


async def measure(prepared: Ground, many: int) -> dict[str, Any]:
    """Seconds of one pass that writes a digest for each of ``many`` followers, and its longest unit of
    work."""
    found: dict[str, Any] = {"followers": many}
    for engine in ("sqlite", "postgres"):
        async with prepared.database(engine, f"following_{engine}") as url:
            found |= await told(Database(url), engine, many)
    return found


async def told(database: Database, engine: str, many: int) -> dict[str, float]:
    """Fill, tell, and see that everybody was told once, also when the pass is made again."""
    clock, vault = HandClock(), make_vault()
    async with database.write() as unit:
        city = await load_city(unit)
        await _fill(Desk(unit, clock, vault, city), many)
    clock.advance(minutes=31)
    began, longest, more = time.perf_counter(), 0.0, True
    while more:
        at = time.perf_counter()
        async with database.write() as unit:
            more = await news.tell(Desk(unit, clock, vault, city))
        longest = max(longest, time.perf_counter() - at)
    seconds = time.perf_counter() - began
    clock.advance(days=1)
    async with database.write() as unit:
        assert not await news.tell(Desk(unit, clock, vault, city))
    async with database.read() as unit:
        counted = await unit.connection.execute(
            text("SELECT count(*), count(DISTINCT reporter_id) FROM outbox")
        )
        rows, people = counted.one()
    await database.close()
    assert (rows, people) == (many, many), (rows, people)
    return {f"tell_seconds_{engine}": seconds, f"tell_longest_ms_{engine}": longest * 1000}


async def _fill(desk: Desk, many: int) -> None:
    row = await promise(desk, CODE, "示例新校区九月开放")
    at = desk.now()
    for start in range(0, many, CHUNK):
        people = [new_reporter_id() for _ in range(min(CHUNK, many - start))]
        await desk.unit.connection.execute(
            insert(identities),
            [
                {"reporter_id": one, "openid": b"-", "openid_hmac": one, "reachable": True, "created_at": at}
                for one in people
            ],
        )
        await desk.unit.connection.execute(
            insert(follows), [{"commitment": CODE, "reporter_id": one, "since": at} for one in people]
        )
    await news.write(desk, row, News.PROGRESS, {"percent": 50, "text": "主体封顶"})
