"""What a killed process leaves lying is picked up, and an operator hears of what is not."""

import pytest

from bot.factory import Process
from bot.workers.outbox import Outbox
from bot.workers.sweeper import Sweeper
from intake.evidence import keep
from storage.stores.inbox import InboxRow
from tests.flows.workers.conftest import Tencent, Town
from tests.support.time import HandClock


@pytest.fixture
def resumed() -> list[int]:
    return []


@pytest.fixture
def sweeper(process: Process, resumed: list[int]) -> Sweeper:
    async def resume(row: InboxRow) -> None:
        resumed.append(row.id)

    return Sweeper(process, resume)


async def answers(town: Town, row_id: int, text: str, *, taken: bool) -> None:
    """The turn ended with a reply for the wire."""
    async with town.process.database.write() as unit:
        body = {"text": text, "buttons": [["进度", "进度"]], "links": []}
        reply = town.process.vault.seal_json(body, "inbox reply")
        done = {"done_at": town.process.clock.wall(), "wire": "reply", "reply": reply, "answered": taken}
        await unit.inbox.finish(row_id, done)


async def test_a_turn_whose_process_died_is_resumed_when_its_lease_is_over(
    town: Town, sweeper: Sweeper, resumed: list[int], clock: HandClock
) -> None:
    reporter, _ = await town.citizen()
    (row_id,) = await town.notes(reporter, "你好")

    await sweeper.step()
    assert resumed == []
    clock.advance(seconds=10)
    await sweeper.step()
    assert resumed == [row_id]


async def test_a_reply_that_nobody_took_is_pushed_once(
    town: Town, tencent: Tencent, sweeper: Sweeper, outbox: Outbox, clock: HandClock
) -> None:
    reporter, openid = await town.citizen()
    first, second = await town.notes(reporter, "一", "二")
    await answers(town, first, "没人听到", taken=False)
    await answers(town, second, "听到了", taken=True)

    await sweeper.step()
    assert await town.rows(reporter) == []
    clock.advance(seconds=21)
    for _ in range(3):
        await sweeper.step()
        await outbox.step()

    (heard,) = tencent.heard(openid)
    assert heard.startswith("没人听到")
    assert "msgmenucontent=进度" in heard


async def test_the_operator_hears_of_what_does_not_go_by_itself_until_it_does(
    town: Town, sweeper: Sweeper, clock: HandClock
) -> None:
    reporter, _ = await town.citizen()
    (row_id,) = await town.notes(reporter, "你好")
    async with town.process.database.write() as unit:
        file_id = await keep(town.process.desk(unit), reporter, kind="image", media_id="gone")
        await unit.files.change(file_id, {"state": "failed", "reason": "expired"})
    await sweeper.step()
    assert await town.faults() == {"media_failed": "1"}

    clock.advance(minutes=2, seconds=1)
    await sweeper.step()
    assert await town.faults() == {"inbox_stuck": "1", "media_failed": "1"}

    await answers(town, row_id, "好了", taken=True)
    clock.advance(days=1)
    await sweeper.step()
    assert await town.faults() == {}


async def test_a_citizen_who_cannot_be_reached_is_no_fault_but_a_defect_is(
    town: Town, sweeper: Sweeper, outbox: Outbox
) -> None:
    unreached, _ = await town.citizen(wrote=False)
    await town.reply(unreached, "没有额度")
    await outbox.step()
    await sweeper.step()
    assert await town.faults() == {}

    reached, _ = await town.citizen()
    case = await town.case(reached)
    await town.tell(case, "declined")  # without the code that its words need
    await outbox.step()
    await sweeper.step()
    assert await town.faults() == {"dead_letters": "1"}
