"""The database away, and two processes of one service."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
from sqlalchemy import make_url

from bot.simulator import drafts
from bot.web import wechat

from .conftest import ME, Door, FakeRasa, Opener, number_in, until

LAMP = "红旗区平原路的路灯不亮一个月了"


@asynccontextmanager
async def out_of_reach(url: str) -> AsyncIterator[None]:
    """Nobody can write a message as long as this lasts."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        held = sqlite3.connect(str(address.database), isolation_level=None)
        held.execute("BEGIN EXCLUSIVE")
        yield
        held.execute("ROLLBACK")
        held.close()
        return
    other = await asyncpg.connect(
        host=str(address.query["host"]), user=address.username, database=address.database
    )
    async with other.transaction():
        await other.execute("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE")
        yield
    await other.close()


async def test_without_the_database_the_platform_is_told_to_come_again(
    door: Door, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wechat, "BUDGET", 0.5)
    query, body = door.signed(drafts.text(ME, LAMP))
    async with out_of_reach(database_url):
        began = time.monotonic()
        status, answer = await door.post(query, body)
        assert time.monotonic() - began < 2
    assert (status, answer) == (503, "database away")
    status, answer = await door.post(query, body)
    assert status == 200
    assert len(await door.inbox()) == 1, "what was given up is not noted twice"


async def test_turns_of_one_citizen_keep_their_order_across_processes(opener: Opener, rasa: FakeRasa) -> None:
    rasa.mode = "hanging"
    async with opener.open() as one, opener.open() as two:
        first = asyncio.create_task(one.push(drafts.text(ME, LAMP)))
        await rasa.was_asked.wait()
        second = asyncio.create_task(two.push(drafts.text(ME, "确认")))
        await until(lambda: one.noted(2))
        rasa.mode = "well"
        rasa.go_on.set()
        told, filed = await asyncio.gather(first, second)
        assert "请核对" in (told.reply_text or "")
        assert number_in(filed.reply_text or "")
        assert [row.done_at is not None for row in await one.inbox()] == [True, True]


async def test_one_message_delivered_to_two_processes_is_one_case(opener: Opener) -> None:
    async with opener.open() as one, opener.open() as two:
        await one.say(LAMP)
        query, body = one.signed(drafts.text(ME, "确认"))
        answers = await asyncio.gather(*(door.post(query, body) for door in (one, two) * 5))
        assert {status for status, _ in answers} == {200}
        assert len(await one.cases()) == 1
