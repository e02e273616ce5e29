"""Whole conversations over the wire: XML in, rows and pushes out, through restarts and hours."""

import asyncio
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog

from bot.observe import set_up_logs
from bot.simulator import drafts
from bot.simulator.deliver import Status
from bot.simulator.followers import Trigger
from storage.vocab import Role

from .conftest import ME, Door, Opener, code_in, number_in, until

LAMP = "红旗区平原路的路灯不亮一个月了"
PROMISE = "市教育局承诺9月底前开放新校区，到现在也没有动静"
SOMEBODY = "o" + "s" * 27


@pytest.fixture
def logs() -> Iterator[StringIO]:
    """What the service writes down."""
    stream = StringIO()
    set_up_logs(terminal=False, stream=stream)
    yield stream
    structlog.reset_defaults()


async def test_a_matter_is_told_before_and_confirmed_after_a_restart(opener: Opener) -> None:
    async with opener.open() as before:
        await before.push(drafts.image(ME, "m1", "http://example.com/p"))
        assert "请核对" in await before.say(PROMISE)
        await before.say("保密")
    opener.clock.advance(hours=7)
    async with opener.open() as afterwards:
        receipt = await afterwards.say("确认")
        case = await afterwards.case(number_in(receipt))
    assert (case.text, case.mode, case.understood) == (PROMISE, "confidential", "rasa")
    assert len(code_in(receipt)) == 6


async def test_after_a_day_the_matter_is_offered_again(door: Door) -> None:
    await door.say(LAMP)
    door.clock.advance(hours=25)
    assert "没说完" in await door.say("确认")
    assert "请核对" in await door.say("继续")
    assert number_in(await door.say("确认"))


async def test_a_case_from_telling_to_closing_with_every_push(door: Door) -> None:
    receipt = await door.files_with_receipt(LAMP)
    number = number_in(receipt)
    if (await door.case(number)).state == "received":
        await door.act(number, "dispatch", department="chengguan")
    assert "已替您催办" in await door.say("催办")
    assert "今天已经催过" in await door.say("催办")
    assert "已补充到" in await door.say("补充 就在示例路口")
    await door.answers(number)
    await door.send()
    assert any("答复您了" in text and number in text for text in door.pushed())
    assert "没让您满意" in await door.say("2")
    assert "已要求重办" in await door.say("还是不亮，没有人来过")
    assert (await door.case(number)).state == "handling"
    case = await door.case(number)
    await door.act(number, "answer", Role.HANDLER, text="换了新灯。", outcome="resolved")
    await door.act(number, "approve", Role.HEAD)
    assert "办结了" in await door.say(f"评价 5 {number}")
    assert (await door.case(number)).state == "closed"
    await door.send()
    assert case.reopened_by_right
    assert all(number in text for text in door.pushed())


async def test_a_declined_case_may_be_appealed_once(door: Door) -> None:
    await door.push(drafts.voice(ME, "v1"))
    number = number_in(await door.say("确认"))
    await door.act(number, "decline", code="litigation", reason="法院正在审理")
    await door.send()
    assert any("不能受理" in text for text in door.pushed())
    assert "为什么" in await door.say("申诉")
    assert "已提交申诉" in await door.say("法院没有受理过这件事")
    assert (await door.case(number)).state == "received"


async def test_taking_a_case_back_is_asked_once_more(door: Door) -> None:
    number = await door.files()
    assert "确定撤回" in await door.say(f"撤回 {number}")
    assert "接着办" in await door.say("不用")
    await door.say("撤回")
    assert "已撤回" in await door.say("确认")
    assert (await door.case(number)).state == "withdrawn"


async def test_anothers_number_needs_the_code_and_five_wrong_ones_close_it_for_an_hour(door: Door) -> None:
    receipt = await door.files_with_receipt(LAMP)
    number, code = number_in(receipt), code_in(receipt)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    assert "查询码" in await door.say(number, SOMEBODY)
    for _ in range(5):
        assert "不对" in await door.say(wrong, SOMEBODY)
    assert "一小时" in await door.say(code, SOMEBODY)
    door.clock.advance(minutes=61)
    shown = await door.say(f"{number} {code}", SOMEBODY)
    assert number in shown
    assert "催办" not in shown, "another's case is shown, not worked"


async def test_who_left_and_comes_back_finds_the_case_by_its_code(door: Door) -> None:
    receipt = await door.files_with_receipt(LAMP)
    number, code = number_in(receipt), code_in(receipt)
    left = await door.push(drafts.unsubscribe(ME))
    assert left.raw == "success"
    await door.send()
    pushed = len(door.pushed())
    await door.answers(number)
    await door.send()
    assert len(door.pushed()) == pushed, "who left gets nothing"
    await door.push(drafts.subscribe(ME))
    assert number in await door.say(f"{number} {code}")


async def test_a_voice_alone_files_and_waits_to_be_written_down(door: Door) -> None:
    assert "可以直接登记" in (await door.push(drafts.voice(ME, "v1"))).reply_text
    receipt = await door.say("确认")
    case = await door.case(number_in(receipt))
    assert case.awaits_transcript
    assert "待听写" in receipt


async def test_evidence_before_during_and_after(door: Door) -> None:
    await door.push(drafts.image(ME, "m1", "http://example.com/p"))
    await door.say(LAMP)
    door.clock.advance(minutes=1)
    await door.push(drafts.location(ME, 35.3, 113.9, "示例路"))
    number = number_in(await door.say("确认"))
    door.clock.advance(minutes=1)
    after = await door.push(drafts.video(ME, "m2", "t"))
    assert number in (after.reply_text or "")
    async with door.process.database.read() as unit:
        kinds = [row.kind for row in await unit.files.of_case((await door.case(number)).id)]
    assert sorted(kinds) == ["image", "location", "video"]


async def test_an_anonymous_reporter_leaves_nothing_that_says_who_it_was(door: Door) -> None:
    await door.say(f"我叫王示例，电话13800000000，{PROMISE}")
    await door.say("匿名")
    assert "匿名不收" in await door.say("13800000000")
    number = number_in(await door.say("确认"))
    async with door.process.database.read() as unit:
        row = await unit.identities.get((await door.inbox())[0].reporter_id)
    assert (await door.case(number)).mode == "anonymous"
    assert row is not None
    assert row.name is None
    assert row.phone is None


async def test_a_reply_that_nobody_took_is_pushed(door: Door) -> None:
    """The platform hangs up before the answer: nothing breaks, and the citizen still reads it."""
    door.platform.followers.meet(ME)
    door.platform.followers.contacted(ME, Trigger.MESSAGE)
    query, body = door.signed(drafts.text(ME, "帮助"))
    host, _, port = door.url.removeprefix("http://").partition(":")
    address = "&".join(f"{key}={value.replace('+', '%2B')}" for key, value in query.items())
    head = f"POST /wechat?{address} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
    failures = await door.metric("jiannuo_unexpected_errors_total")
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(head.encode() + body)
    await writer.drain()
    writer.transport.abort()
    await until(lambda: finished(door))
    assert await door.metric("jiannuo_unexpected_errors_total") == failures
    await door.turns.flush()
    door.clock.advance(seconds=21)
    await door.sweep()
    await door.send()
    assert ["直接说事就行" in text for text in door.pushed()] == [True]


async def test_who_writes_again_is_told_the_newest_that_could_not_be_told(door: Door) -> None:
    """After 48 hours there is no way without consent; the next message opens one, and then once is enough."""
    number = number_in(await door.files_with_receipt(LAMP))
    before = len(door.pushed())
    door.clock.advance(hours=49)
    await door.answers(number)
    await door.send()
    assert len(door.pushed()) == before
    await door.say("帮助")
    await door.send()
    told = door.pushed()[before:]
    assert [number in text and "已经修好" in text for text in told] == [True]
    await door.say("帮助")
    await door.send()
    assert len(door.pushed()) == before + 1


async def test_failure_of_ours_is_success_on_the_wire(
    door: Door, monkeypatch: pytest.MonkeyPatch, logs: StringIO
) -> None:
    """A defect never shows the platform's failure notice; at last the words go to a person."""

    async def broken(_talk: object) -> None:
        raise ZeroDivisionError("路灯")

    monkeypatch.setattr("bot.turn.converse", broken)
    delivery = await door.push(drafts.text(ME, LAMP))
    assert (delivery.status, delivery.raw) == (Status.SILENT, "success")
    for _ in range(2):
        await door.sweep()
    assert await finished(door)
    async with door.process.database.read() as unit:
        assert await unit.desk.waiting() == 1
    await door.send()
    assert any("工作人员" in text for text in door.pushed())
    assert "ZeroDivisionError" in logs.getvalue()
    assert "路灯" not in logs.getvalue()


async def finished(door: Door) -> bool:
    rows = await door.inbox()
    return bool(rows) and all(row.done_at is not None for row in rows)
