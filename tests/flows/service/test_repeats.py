"""One delivery is one turn, however often and to whichever process it comes; turns keep their order."""

import asyncio

import pytest
from sqlalchemy import text

from storage.engine import Database
from storage.stores.inbox import InboxRow
from tests.flows.service.post import Post
from tests.support.service import Settings, Stand

MATTER = "卫滨区平原路第12号楼门口的路灯坏了半个多月，一直没有人修"
THIRTY, TWENTY = 30, 20


@pytest.fixture
async def doors(stand: Stand, settings: Settings) -> list[Settings]:
    """Where the service listens: two processes on PostgreSQL, one on SQLite."""
    doors = [settings]
    if settings.values["database_url"].startswith("postgresql"):
        doors.append(settings.on_another_port())
    for door in doors:
        await asyncio.to_thread(stand.serve, door)
    return doors


async def rows(database: Database) -> list[InboxRow]:
    async with database.read() as unit:
        numbers = (await unit.connection.execute(text("SELECT id FROM inbox ORDER BY id"))).scalars()
        found = [await unit.inbox.get(number) for number in numbers]
    return [row for row in found if row is not None]


async def test_one_delivery_is_one_turn_and_turns_keep_their_order(
    post: Post, doors: list[Settings], database: Database
) -> None:
    await thirty_at_once_are_one(post, doors, database)
    await twenty_keep_their_order(post, doors, database)


async def thirty_at_once_are_one(post: Post, doors: list[Settings], database: Database) -> None:
    assert MATTER[:10] in await post.send(post.stamp(MATTER), doors[0])
    confirming = post.stamp("确认")
    answers = await asyncio.gather(
        *(post.send(confirming, doors[number % len(doors)]) for number in range(THIRTY))
    )
    assert "单号" in answers[0]
    assert set(answers) == {answers[0]}

    assert await post.send(confirming, doors[-1]) == answers[0]
    async with database.read() as unit:
        assert sum((await unit.cases.open_counts()).values()) == 1
    assert len(await rows(database)) == 2


async def twenty_keep_their_order(post: Post, doors: list[Settings], database: Database) -> None:
    before = len(await rows(database))
    pushes = [post.stamp(f"{MATTER}，这是第{number}次说") for number in range(TWENTY)]
    await asyncio.gather(*(post.send(push, doors[number % len(doors)]) for number, push in enumerate(pushes)))
    noted = (await rows(database))[before:]
    assert len(noted) == TWENTY
    done = [row.done_at for row in noted if row.done_at is not None]
    assert len(done) == TWENTY
    assert done == sorted(done)
