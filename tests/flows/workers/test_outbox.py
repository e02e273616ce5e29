"""What citizens receive when the platform is well, busy, refusing or gone, and when workers die."""

import asyncio
from datetime import timedelta

import pytest

from bot.factory import Process
from bot.simulator.faults import CallFault
from bot.workers.gates import Gates
from bot.workers.outbox import Outbox
from bot.workers.sending import LEASE
from intake.leaving import leave
from intake.notices import queue
from storage.engine import Database, DatabaseAway
from tests.flows.workers.conftest import Tencent, Town
from tests.support.time import HandClock

SEND = "/cgi-bin/message/custom/send"
STABLE = "/cgi-bin/stable_token"


async def drain(outbox: Outbox) -> None:
    """Everything that is due now."""
    while await outbox.step():
        pass


async def test_one_citizens_messages_arrive_in_their_order(
    town: Town, tencent: Tencent, outbox: Outbox, clock: HandClock
) -> None:
    first, first_openid = await town.citizen()
    second, second_openid = await town.citizen()
    await town.reply(first, "一", "二", "三")
    await town.reply(second, "甲")
    tencent.platform.faults.add([CallFault(SEND, errcode=-1, openid=first_openid)])

    await drain(outbox)

    assert tencent.heard(first_openid) == []
    assert tencent.heard(second_openid) == ["甲"]
    clock.advance(seconds=1)
    await drain(outbox)
    assert tencent.heard(first_openid) == ["一", "二", "三"]


async def test_a_busy_platform_is_asked_again_and_every_message_comes_once(
    town: Town, tencent: Tencent, outbox: Outbox, clock: HandClock
) -> None:
    reporter, openid = await town.citizen()
    await town.reply(reporter, "答复")
    tencent.platform.faults.add([CallFault(SEND, errcode=-1, times=4)])

    for pause in (1, 2, 4, 8):
        await drain(outbox)
        assert tencent.heard(openid) == []
        clock.advance(seconds=pause)
    await drain(outbox)

    assert tencent.heard(openid) == ["答复"]
    async with town.process.database.read() as unit:
        talk = await unit.conversations.get(reporter)
    assert talk is not None
    assert talk.message_left == 4  # what was refused took nothing off the allowance


async def test_a_platform_that_stays_busy_leaves_a_dead_letter(
    town: Town, tencent: Tencent, outbox: Outbox, clock: HandClock
) -> None:
    reporter, _ = await town.citizen()
    await town.reply(reporter, "答复")
    tencent.platform.faults.add([CallFault(SEND, errcode=-1, times=None)])

    for _ in range(8):
        await drain(outbox)
        clock.advance(seconds=10)

    (row,) = await town.rows(reporter)
    assert (row.state, row.reason, row.attempts) == ("dead", "refused:-1", 5)


async def test_without_an_allowance_the_notice_goes_where_the_citizen_agreed(
    town: Town, tencent: Tencent, outbox: Outbox
) -> None:
    reporter, openid = await town.citizen(wrote=False)
    await town.agrees(reporter, openid, "answered")
    case = await town.case(reporter)
    await town.tell(case, "answered")
    await town.tell(case, "closed")

    await drain(outbox)

    assert tencent.kinds(openid) == ["subscribe"]
    assert case.tracking_no in tencent.heard(openid)[0]
    told, untold = await town.rows(reporter)
    assert (told.state, told.via) == ("sent", "subscribe")
    assert told.platform_msg_id
    assert (untold.state, untold.reason) == ("dead", "no_allowance_no_consent")


async def test_the_allowance_is_spent_before_a_notice_is_used(
    town: Town, tencent: Tencent, outbox: Outbox
) -> None:
    reporter, openid = await town.citizen()
    await town.agrees(reporter, openid, "answered")
    case = await town.case(reporter)
    await town.reply(reporter, "一", "二", "三", "四", "五")
    await town.tell(case, "answered")

    await drain(outbox)

    assert tencent.kinds(openid) == ["service"] * 5 + ["subscribe"]
    assert tencent.calls(SEND) == 5  # nothing was sent only to be refused


async def test_a_window_that_closed_on_the_platforms_side_falls_back_to_the_notice(
    town: Town, tencent: Tencent, outbox: Outbox
) -> None:
    reporter, openid = await town.citizen()
    await town.agrees(reporter, openid, "answered")
    case = await town.case(reporter)
    await town.tell(case, "answered")
    await town.tell(case, "closed")
    tencent.platform.followers.get(openid).grants.clear()  # 45015 although our ledger has some left

    await drain(outbox)

    assert tencent.kinds(openid) == ["subscribe"]
    answered, closed = await town.rows(reporter)
    assert answered.state == "sent"
    assert (closed.state, closed.reason) == ("dead", "no_allowance_no_consent")


async def test_a_consent_that_is_used_up_is_remembered(town: Town, tencent: Tencent, outbox: Outbox) -> None:
    reporter, openid = await town.citizen(wrote=False)
    await town.agrees(reporter, openid, "answered")
    tencent.platform.notices.reject(openid)
    case = await town.case(reporter)
    await town.tell(case, "answered")

    await drain(outbox)

    (row,) = await town.rows(reporter)
    assert (row.state, row.reason) == ("dead", "no_allowance_no_consent")
    async with town.process.database.read() as unit:
        assert not any(consent.accepted for consent in await unit.consents.of(reporter))


async def test_a_revoked_token_under_fifty_sends_is_renewed_once(
    town: Town, tencent: Tencent, outbox: Outbox
) -> None:
    warm, _ = await town.citizen()
    await town.reply(warm, "热身")
    await drain(outbox)
    citizens = [await town.citizen() for _ in range(50)]
    for number, (reporter, _) in enumerate(citizens):
        await town.reply(reporter, f"第{number}件")
    asked = tencent.calls(STABLE)
    tencent.platform.tokens.revoke()

    await drain(outbox)

    assert tencent.calls(STABLE) - asked == 1
    for number, (_, openid) in enumerate(citizens):
        assert tencent.heard(openid) == [f"第{number}件"]


async def test_who_left_gets_nothing_any_more(town: Town, tencent: Tencent, outbox: Outbox) -> None:
    reporter, openid = await town.citizen()
    await town.reply(reporter, "一", "二")
    async with town.process.database.write() as unit:
        await leave(town.process.desk(unit), reporter, "unsubscribed")
    await town.reply(reporter, "三")

    await drain(outbox)

    assert tencent.heard(openid) == []
    assert {(row.state, row.reason) for row in await town.rows(reporter)} <= {
        ("cancelled", "unsubscribed"),
        ("cancelled", "unreachable"),
    }


async def test_a_worker_that_dies_before_sending_loses_nothing(
    town: Town, tencent: Tencent, outbox: Outbox, clock: HandClock
) -> None:
    reporter, openid = await town.citizen()
    await town.reply(reporter, "一", "二")
    async with town.process.database.write() as unit:
        now = clock.wall()
        taken = await unit.outbox.claim(worker="dead", now=now, until=now + LEASE, limit=10)
    assert len(taken) == 1

    await drain(outbox)
    assert tencent.heard(openid) == []
    clock.advance(seconds=LEASE.total_seconds())
    await drain(outbox)
    assert tencent.heard(openid) == ["一", "二"]


async def test_two_workers_never_send_the_same_row(
    town: Town, tencent: Tencent, process: Process, outbox: Outbox
) -> None:
    citizens = [await town.citizen() for _ in range(20)]
    for reporter, _ in citizens:
        await town.reply(reporter, "一", "二")
    other = Outbox(process, Gates(process.clock), batch=7)

    await asyncio.gather(drain(outbox), drain(other))
    await drain(outbox)

    assert all(tencent.heard(openid) == ["一", "二"] for _, openid in citizens)


async def test_a_message_sent_while_the_database_goes_away_is_not_sent_again(
    town: Town, tencent: Tencent, outbox: Outbox, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    reporter, openid = await town.citizen()
    await town.reply(reporter, "只说一次")
    genuine, away = Database.run, {"now": False}

    async def run(database: Database, work: object) -> object:
        if tencent.heard(openid) and away["now"]:
            raise DatabaseAway("gone")
        return await genuine(database, work)  # type: ignore[arg-type]

    monkeypatch.setattr(Database, "run", run)
    away["now"] = True
    with pytest.raises(DatabaseAway):
        await outbox.step()
    away["now"] = False
    clock.advance(seconds=LEASE.total_seconds())
    await drain(outbox)

    assert tencent.heard(openid) == ["只说一次"]
    (row,) = await town.rows(reporter)
    assert row.state == "sent"


async def test_a_lost_answer_is_never_followed_by_the_same_message(
    town: Town, tencent: Tencent, outbox: Outbox, clock: HandClock
) -> None:
    reporter, openid = await town.citizen()
    await town.reply(reporter, "也许到了")
    tencent.platform.faults.add([CallFault(SEND, status=500, after=True)])

    await drain(outbox)
    clock.advance(minutes=5)
    await drain(outbox)

    assert tencent.heard(openid) == ["也许到了"]
    (row,) = await town.rows(reporter)
    assert (row.state, row.reason) == ("dead", "unconfirmed")


async def test_a_platform_out_of_reach_burns_no_tries(
    town: Town, tencent: Tencent, outbox: Outbox, clock: HandClock
) -> None:
    reporter, openid = await town.citizen()
    await town.reply(reporter, "晚点到")
    tencent.platform.faults.add([CallFault(STABLE, status=503, times=5)])

    for _ in range(30):
        await drain(outbox)
        clock.advance(seconds=61)

    assert tencent.heard(openid) == ["晚点到"]
    assert await town.faults() == {}


async def test_a_wrong_setting_stops_the_interface_and_tells_the_operator(
    town: Town, tencent: Tencent, outbox: Outbox, clock: HandClock
) -> None:
    citizens = [await town.citizen() for _ in range(4)]
    for reporter, _ in citizens:
        await town.reply(reporter, "通知")
    tencent.platform.faults.add([CallFault(SEND, errcode=48001, times=None)])

    for _ in range(6):
        await drain(outbox)
        clock.advance(seconds=9)

    assert await town.faults() == {"wechat_service": "refused:48001"}
    assert {row.attempts for row in await town.rows(*(reporter for reporter, _ in citizens))} == {0}
    tencent.platform.faults.clear()
    clock.advance(minutes=1)
    await drain(outbox)
    assert all(tencent.heard(openid) == ["通知"] for _, openid in citizens)
    assert await town.faults() == {}


async def test_a_used_up_daily_quota_waits_for_midnight_in_shanghai(
    town: Town, tencent: Tencent, outbox: Outbox, clock: HandClock
) -> None:
    reporter, openid = await town.citizen()
    await town.reply(reporter, "通知")
    tencent.platform.quotas.daily[SEND] = 0

    for _ in range(3):
        await drain(outbox)
        clock.advance(hours=1)
    assert await town.faults() == {"wechat_service": "refused:45009"}
    tencent.platform.quotas.daily[SEND] = 100
    await drain(outbox)
    assert tencent.heard(openid) == []

    clock.set(clock.now().replace(hour=16, minute=0) + timedelta(minutes=1))  # 00:01 in Shanghai
    await drain(outbox)
    assert tencent.heard(openid) == ["通知"]


async def test_what_the_platform_finds_wrong_with_a_message_is_a_dead_letter(
    town: Town, tencent: Tencent, outbox: Outbox
) -> None:
    reporter, openid = await town.citizen()
    await town.reply(reporter, "不行", "可以")
    tencent.platform.faults.add([CallFault(SEND, errcode=45002)])

    await drain(outbox)

    assert tencent.heard(openid) == ["可以"]
    dead, _ = await town.rows(reporter)
    assert (dead.state, dead.reason) == ("dead", "refused:45002")


async def test_a_push_without_words_is_a_dead_letter_and_holds_nobody_up(
    town: Town, tencent: Tencent, outbox: Outbox
) -> None:
    reporter, openid = await town.citizen()
    async with town.process.database.write() as unit:
        await queue(town.process.desk(unit), reporter, "no such notice", {})
    await town.reply(reporter, "可以")

    await drain(outbox)

    assert tencent.heard(openid) == ["可以"]
    assert (await town.rows(reporter))[0].reason == "unsayable"
