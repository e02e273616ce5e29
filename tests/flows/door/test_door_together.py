"""Answers, commitments, modes and lists in one conversation: each word means what was just spoken of."""

import re

import pytest

from bot.message import Button, Reply
from bot.wechat.render import plain_text
from intake.commitments import following
from storage.vocab import Mode, Role

from .conftest import Door, FakeRasa, number_in

HEATING, HEATING_CODE = "冬季供暖室温达标是多少度？", "SL-RL-001"
HEATING_TITLE = "【示例】冬季供暖室温达标"
LAMP = "红旗区平原路的路灯不亮一个月了"
SCREEN = 27
"""Lines of a phone's screen of 390 × 844 points between WeChat's bars."""
LINE = 17
"""Chinese characters of a line in a bubble."""


async def followed(door: Door) -> list[str]:
    (case, *_) = await door.cases()
    async with door.process.database.read() as unit:
        return [row.code for row in await following.followed(door.process.desk(unit), case.reporter_id)]


def lines(reply: str) -> int:
    """Lines that a reply takes on the screen; a letter or digit is half as wide."""
    shown = re.sub(r"<[^>]+>", "", reply)
    widths = [sum(1 if ord(char) > 255 else 0.5 for char in line) for line in shown.splitlines()]
    return sum(max(1, -int(-width // LINE)) for width in widths)


@pytest.mark.parametrize("then", [[], ["匿名"], ["1"]], ids=["at once", "after a mode", "after a digit"])
async def test_to_follow_right_after_an_answer_means_what_was_answered(town: Door, then: list[str]) -> None:
    reply = await town.say(HEATING)
    assert f"msgmenucontent=关注%20{HEATING_CODE}" in reply
    for words in then:
        await town.say(words)
    assert f"已关注《{HEATING_TITLE}》" in await town.say("关注")
    assert await followed(town) == [HEATING_CODE]
    assert "办结了" in await town.say("解决了")


async def test_to_follow_right_after_a_guide_asks_which(town: Door) -> None:
    await town.say("居民身份证补办要什么材料？")
    assert "想关注哪一项" in await town.say("关注")


async def test_to_follow_what_the_confirmation_names(town: Door, rasa: FakeRasa) -> None:
    rasa.intent = "complaint"
    assert HEATING_CODE in await town.say("供热公司承诺冬季供暖室温达标，我家一直只有十二度没人管")
    assert f"已关注《{HEATING_TITLE}》" in await town.say("关注")
    await town.say("确认")
    assert await followed(town) == [HEATING_CODE]


@pytest.mark.parametrize("digit", ["1", "2"])
async def test_a_small_digit_after_an_answer_is_no_bad_mark(town: Door, digit: str) -> None:
    await town.say(HEATING)
    assert "这解决了您的问题吗" in await town.say(digit)
    case = await town.only_case()
    assert (case.state, case.rating) == ("answered", None)
    assert "办结了" in await town.say("解决了")


async def test_anonymous_hides_the_matter_and_the_question_answered_beside_it(
    town: Door, rasa: FakeRasa
) -> None:
    rasa.intent = "complaint"
    await town.say(LAMP)
    rasa.intent = "inquiry"
    asked = number_in(await town.say(HEATING))
    told = await town.say("匿名")
    assert asked in told
    assert "方式：匿名" in told
    await town.say("确认")
    assert {case.mode for case in await town.cases()} == {Mode.ANONYMOUS}


async def test_a_mode_after_filing_says_that_it_stays(town: Door, rasa: FakeRasa) -> None:
    rasa.intent = "complaint"
    number = await town.files()
    told = await town.say("匿名")
    assert number in told
    assert "实名登记，现在不能再改" in told


async def test_the_same_words_twice_are_told_once_and_are_not_filed_twice_unseen(
    town: Door, rasa: FakeRasa
) -> None:
    rasa.intent = "complaint"
    await town.say(LAMP)
    assert "已经记下了" in await town.say(LAMP)
    number = number_in(await town.say("确认"))
    assert (await town.case(number)).text == LAMP
    assert f"您登记过同样的话：{number}" in await town.say(LAMP)


async def test_a_complaint_of_fees_is_not_told_that_this_is_free(town: Door, rasa: FakeRasa) -> None:
    rasa.intent = "complaint"
    await town.say(LAMP)
    assert "已加上" in await town.say("取消乱收费的承诺没有做到")
    assert "不收任何费用" in await town.say("在这里投诉收费吗？")
    assert "08:30–12:00" in await town.say("你们几点上班？")


async def test_a_question_behind_a_plain_complaint_does_not_swallow_it(town: Door) -> None:
    told = await town.say("平原路路灯坏了三天没人修。另外冬季供暖室温达标是多少度？")
    assert "请核对" in told
    assert await town.cases() == []


async def test_losing_something_is_no_complaint(town: Door) -> None:
    assert "/guides/ZN-GA-SF" in await town.say("身份证丢了怎么补办")


async def test_what_is_said_fits_the_screen(town: Door, rasa: FakeRasa) -> None:
    assert lines(await town.say(HEATING)) <= SCREEN
    rasa.intent = "complaint"
    assert lines(await town.say("市住建局说好年内完成老旧小区改造，阳光小区到现在还没动工")) <= SCREEN
    assert lines(await town.say("确认")) <= SCREEN


def test_choices_beside_one_another_stand_on_one_line() -> None:
    choices = (Button("确认", "确认"), Button("保密", "保密"), Button("匿名", "匿名", beside=True))
    first, second = plain_text(Reply("请核对", choices)).splitlines()[1:]
    assert (first.count("<a "), second.count("<a ")) == (1, 2)
    assert Reply.from_json(Reply("", choices).as_json()).buttons == choices
    assert Reply.from_json({"text": "", "buttons": [["好", "好"]], "links": []}).buttons == (
        Button("好", "好"),
    )


async def test_a_question_while_the_unit_waits_is_answered_and_then_the_unit_is(
    town: Door, rasa: FakeRasa
) -> None:
    rasa.intent = "complaint"
    number = await town.files()
    if (await town.case(number)).state == "received":
        await town.act(number, "dispatch", department="chengguan")
    await town.act(number, "sign", Role.HANDLER)
    town.clock.advance(minutes=1)
    await town.act(number, "ask_citizen", Role.HANDLER, text="在哪个路口？")
    town.clock.advance(minutes=1)
    rasa.intent = "inquiry"
    assert "这解决了您的问题吗" in await town.say(HEATING)
    town.clock.advance(minutes=1)
    rasa.intent, rasa.confidence = "out_of_scope", 0.4
    told = await town.say("平原路和示例街的路口")
    assert "已转给承办单位" in told
    assert number in told


async def test_a_digit_gives_stars_to_the_answer_that_came_last(town: Door, rasa: FakeRasa) -> None:
    rasa.intent = "complaint"
    number = await town.files()
    rasa.intent, rasa.confidence = "out_of_scope", 0.4
    assert "请选投诉、咨询或建议" in await town.say("平原路示例街口的那个红绿灯杆子")
    town.clock.advance(minutes=1)
    await town.answers(number)
    assert "打5分" in await town.say("5")
    assert (await town.case(number)).rating == 5
