"""Who voted in a poll is told what came of it: as those who follow are, and once."""

from datetime import date

from bot.factory import Process
from bot.workers.outbox import Outbox
from intake.actor import Actor
from intake.commitments import opinions, polls
from intake.desk import Desk
from storage.stores.polls import PollRow
from storage.vocab import Choice, News, Role
from tests.flows.workers import test_commitment_news as following
from tests.flows.workers.conftest import Town
from tests.flows.workers.test_commitment_news import ROAD, SCHOOL, Do, act, digests, follow, progress, tell
from tests.support.time import HandClock

do, promises = following.do, following.promises


async def asked(do: Do, round_: int = 1, code: str = SCHOOL) -> PollRow:
    """Another poll, on which people vote until the seventh."""

    async def work(desk: Desk) -> PollRow:
        poll = {"commitment": code, "round": round_, "question": "您赞成吗？", "opened_at": desk.now()}
        return await desk.unit.polls.add(poll | {"closes_on": date(2026, 3, 7), "day_named": True})

    poll: PollRow = await do(work)
    return poll


async def close(do: Do, poll: PollRow) -> None:
    async def work(desk: Desk) -> None:
        row = await desk.unit.commitments.get(poll.commitment)
        assert row is not None
        await polls.close(desk, row, poll)

    await do(work)


async def test_who_voted_is_told_the_result_once_following_or_not(
    town: Town, do: Do, outbox: Outbox, process: Process, clock: HandClock
) -> None:
    voter, openid = await town.citizen()
    both, second = await town.citizen()
    other, _ = await town.citizen()
    poll = await asked(do)
    for one, choice in ((voter, Choice.AGREE), (both, Choice.AGAINST)):
        await do(lambda desk, one=one, choice=choice: opinions.vote(desk, one, SCHOOL, choice))
    await follow(do, both)
    await progress(do, "主体封顶")
    await close(do, poll)
    clock.advance(minutes=31)
    await tell(process)
    await outbox.step()
    (heard,) = town.tencent.heard(openid)
    for words in ("您投过票的征求意见有结果了", "示例新校区九月开放", "赞成 1 人，反对 1 人", "关注："):
        assert words in heard
    assert "主体封顶" not in heard
    assert "我的关注" not in heard
    (digest,) = await digests(town, both)
    items = process.vault.open_json(digest.body or b"", "outbox")["items"]
    assert [one["kind"] for one in items] == [News.PROGRESS, News.POLL_CLOSED]
    assert town.tencent.heard(second)[0].count("征求意见截止") == 1
    assert await digests(town, other) == []
    clock.advance(days=1)
    await tell(process)
    assert len(await digests(town, voter, both)) == 2
    async with process.database.read() as unit:
        assert not await unit.follows.any_open(clock.now())


async def test_the_result_of_another_poll_is_no_news_to_who_voted_in_the_first(
    town: Town, do: Do, process: Process, clock: HandClock
) -> None:
    early, _ = await town.citizen()
    late, _ = await town.citizen()
    first = await asked(do)
    await do(lambda desk: opinions.vote(desk, early, SCHOOL, Choice.AGREE))
    await close(do, first)
    clock.advance(minutes=31)
    await tell(process)
    second = await asked(do, 2)
    await do(lambda desk: opinions.vote(desk, late, SCHOOL, Choice.AGREE))
    await close(do, second)
    clock.advance(days=1)
    await tell(process)
    assert [len(await digests(town, one)) for one in (early, late)] == [1, 1]


async def test_who_has_had_a_digest_today_hears_the_result_tomorrow(
    town: Town, do: Do, process: Process, clock: HandClock
) -> None:
    voter, _ = await town.citizen()
    poll = await asked(do)
    await do(lambda desk: opinions.vote(desk, voter, SCHOOL, Choice.AGREE))
    await follow(do, voter, code=ROAD)
    await act(
        do, "report_progress", Actor(Role.HANDLER, "示例承办人", "zhujian"), ROAD, percent=5, text="开工"
    )
    clock.advance(minutes=31)
    await tell(process)
    await close(do, poll)
    clock.advance(minutes=31)
    await tell(process)
    assert len(await digests(town, voter)) == 1
    clock.advance(days=1)
    await tell(process)
    assert len(await digests(town, voter)) == 2
