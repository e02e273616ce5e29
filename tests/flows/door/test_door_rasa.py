"""Rasa slow, broken or gone: rules answer in time and leave a mark, which goes when Rasa is back."""

import time

import pytest

from bot.simulator import drafts
from bot.simulator.deliver import Status
from bot.web import wechat

from .conftest import ME, Door, FakeRasa, Opener, number_in, until

LAMP = "红旗区平原路的路灯不亮一个月了，没人管"
IN_TIME = 3.0  # seconds for any message while Rasa is not well


async def test_a_hanging_rasa_is_waited_for_no_longer_than_it_may(door: Door, rasa: FakeRasa) -> None:
    rasa.mode = "hanging"
    began = time.monotonic()
    assert "请核对" in await door.say(LAMP)
    assert 1.4 < time.monotonic() - began < IN_TIME
    assert [row.understood for row in await door.inbox()] == ["rules"]


@pytest.mark.parametrize("mode", ["broken", "garbage"])
async def test_a_broken_rasa_costs_nothing(door: Door, rasa: FakeRasa, mode: str) -> None:
    rasa.mode = mode
    began = time.monotonic()
    assert "请核对" in await door.say(LAMP)
    assert time.monotonic() - began < IN_TIME
    assert [row.understood for row in await door.inbox()] == ["rules"]


async def test_no_rasa_at_all(opener: Opener, unused_tcp_port: int) -> None:
    async with opener.open(JIANNUO_NLU_URL=f"http://127.0.0.1:{unused_tcp_port}") as door:
        assert "请核对" in await door.say(LAMP)
        number = number_in(await door.say("确认"))
        assert (await door.case(number)).understood == "rules"
        assert await door.metric('jiannuo_understood_total{source="rules"}') > 0


async def test_after_three_failures_rasa_is_left_alone_for_a_while(door: Door, rasa: FakeRasa) -> None:
    rasa.mode = "broken"
    for n in range(6):
        await door.say(f"{LAMP}，第{n}天")
    assert len(rasa.asked) == 3
    async with door.http.get(f"{door.url}/readyz") as response:
        assert response.status == 200
        assert (await response.json())["nlu"] != "ready"


async def test_words_that_need_no_understanding_are_not_asked_about(door: Door, rasa: FakeRasa) -> None:
    await door.say(LAMP)
    for word in ("保密", "确认", "进度", "帮助", "评价 5", "[微笑]", "1"):
        await door.say(word)
    assert rasa.asked == [LAMP]


async def test_what_rules_understood_is_heard_anew_and_nothing_moves_by_itself(
    door: Door, rasa: FakeRasa
) -> None:
    rasa.mode = "broken"
    number = await door.files(LAMP)
    before = await door.case(number)
    rasa.mode = "well"
    await door.rehear()
    assert [row.understood for row in await door.inbox()] == ["rasa", "none"]
    after = await door.case(number)
    assert after.understood == "rasa"
    assert (after.state, after.department) == (before.state, before.department)


async def test_a_reply_that_is_too_late_for_the_wire_comes_as_a_message(
    door: Door, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wechat, "BUDGET", 0.3)
    rasa.mode = "hanging"
    delivery = await door.push(drafts.text(ME, LAMP))
    assert (delivery.status, delivery.raw) == (Status.SILENT, "success")
    assert delivery.seconds < 1.5
    await until(lambda: finished(door))
    await door.send()
    assert ["请核对" in text for text in door.pushed()] == [True]
    again = await door.courier.repeat(ME)
    assert again.raw == "success", "the reply is not given twice"
    assert number_in(await door.say("确认"))


async def test_a_turn_waits_for_the_one_before_it_and_then_comes_as_a_message(
    door: Door, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wechat, "BUDGET", 0.3)
    rasa.mode = "hanging"
    first = await door.push(drafts.text(ME, LAMP))
    second = await door.push(drafts.text(ME, "确认"))
    assert {first.raw, second.raw} == {"success"}
    await until(lambda: finished(door))
    await door.send()
    told, filed = door.pushed()
    assert "请核对" in told
    assert number_in(filed)


async def finished(door: Door) -> bool:
    return all(row.done_at is not None for row in await door.inbox())
