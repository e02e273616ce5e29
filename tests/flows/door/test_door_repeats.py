"""Deliveries that come again, together, or one upon the other."""

import asyncio

from bot.simulator import drafts
from bot.simulator.deliver import Delivery, Status
from bot.simulator.drafts import Draft
from bot.simulator.envelope import Envelope
from bot.simulator.platform import Push

from .conftest import ME, Door, FakeRasa, code_in, number_in, until

LAMP = "红旗区平原路的路灯不亮一个月了"


async def sent(door: Door, push: Push) -> str:
    """One attempt of a push, freshly signed; the text that came back, empty for ``success``."""
    envelope = Envelope(door.platform)
    status, answer = await door.post(*envelope.request(push))
    assert status == 200
    return envelope.answer(push, answer.encode()).text


async def test_thirty_posts_of_one_message_are_one_case_and_one_reply(door: Door) -> None:
    await door.say(LAMP)
    push = door.platform.stamp(drafts.text(ME, "确认"))
    replies = await asyncio.gather(*(sent(door, push) for _ in range(30)))
    assert len(set(replies)) == 1
    assert [case.tracking_no for case in await door.cases()] == [number_in(replies[0])]
    assert code_in(replies[0])


async def test_a_later_repeat_gets_what_went_over_the_wire(door: Door) -> None:
    first = await door.push(drafts.text(ME, LAMP))
    again = await door.courier.repeat(ME)
    assert again.reply_text == first.reply_text
    quiet = await door.push(drafts.view(ME, "https://example.com"))
    assert (await door.courier.repeat(ME)).raw == quiet.raw == "success"
    assert len(await door.inbox()) == 2


async def test_choices_that_come_without_a_number_are_told_apart(door: Door) -> None:
    """msgmenu clicks were seen without MsgId (wechat 3.3)."""
    await door.say(LAMP)
    secret, again = (without_number(door, word) for word in ("保密", "确认"))
    assert "方式：保密" in await sent(door, secret)
    receipt = await sent(door, again)
    assert await sent(door, again) == receipt
    assert [case.mode for case in await door.cases()] == ["confidential"]


def without_number(door: Door, word: str) -> Push:
    push = door.platform.stamp(drafts.text(ME, word, menu_id="1"))
    return Push(push.draft, push.created, 0, push.xml.replace(f"<MsgId>{push.msg_id}</MsgId>", ""))


async def test_different_messages_of_one_second_are_all_heard(door: Door) -> None:
    """Dedupe by second lost messages elsewhere (wechat 3.5)."""
    places = [drafts.reported_location(ME, 35.3 + n / 10, 113.9) for n in range(3)]
    for draft in [*places, drafts.view(ME, "https://example.com"), drafts.click(ME, "help")]:
        await door.push(draft)
    assert len(await door.inbox()) == 5


async def test_one_number_for_two_citizens_is_two_messages(door: Door) -> None:
    mine = door.platform.stamp(drafts.text(ME, LAMP))
    other = "o" + "x" * 27
    theirs = Push(Draft(other, "text"), mine.created, mine.msg_id, mine.xml.replace(ME, other))
    assert "请核对" in await sent(door, mine)
    assert "请核对" in await sent(door, theirs)
    assert len({row.reporter_id for row in await door.inbox()}) == 2


async def test_photos_that_arrive_together_get_one_acknowledgement(door: Door) -> None:
    photos = [drafts.image(ME, f"m{n}", "http://example.com/p") for n in range(6)]
    answers = await asyncio.gather(*(door.push(photo) for photo in photos))
    assert sorted(answer.status for answer in answers) == [Status.REPLIED] + [Status.SILENT] * 5
    assert "照片6份" in await door.say(LAMP)


async def test_turns_of_one_citizen_run_in_the_order_of_arrival(door: Door, rasa: FakeRasa) -> None:
    """The first waits for Rasa, the second needs no understanding and still comes second."""
    rasa.mode = "hanging"
    first = asyncio.create_task(door.push(drafts.text(ME, LAMP)))
    await rasa.was_asked.wait()
    second = asyncio.create_task(door.push(drafts.text(ME, "确认")))
    await until(lambda: door.noted(2))
    rasa.mode = "well"
    rasa.go_on.set()
    told, filed = await asyncio.gather(first, second)
    assert "请核对" in text_of(told)
    assert number_in(text_of(filed))


def text_of(delivery: Delivery) -> str:
    return delivery.reply_text or ""
