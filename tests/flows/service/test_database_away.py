"""Without its database the callback says so in time, and goes on by itself when the database is back."""

import asyncio
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import asyncpg
import psutil
import pytest
from sqlalchemy.engine import make_url

from bot.simulator.platform import Push
from storage.engine import Database
from tests.flows.service.post import Post
from tests.support import city, cluster, databases
from tests.support.service import Settings, Stand

LIMIT, BACK, STEP = 4.0, 15.0, 0.2
MATTER = "卫滨区小区门口的路灯坏了半个多月，一直没有人修"
Away = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def own_cluster(tmp_path: Path) -> Iterator[str]:
    """A PostgreSQL that this test alone may stop; the URL of a seeded database in it."""
    data = tmp_path / "postgres"
    address = str(make_url(cluster.start(data)).query["host"])
    url = databases.postgres_url(address, "own")
    asyncio.run(_create(address, url))
    yield url
    cluster.stop(data)


async def _create(address: str, url: str) -> None:
    connection = await asyncpg.connect(host=address, user="postgres", database="postgres")
    await connection.execute("CREATE DATABASE own")
    await connection.close()
    await city.build(url)


def postmaster(data: Path) -> psutil.Process:
    return psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))


@contextmanager
def frozen(data: Path) -> Iterator[None]:
    """All of the server's processes stand still: connections stay, nothing is answered."""
    server = postmaster(data)
    stopped = [server, *server.children()]
    for process in stopped:
        process.suspend()
    yield
    for process in stopped:
        process.resume()


@contextmanager
def stopped(data: Path) -> Iterator[None]:
    """The server is shut down and started again."""
    server = postmaster(data)
    os.kill(server.pid, signal.SIGINT)
    server.wait(10)
    yield
    cluster.start(data)


@contextmanager
def locked(file: str) -> Iterator[None]:
    """Another process holds the whole file."""
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("PRAGMA busy_timeout = 5000")
    other.execute("BEGIN EXCLUSIVE")
    yield
    other.execute("ROLLBACK")
    other.close()


async def survives(post: Post, settings: Settings, stand: Stand, *aways: Away) -> None:
    """Refused in time while the database is away, and the platform's repeat is answered afterwards."""
    await asyncio.to_thread(stand.serve, settings)
    for cases, away in enumerate(aways, 1):
        await survives_once(post, settings, away)
        database = Database(settings.values["database_url"])
        async with database.read() as unit:
            assert sum((await unit.cases.open_counts()).values()) == cases
        await database.close()


async def survives_once(post: Post, settings: Settings, away: Away) -> None:
    await post.send(post.stamp(MATTER), settings)
    confirming = post.stamp("确认")
    gone = away()
    await asyncio.to_thread(gone.__enter__)
    try:
        refusals = await asyncio.gather(*(refused(post, confirming, settings) for _ in range(2)))
        assert max(refusals) <= LIMIT
    finally:
        await asyncio.to_thread(gone.__exit__, None, None, None)

    for _ in range(round(BACK / STEP)):
        if (await post.deliver(confirming, settings))[0] == 200:
            break
        await asyncio.sleep(STEP)
    assert "单号" in await post.send(confirming, settings)


async def refused(post: Post, push: Push, settings: Settings) -> float:
    """Seconds until the delivery was answered with 503."""
    began = time.monotonic()
    status, _ = await post.deliver(push, settings)
    assert status == 503
    return time.monotonic() - began


async def test_postgres_is_away(own_cluster: str, tmp_path: Path, stand: Stand, post: Post) -> None:
    settings, data = Settings.of(own_cluster, tmp_path), tmp_path / "postgres"
    await survives(post, settings, stand, lambda: frozen(data), lambda: stopped(data))


@pytest.fixture
def own_file(tmp_path: Path) -> str:
    """The URL of a seeded SQLite file."""
    return databases.copy_sqlite(tmp_path)


async def test_the_file_is_locked(own_file: str, tmp_path: Path, stand: Stand, post: Post) -> None:
    settings = Settings.of(own_file, tmp_path)
    await survives(post, settings, stand, lambda: locked(str(make_url(own_file).database)))
