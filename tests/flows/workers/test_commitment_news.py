"""News of commitments to those who follow: once, in the daytime, one digest a person and day."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any

import pytest

from bot.factory import Process
from bot.workers.daily import Daily
from bot.workers.outbox import Outbox
from bot.workers.telling_news import TellingNews
from intake.actor import Actor
from intake.clock import SHANGHAI
from intake.commitments import actions, following, news, opinions, polls
from intake.desk import Desk
from intake.leaving import come_back, leave
from storage.stores.outbox import OutboxRow
from storage.unit import Unit
from storage.vocab import Choice, CommitmentState, News, Role
from tests.flows.workers.conftest import Town
from tests.support.promises import promise
from tests.support.time import HandClock

SCHOOL, ROAD = "SL-JY-901", "SL-ZJ-902"
HANDLER = Actor(Role.HANDLER, "示例承办人", "jiaoyu")


@pytest.fixture
def do(process: Process) -> Callable[[Callable[[Desk], Awaitable[Any]]], Awaitable[Any]]:
    async def one(work: Callable[[Desk], Awaitable[Any]]) -> Any:
        return await process.database.run(lambda unit: work(process.desk(unit)))

    return one


Do = Callable[[Callable[[Desk], Awaitable[Any]]], Awaitable[Any]]


@pytest.fixture(autouse=True)
async def promises(do: Do) -> None:
    async def write(desk: Desk) -> None:
        await promise(desk, SCHOOL, "示例新校区九月开放", due_on=date(2026, 3, 10))
        await promise(desk, ROAD, "示例大道通车", department="zhujian")

    await do(write)


async def act(do: Do, action: str, actor: Actor = HANDLER, code: str = SCHOOL, **body: Any) -> None:
    async def work(desk: Desk) -> None:
        row = await desk.unit.commitments.get(code)
        assert row is not None
        await actions.perform(desk, actor, code, action, {"version": row.version, **body})

    await do(work)


async def progress(do: Do, text: str, percent: int = 50) -> None:
    await act(do, "report_progress", percent=percent, text=text)


async def follow(do: Do, *reporters: str, code: str = SCHOOL) -> None:
    for one in reporters:
        await do(lambda desk, one=one: following.follow(desk, one, code))


async def tell(process: Process) -> None:
    step = TellingNews(process).step
    while await step():
        pass


async def digests(town: Town, *reporters: str) -> list[OutboxRow]:
    return [row for row in await town.rows(*reporters) if row.notice == "commitment_news"]


async def test_progress_reaches_who_follows_as_one_message(
    town: Town, do: Do, outbox: Outbox, process: Process, clock: HandClock
) -> None:
    follower, openid = await town.citizen()
    other, _ = await town.citizen()
    await follow(do, follower)
    await progress(do, "主体封顶")
    clock.advance(minutes=10)
    await progress(do, "开始装修", 60)
    clock.advance(minutes=19)
    await tell(process)
    assert await digests(town, follower) == [], "what else happens goes along"
    clock.advance(minutes=2)
    await tell(process)
    await outbox.step()
    (heard,) = town.tencent.heard(openid)
    for words in ("示例新校区九月开放", "进度50%：主体封顶", "进度60%：开始装修", "我的关注"):
        assert words in heard
    assert await digests(town, other) == []


async def test_nobody_is_told_twice_or_of_what_was_before(
    town: Town, do: Do, process: Process, clock: HandClock
) -> None:
    early, _ = await town.citizen()
    late, _ = await town.citizen()
    await follow(do, early)
    await progress(do, "主体封顶")
    clock.advance(minutes=1)
    await follow(do, late)
    clock.advance(minutes=31)
    for _ in range(3):
        await tell(process)
    clock.advance(days=1)
    await tell(process)
    assert len(await digests(town, early)) == 1
    assert await digests(town, late) == []


async def test_several_processes_tell_once(town: Town, do: Do, process: Process, clock: HandClock) -> None:
    people = [(await town.citizen(wrote=False))[0] for _ in range(20)]
    await follow(do, *people)
    await progress(do, "主体封顶")
    clock.advance(minutes=31)

    async def batch(unit: Unit) -> bool:
        return await news.tell(process.desk(unit), limit=3)

    async def worker() -> None:
        for _ in range(30):
            await process.database.run(batch)

    await asyncio.gather(*(worker() for _ in range(3)))
    told = [row.reporter_id for row in await digests(town, *people)]
    assert sorted(filter(None, told)) == sorted(people)


async def test_one_digest_a_day_the_rest_comes_tomorrow(
    town: Town, do: Do, process: Process, clock: HandClock
) -> None:
    follower, _ = await town.citizen()
    await follow(do, follower)
    await progress(do, "上午的")
    clock.advance(minutes=31)
    await tell(process)
    await progress(do, "下午的")
    clock.advance(hours=2)
    await tell(process)
    assert len(await digests(town, follower)) == 1
    clock.set(datetime(2026, 3, 4, 8, 0, tzinfo=SHANGHAI))
    await tell(process)
    first, second = await digests(town, follower)
    texts = [process.vault.open_json(row.body or b"", "outbox")["items"] for row in (first, second)]
    assert [[one["text"] for one in items] for items in texts] == [["上午的"], ["下午的"]]


@pytest.mark.parametrize(("hour", "told"), [(7, 0), (8, 1), (20, 1), (21, 0)])
async def test_nothing_is_told_at_night(
    town: Town, do: Do, process: Process, clock: HandClock, hour: int, told: int
) -> None:
    follower, _ = await town.citizen()
    await follow(do, follower)
    await progress(do, "主体封顶")
    clock.set(datetime(2026, 3, 4, hour, 59, tzinfo=SHANGHAI))
    await tell(process)
    assert len(await digests(town, follower)) == told


async def test_a_digest_that_is_late_waits_for_the_morning_and_holds_up_nothing(
    town: Town, do: Do, outbox: Outbox, process: Process, clock: HandClock
) -> None:
    follower, openid = await town.citizen()
    await follow(do, follower)
    await progress(do, "主体封顶")
    clock.set(datetime(2026, 3, 3, 20, 59, tzinfo=SHANGHAI))
    await tell(process)
    clock.set(datetime(2026, 3, 3, 21, 1, tzinfo=SHANGHAI))
    case = await town.case(follower)
    await town.tell(case, "closed")
    await outbox.step()
    await outbox.step()
    (heard,) = town.tencent.heard(openid)
    assert "已办结" in heard
    clock.set(datetime(2026, 3, 4, 8, 0, tzinfo=SHANGHAI))
    await outbox.step()
    assert "示例新校区" in town.tencent.heard(openid)[-1]


async def test_who_unfollowed_or_left_is_not_told(
    town: Town, do: Do, process: Process, clock: HandClock
) -> None:
    gone, _ = await town.citizen()
    unfollowed, _ = await town.citizen()
    await follow(do, gone, unfollowed)
    await progress(do, "主体封顶")
    await do(lambda desk: following.unfollow(desk, unfollowed, SCHOOL))
    await do(lambda desk: leave(desk, gone, "unsubscribed"))
    clock.advance(minutes=31)
    await tell(process)
    await do(lambda desk: come_back(desk, gone))
    clock.advance(days=1)
    await tell(process)
    assert await digests(town, gone, unfollowed) == []


async def test_the_card_is_used_when_the_allowance_is_over_and_writing_again_brings_the_newest(
    town: Town, do: Do, outbox: Outbox, process: Process, clock: HandClock
) -> None:
    agreed, openid = await town.citizen(wrote=False)
    silent, silent_id = await town.citizen(wrote=False)
    await town.agrees(agreed, openid, "commitment_news")
    await follow(do, agreed, silent)
    for text in ("封顶", "装修"):
        await progress(do, text)
        clock.advance(days=1)
        await tell(process)
        await outbox.step()
    assert town.tencent.kinds(openid) == ["subscribe", "subscribe"]
    assert "示例新校区九月开放" in town.tencent.heard(openid)[0]
    assert [row.state for row in await digests(town, silent)] == ["dead", "dead"]
    await town.writes(silent, silent_id)
    async with process.database.write() as unit:
        again = await unit.outbox.queue_again(
            silent, reason="no_allowance_no_consent", since=clock.now().replace(day=1), due=clock.wall()
        )
    assert again == 1
    await outbox.step()
    assert "装修" in town.tencent.heard(silent_id)[-1]


async def test_overdue_is_told_once_and_kept_and_broken_and_a_new_date(
    town: Town, do: Do, process: Process, clock: HandClock
) -> None:
    follower, _ = await town.citizen()
    await follow(do, follower)
    clock.set(datetime(2026, 3, 11, 0, 20, tzinfo=SHANGHAI))
    await Daily(process).step()
    clock.set(datetime(2026, 3, 12, 0, 20, tzinfo=SHANGHAI))
    await Daily(process).step()
    await act(do, "claim_fulfilled", Actor(Role.HEAD, "示例", "jiaoyu"))
    await act(do, "confirm_fulfilled", Actor(Role.SUPERVISOR, "示例督办"))
    clock.set(datetime(2026, 3, 12, 9, 0, tzinfo=SHANGHAI))
    await tell(process)
    (row,) = await digests(town, follower)
    items = process.vault.open_json(row.body or b"", "outbox")["items"]
    assert [one["kind"] for one in items] == ["overdue", "fulfilled"]


async def test_a_poll_is_told_to_who_follows_anything_of_the_unit(
    town: Town, do: Do, outbox: Outbox, process: Process, clock: HandClock
) -> None:
    near, openid = await town.citizen()
    far, _ = await town.citizen()
    await follow(do, near)
    await follow(do, far, code=ROAD)

    async def write(desk: Desk) -> None:
        await promise(desk, "SL-JY-906", "示例二校区明年开放")
        row = await promise(desk, "SL-JY-905", "示例课后服务", state=CommitmentState.PREDISCLOSURE)
        await following.follow(desk, near, "SL-JY-906")
        await polls.begin(desk, row, polls.OpenPoll(closes_on=date(2026, 3, 9)))

    await do(write)
    clock.advance(minutes=31)
    await tell(process)
    await outbox.step()
    (heard,) = town.tencent.heard(openid)
    assert heard.count("开始征求意见，2026年3月9日") == 1
    for words in ("投票%20SL-JY-905", "关注%20SL-JY-905"):
        assert words in heard
    assert await digests(town, far) == []


async def test_who_gave_an_opinion_is_told_what_becomes_of_it(
    town: Town, do: Do, outbox: Outbox, clock: HandClock
) -> None:
    citizen, openid = await town.citizen()

    async def write(desk: Desk) -> int:
        row = await promise(desk, "SL-JY-905", "示例课后服务", state=CommitmentState.PREDISCLOSURE)
        await polls.begin(desk, row, polls.OpenPoll())
        await opinions.vote(desk, citizen, row.code, Choice.AGREE)
        await opinions.say(desk, citizen, row.code, "建议按学期收")
        return (await desk.unit.polls.opinions(row.code))[0].id

    number = await do(write)
    answer = {"opinion": number, "adopted": True, "why": "已写入收费办法，详询13800000000"}
    await act(do, "answer_opinion", code="SL-JY-905", **answer)
    clock.set(datetime(2026, 3, 3, 22, 0, tzinfo=SHANGHAI))
    await outbox.step()
    assert town.tencent.heard(openid) == []
    clock.set(datetime(2026, 3, 4, 8, 30, tzinfo=SHANGHAI))
    await outbox.step()
    (heard,) = town.tencent.heard(openid)
    assert "意见已采纳" in heard
    assert "已写入收费办法" in heard
    assert "13800000000" not in heard


async def test_a_file_that_brings_another_day_is_news(town: Town, do: Do, process: Process) -> None:
    follower, _ = await town.citizen()
    await follow(do, follower)

    async def change(desk: Desk) -> None:
        row = await desk.unit.commitments.get(SCHOOL)
        assert row is not None
        record = {"public": True, "state": "active", "due_on": date(2026, 9, 1)}
        await news.of_file(desk.unit, [(record, row)], desk.now())
        await news.of_file(desk.unit, [(record | {"state": "broken"}, row)], desk.now())

    await do(change)
    async with process.database.read() as unit:
        heard = await unit.follows.unheard([follower], last=99)
    assert [one.kind for one in heard[follower]] == [News.DATE_CHANGED, News.BROKEN]


async def test_ten_batches_of_followers_are_told_in_one_pass(
    town: Town, do: Do, process: Process, clock: HandClock
) -> None:
    """Smaller than the bench (``tests/perf/following.py``), by the same way."""
    people = [(await town.citizen(wrote=False))[0] for _ in range(50)]
    await follow(do, *people)
    await progress(do, "主体封顶")
    clock.advance(minutes=31)
    batches = 1
    while await process.database.run(lambda unit: news.tell(process.desk(unit), limit=5)):
        batches += 1
    assert batches == 11, "the last one finds nobody left"
    assert len(await digests(town, *people)) == 50
    async with process.database.read() as unit:
        assert not await unit.follows.any_open(clock.now())
