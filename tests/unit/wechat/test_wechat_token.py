import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest

from bot.wechat.token import TokenUnavailable
from tests.unit.wechat.platform_double import START

DOWN = {"errcode": -1, "errmsg": "system error"}
BARRED = {"errcode": 40164, "errmsg": "invalid ip 1.2.3.4, not in whitelist rid: 6543abcd-1234abcd-0000ffff"}


async def test_fifty_callers_ask_the_platform_once(manager, platform):
    tokens = manager()
    assert set(await asyncio.gather(*(tokens.get() for _ in range(50)))) == {platform.token}
    assert len(platform.token_requests) == 1
    assert platform.token_requests[0] == {
        "grant_type": "client_credential",
        "appid": "wx1",
        "secret": "s3cr3t-value",
        "force_refresh": False,
    }


async def test_processes_share_one_token_through_the_store(manager, platform):
    processes = [manager() for _ in range(5)]
    given = await asyncio.gather(*(tokens.get() for tokens in processes for _ in range(10)))
    assert set(given) == {platform.token}
    assert len(platform.token_requests) == 1


async def test_a_token_is_renewed_before_it_ends(manager, platform, wall):
    tokens = manager()
    first = await tokens.get()
    wall.pass_(seconds=7200 - 241)
    assert await tokens.get() == first
    platform.token_number = 2
    wall.pass_(seconds=2)
    assert await tokens.get() == platform.token != first


async def test_a_token_still_alive_is_used_while_the_next_cannot_be_had(manager, platform, wall):
    tokens = manager()
    first = await tokens.get()
    platform.token_failure = DOWN
    wall.pass_(seconds=7200 - 100)
    assert await tokens.get() == first
    assert tokens.fault
    wall.pass_(seconds=101)
    with pytest.raises(TokenUnavailable):
        await tokens.get()


async def test_a_failing_platform_is_asked_five_times_a_minute_at_most(manager, platform, wall):
    platform.token_failure = BARRED
    tokens = manager()
    for _ in range(60):
        answers = await asyncio.gather(*(tokens.get() for _ in range(5)), return_exceptions=True)
        assert all(isinstance(answer, TokenUnavailable) for answer in answers)
        wall.pass_(seconds=1)
    assert 3 <= len(platform.token_requests) <= 5
    assert "40164" in tokens.fault
    assert "s3cr3t" not in tokens.fault
    for _ in range(60):
        with pytest.raises(TokenUnavailable):
            await tokens.get()
        wall.pass_(minutes=1)
    assert len(platform.token_requests) <= 5 + 60
    platform.token_failure = None
    wall.pass_(minutes=1)
    assert await tokens.get() == platform.token
    assert tokens.fault is None


async def test_only_the_token_that_was_refused_is_dropped(manager, platform, store):
    tokens = manager()
    old = await tokens.get()
    await store.drop(old)
    await store.save("another process's", START + timedelta(hours=2), replaces=None)
    await tokens.expired(old)
    assert await tokens.get() == "another process's"
    assert len(platform.token_requests) == 1


async def test_a_token_the_platform_repeats_and_refuses_is_forced_once(manager, platform, wall):
    tokens = manager()
    refused = await tokens.get()
    await tokens.expired(refused)
    renewed = await tokens.get()
    assert renewed != refused
    assert [asked["force_refresh"] for asked in platform.token_requests] == [False, False, True]
    await tokens.expired(renewed)
    with pytest.raises(TokenUnavailable):
        await tokens.get()
    assert sum(bool(asked["force_refresh"]) for asked in platform.token_requests) == 1
    wall.pass_(seconds=120)
    assert await tokens.get() not in {refused, renewed}


async def test_force_refresh_stays_within_twenty_a_day(manager, platform, wall):
    tokens = manager()
    for _ in range(600):
        with suppress(TokenUnavailable):
            await tokens.expired(await tokens.get())
        wall.pass_(minutes=2)
    forced = sum(bool(asked["force_refresh"]) for asked in platform.token_requests)
    assert forced == 20


async def test_a_crashed_holder_of_the_lease_is_waited_out_not_for_ever(manager, platform, store, wall):
    assert await store.claim("crashed process", 8)
    tokens = manager()
    asking = asyncio.create_task(tokens.get())
    await asyncio.sleep(0)
    wall.pass_(seconds=9)
    assert await asking == platform.token


async def test_a_late_answer_does_not_replace_a_newer_token(manager, store):
    newer = await store.save("newer", START + timedelta(hours=2), replaces=None)
    assert await store.save("late", START + timedelta(hours=2), replaces="older") == newer


async def test_tokens_do_not_show_in_what_is_logged(manager, store):
    tokens = manager()
    token = await tokens.get()
    assert token not in f"{tokens!r} {await store.load()!r}"
