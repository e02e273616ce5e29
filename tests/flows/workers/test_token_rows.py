"""One access token for many processes: asked for once, dropped once, never in a storm."""

import asyncio
from datetime import timedelta

import pytest

from bot.wechat.errors import ApiRefused
from bot.wechat.token import FetchedToken, TokenManager, TokenUnavailable
from bot.wechat.tokenrows import SqlTokenStore
from intake.identity import Vault, new_reporter_id
from storage.engine import Database
from tests.support.time import HandClock

APP = "wx0123456789abcdef"
#: Callers at the same moment, shared out among the processes.
CALLERS = 50


class Tencent:
    """Hands out one token after another, slowly enough for callers to pile up."""

    def __init__(self) -> None:
        self.asked = 0
        self.refuse_with = 0

    async def fetch(self, force: bool) -> FetchedToken:
        self.asked += 1
        number = self.asked
        await asyncio.sleep(0)
        if self.refuse_with:
            raise ApiRefused(self.refuse_with, "invalid ip, not in whitelist")
        return FetchedToken(f"token-{number}", 7200)


@pytest.fixture
def tencent() -> Tencent:
    return Tencent()


def store(database: Database, vault: Vault, clock: HandClock) -> SqlTokenStore:
    return SqlTokenStore(database, vault, APP, clock.wall)


async def test_fifty_callers_in_two_processes_ask_once(
    database: Database, database_url: str, vault: Vault, clock: HandClock, tencent: Tencent
) -> None:
    other = Database(database_url)
    managers = [
        TokenManager(tencent.fetch, store(each, vault, clock), clock.wall) for each in (database, other)
    ]

    tokens = await asyncio.gather(*(managers[n % 2].get() for n in range(CALLERS)))
    await other.close()

    assert set(tokens) == {"token-1"}
    assert tencent.asked == 1


async def test_a_refused_token_is_replaced_once_whoever_says_so(
    database: Database, database_url: str, vault: Vault, clock: HandClock, tencent: Tencent
) -> None:
    other = Database(database_url)
    managers = [
        TokenManager(tencent.fetch, store(each, vault, clock), clock.wall) for each in (database, other)
    ]
    old = await managers[0].get()

    async def refused(number: int) -> str:
        manager = managers[number % 2]
        await manager.expired(old)
        return await manager.get()

    tokens = await asyncio.gather(*(refused(n) for n in range(CALLERS)))
    await managers[0].expired(old)  # a late answer to a request under the old token

    assert set(tokens) == {"token-2"}
    assert await managers[1].get() == "token-2"
    assert tencent.asked == 2
    await other.close()


async def test_a_token_that_cannot_be_had_is_asked_for_five_times_a_minute(
    database: Database, vault: Vault, clock: HandClock, tencent: Tencent
) -> None:
    tencent.refuse_with = 40164
    manager = TokenManager(tencent.fetch, store(database, vault, clock), clock.wall)

    for _ in range(60):
        with pytest.raises(TokenUnavailable):
            await manager.get()
        clock.advance(seconds=1)

    assert 2 <= tencent.asked <= 5


async def test_a_slower_process_does_not_overwrite_a_newer_token(
    database: Database, vault: Vault, clock: HandClock
) -> None:
    rows = store(database, vault, clock)
    until = clock.wall() + timedelta(hours=2)
    await rows.save("old", until, replaces=None)
    await rows.save("new", until, replaces="old")

    standing = await rows.save("late", until, replaces="old")

    assert standing.value == "new"
    await rows.drop("old")
    assert (await rows.load()) == standing


async def test_the_lease_passes_on_when_its_holder_died(
    database: Database, vault: Vault, clock: HandClock
) -> None:
    rows = store(database, vault, clock)

    assert await rows.claim("first", 8)
    assert not await rows.claim("second", 8)
    clock.advance(seconds=9)
    assert await rows.claim("second", 8)
    await rows.release("first")
    assert not await rows.claim("third", 8)


async def test_the_token_lies_sealed(database: Database, vault: Vault, clock: HandClock) -> None:
    await store(database, vault, clock).save("plain words", clock.wall() + timedelta(hours=2), replaces=None)

    async with database.read() as unit:
        row = await unit.tokens.get(APP)
    assert row is not None
    assert row.token is not None
    assert b"plain words" not in row.token
    stranger = Vault(new_reporter_id().encode(), new_reporter_id().encode())
    assert await SqlTokenStore(database, stranger, APP, clock.wall).load() is None
