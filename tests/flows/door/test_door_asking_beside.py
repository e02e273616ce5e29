"""Questions beside what is being told, those that were heard as something else, and what is no case."""

import pytest

from .conftest import CARDS, Door, FakeRasa, number_in

HEATING, HEATING_CODE = "冬季供暖室温达标是多少度？", "SL-RL-001"
CARD = "老年人优待证怎么办理？"
LAMP = "红旗区平原路的路灯不亮一个月了"


async def test_a_question_in_the_middle_is_answered_and_the_telling_goes_on(
    town: Door, rasa: FakeRasa
) -> None:
    rasa.intent = "complaint"
    await town.say(LAMP)
    rasa.intent = "inquiry"
    reply = await town.say(HEATING)
    asked = await town.only_case()
    assert asked.state == "answered"
    assert "回到刚才的事" in reply
    for word in (f"没解决%20{asked.tracking_no}", "确认"):
        assert f"msgmenucontent={word}" in reply
    assert len(reply.encode()) <= 2048
    assert "…\n<a" not in reply, "nothing was cut"
    filed = number_in(await town.say("确认"))
    assert filed.startswith("TS")
    assert "办结了" in await town.say("解决了")
    assert (await town.case(asked.tracking_no)).state == "closed"


async def test_the_longest_answer_leaves_room_for_what_is_being_told(town: Door, rasa: FakeRasa) -> None:
    async with town.process.database.write() as unit:
        await unit.registry.change_commitments(
            [{"code": HEATING_CODE, "text": "室温不达标的用户报修后上门测温并处理。" * 30}],
            town.clock.now(),
        )
    await town.process.refresh()
    rasa.intent = "complaint"
    await town.say(LAMP + "，晚上走路摔了好几个人，盼着早点修好")
    rasa.intent = "inquiry"
    reply = await town.say(HEATING)
    assert len(reply.encode()) <= 2048
    told = reply.partition("\n<a ")[0].splitlines()
    assert told[-1].startswith("等您确认的投诉举报：")
    assert reply.count("<a ") == 6


async def test_how_long_something_takes_is_asked_of_the_registry_too(town: Door, rasa: FakeRasa) -> None:
    rasa.intent = "complaint"
    await town.say(LAMP)
    rasa.intent = "inquiry"
    assert "/guides/SL-CARD-1" in await town.say("老年人优待证办理（卫滨区）要几天？")
    assert "从派单算起" in await town.say("多久能办好？")


async def test_a_question_about_what_is_being_told_belongs_to_it(town: Door, rasa: FakeRasa) -> None:
    rasa.intent = "complaint"
    await town.say("冬季供暖室温一直不达标，没人管")
    rasa.intent = "inquiry"
    assert HEATING in (await town.say(HEATING)).replace("\n", "")
    assert await town.cases() == []


async def test_a_question_in_the_middle_that_may_be_several_is_offered_afterwards(
    town: Door, rasa: FakeRasa
) -> None:
    rasa.intent = "complaint"
    await town.say(LAMP)
    rasa.intent = "inquiry"
    assert "记下了" in await town.say(CARD)
    receipt = await town.say("确认")
    assert number_in(receipt).startswith("TS")
    assert f"选%20{CARDS[0]}" in receipt
    assert f"/guides/{CARDS[0]}" in await town.say(f"选 {CARDS[0]}")


@pytest.mark.parametrize("intent", ["follow_commitment", "check_status", "help"])
async def test_how_a_commitment_stands_is_answered_however_it_was_heard(
    town: Door, rasa: FakeRasa, intent: str
) -> None:
    rasa.intent = intent
    reply = await town.say("口袋公园的新建改造进展如何？")
    assert "/commitments/SL-CG-002" in reply
    assert (await town.only_case()).state == "answered"


async def test_what_made_no_sense_otherwise_is_offered(town: Door, rasa: FakeRasa) -> None:
    rasa.intent = "out_of_scope"
    assert f"选%20{HEATING_CODE}" in await town.say(HEATING)
    assert await town.cases() == []
    assert HEATING_CODE in await town.say("对")
    assert "帮不上忙" in await town.say("明天会下雨吗？")


async def test_when_a_named_unit_keeps_its_word_is_a_question(town: Door, rasa: FakeRasa) -> None:
    rasa.intent = "complaint"
    assert "/commitments/SL-JY-001" in await town.say("市教育局的城区义务教育阶段学位扩充承诺什么时候兑现？")


async def test_how_an_own_case_stands_is_no_question_to_the_registry(town: Door, rasa: FakeRasa) -> None:
    rasa.intent = "complaint"
    number = await town.files("红旗区平原路的口袋公园新建改造没人管")
    rasa.intent = "check_status"
    assert number in await town.say("口袋公园的新建改造进展如何？")


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        ("help", "怎么用你"),
        ("inquiry", "请问怎么投诉举报、咨询？"),
        ("inquiry", "怎么投诉"),
        ("thanks", "谢谢你们的答复"),
        ("help", "我的信息谁能看到"),
    ],
)
async def test_talk_about_the_bot_itself_is_no_case(
    town: Door, rasa: FakeRasa, intent: str, text: str
) -> None:
    rasa.intent = intent
    assert "请核对" not in await town.say(text)
    assert await town.cases() == []


async def test_a_question_beside_a_matter_that_has_been_lying_is_answered(town: Door, rasa: FakeRasa) -> None:
    rasa.intent = "complaint"
    await town.say(LAMP)
    town.clock.advance(hours=25)
    rasa.intent = "follow_commitment"
    reply = await town.say("口袋公园的新建改造进展如何？")
    assert "/commitments/SL-CG-002" in reply
    assert "没说完" in reply
    assert LAMP in await town.say("继续")
