"""What the passing of days does: unrated answers close, messages are forgotten, the archive is sealed."""

import asyncio
from datetime import UTC, date, datetime

from bot.factory import Process
from bot.workers.daily import Daily
from bot.workers.outbox import Outbox
from intake import archive
from intake.actor import SYSTEM
from intake.cases.moves import Move, move
from intake.cases.timers import close_unrated
from intake.leaving import leave
from storage.stores.cases import CaseRow
from storage.vocab import Action
from tests.flows.workers.conftest import Town
from tests.support.time import HandClock


async def answered(town: Town) -> CaseRow:
    """An inquiry answered now."""
    reporter, _ = await town.citizen()
    case = await town.case(reporter)
    step = Move(Action.ANSWER_NOW, {}, {"answer": "请带身份证", "outcome": "explained"})
    async with town.process.database.write() as unit:
        return await move(town.process.desk(unit), SYSTEM, case, step)


async def state_of(town: Town, case: CaseRow) -> str:
    async with town.process.database.read() as unit:
        found = await unit.cases.get(case.id)
    assert found is not None
    return found.state


async def close_due(town: Town, limit: int = 50) -> int:
    return await town.process.database.run(lambda unit: close_unrated(town.process.desk(unit), limit))


async def test_an_answer_that_nobody_rates_closes_after_seven_calendar_days(
    town: Town, clock: HandClock
) -> None:
    case = await answered(town)  # Tuesday 3 March
    clock.set(datetime(2026, 3, 10, 15, 59, 59, tzinfo=UTC))  # 23:59:59 in Shanghai
    assert await close_due(town) == 0

    clock.advance(seconds=2)
    assert await close_due(town) == 1
    assert await close_due(town) == 0

    assert await state_of(town, case) == "closed"
    async with town.process.database.read() as unit:
        last = (await unit.events.of("case", case.id))[-1]
        assert await archive.verify(unit, town.process.vault.archive_key) == []
    assert (last.action, last.actor) == ("close", "system")
    (row,) = await town.rows(case.reporter_id)
    assert row.notice == "closed"


async def test_many_cases_close_in_batches_shared_by_two_workers(town: Town, clock: HandClock) -> None:
    cases = [await answered(town) for _ in range(7)]
    clock.advance(days=8)

    done = await asyncio.gather(close_due(town, 4), close_due(town, 4))
    done.append(await close_due(town, 4))

    assert sum(done) == 7
    assert {await state_of(town, case) for case in cases} == {"closed"}


async def test_messages_are_forgotten_after_thirty_days_and_cases_are_not(
    town: Town, outbox: Outbox, clock: HandClock
) -> None:
    reporter, _ = await town.citizen()
    case = await town.case(reporter)
    done, stuck = await town.notes(reporter, "说过的话", "没处理完")
    await town.reply(reporter, "回过的话")
    await outbox.step()
    async with town.process.database.write() as unit:
        await unit.inbox.finish(done, {"done_at": clock.wall(), "wire": "success"})
    daily = Daily(town.process)

    clock.advance(days=29)
    await daily.step()
    (row,) = await town.rows(reporter)
    assert row.body is not None
    clock.advance(days=2)
    await daily.step()

    (row,) = await town.rows(reporter)
    assert (row.body, row.state) == (None, "sent")
    async with town.process.database.read() as unit:
        forgotten, open_row = await unit.inbox.get(done), await unit.inbox.get(stuck)
    assert forgotten is not None
    assert forgotten.body is None
    assert open_row is not None
    assert open_row.body is not None  # what was never answered is not thrown away
    assert await state_of(town, case) == case.state


async def test_who_left_is_erased_after_thirty_days_and_their_case_stays(
    town: Town, clock: HandClock
) -> None:
    reporter, _ = await town.citizen()
    case = await town.case(reporter)
    async with town.process.database.write() as unit:
        await leave(town.process.desk(unit), reporter, "unsubscribed")

    clock.advance(days=31)
    await Daily(town.process).step()

    async with town.process.database.read() as unit:
        gone = await unit.identities.get(reporter)
    assert gone is not None
    assert (gone.openid, gone.openid_hmac, gone.unreachable_why) == (None, None, "erased")
    assert await state_of(town, case) == case.state


async def test_the_days_work_is_done_once_by_whoever_is_first(
    town: Town, process: Process, clock: HandClock
) -> None:
    await town.case((await town.citizen())[0])
    workers = [Daily(process) for _ in range(3)]

    for _ in range(3):
        await asyncio.gather(*(worker.step() for worker in workers))
        clock.advance(days=1)

    async with process.database.read() as unit:
        days = [head.day for head in await unit.events.heads()]
        assert await archive.verify(unit, process.vault.archive_key) == []
    assert days == [date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)]


async def test_nothing_is_done_before_its_time_of_day(process: Process, clock: HandClock) -> None:
    clock.set(datetime(2026, 3, 3, 16, 4, tzinfo=UTC))  # 00:04 in Shanghai
    daily = Daily(process)

    await daily.step()
    async with process.database.read() as unit:
        assert await unit.events.heads() == []
    clock.advance(minutes=1)
    await daily.step()
    async with process.database.read() as unit:
        assert [head.day for head in await unit.events.heads()] == [date(2026, 3, 3)]
