"""A token that is refused for good: few calls, a fault that the operator sees, and no message lost."""

from bot.simulator.faults import CallFault
from bot.workers.outbox import Outbox
from tests.flows.workers.conftest import Tencent, Town
from tests.support.time import HandClock

SEND, STABLE = "/cgi-bin/message/custom/send", "/cgi-bin/stable_token"


async def test_a_token_refused_for_good_costs_few_calls_and_is_seen(
    town: Town, tencent: Tencent, outbox: Outbox, clock: HandClock
) -> None:
    citizens = [await town.citizen() for _ in range(20)]
    for reporter, _ in citizens:
        await town.reply(reporter, "您好")
    faults = tencent.platform.faults
    faults.add([CallFault(path=SEND, errcode=40001, times=None)])
    for _ in range(60):
        await outbox.step()
        clock.advance(seconds=1)
    assert tencent.calls(STABLE) <= 5
    assert "wechat_service" in await town.faults()
    rows = await town.rows(*(reporter for reporter, _ in citizens))
    assert {row.state for row in rows} == {"queued"}, "waiting costs no tries"

    faults.clear()
    for _ in range(120):
        await outbox.step()
        clock.advance(seconds=1)
    assert all(tencent.heard(openid) == ["您好"] for _, openid in citizens)
    assert await town.faults() == {}
