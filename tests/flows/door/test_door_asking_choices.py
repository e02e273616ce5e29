"""Where several entries may answer, where none does, and what is never answered by itself."""

import re

import pytest

from bot.settings import ROOT
from bot.simulator import drafts, scripts
from bot.simulator.remote import Remote

from .conftest import CARDS, ME, Door, FakeRasa, Opener, number_in

HEATING, HEATING_CODE = "冬季供暖室温达标是多少度？", "SL-RL-001"
CARD = "老年人优待证怎么办理？"
NOWHERE = "请问护照怎么办理"


async def test_several_are_offered_and_the_chosen_one_answers(town: Door) -> None:
    offer = await town.say(CARD)
    for code in CARDS:
        assert f"msgmenucontent=选%20{code}" in offer
    assert "都不是" in offer
    assert await town.cases() == []
    assert "请点" not in await town.say("确认"), "several: nothing is confirmed yet"
    assert await town.cases() == []
    answer = await town.say(f"选 {CARDS[1]}")
    case = await town.only_case()
    assert (case.state, case.text, case.department) == ("answered", CARD, "minzheng")
    assert f"/guides/{CARDS[1]}" in answer
    assert answer.splitlines()[-1] == f"单号：{case.tracking_no}"
    assert "这个选择已经过去了" in await town.say(f"选 {CARDS[0]}")


async def test_the_place_in_the_list_chooses_as_well(town: Door) -> None:
    offer = await town.say(CARD)
    third = re.findall(r"msgmenucontent=选%20(\S+?)&", offer)[2]
    assert f"/guides/{third}" in await town.say("3")


@pytest.mark.parametrize("words", ["都不是", "4", "不是", "跳过"])
async def test_none_of_what_was_offered_is_a_case_for_the_unit(town: Door, words: str) -> None:
    await town.say(CARD)
    shown = await town.say(words)
    assert "请核对" in shown
    assert "谁会看到" in shown
    assert await town.cases() == []
    number = number_in(await town.say("确认"))
    assert (await town.case(number)).state in ("received", "dispatched")


async def test_a_question_that_is_put_again_more_clearly_chooses(town: Door) -> None:
    await town.say(CARD)
    clear = "老年人优待证办理（红旗区）要什么材料？"
    assert f"/guides/{CARDS[1]}" in await town.say(clear)
    assert (await town.only_case()).text == f"{CARD}\n{clear}"


async def test_another_question_instead_of_a_choice_is_answered_beside(town: Door) -> None:
    await town.say(CARD)
    reply = await town.say(HEATING)
    assert HEATING_CODE in reply
    assert f"选%20{CARDS[2]}" in reply
    assert (await town.only_case()).text == HEATING
    assert f"/guides/{CARDS[2]}" in await town.say(f"选 {CARDS[2]}")


async def test_an_offer_may_be_left(town: Door) -> None:
    await town.say(CARD)
    assert "什么都没有登记" in await town.say("取消")
    assert await town.cases() == []


async def test_the_mode_may_be_said_while_entries_are_offered(town: Door) -> None:
    await town.say(CARD)
    assert f"选%20{CARDS[0]}" in await town.say("匿名")
    await town.say("1")
    assert (await town.only_case()).mode == "anonymous"


async def test_what_the_registry_does_not_answer_is_confirmed_as_ever(town: Door) -> None:
    assert "请核对" in await town.say(NOWHERE)
    assert await town.cases() == []
    assert number_in(await town.say("确认")).startswith("ZX")


@pytest.mark.parametrize(
    ("intent", "confidence", "text"),
    [
        ("complaint", 0.9, "停工一年了什么时候能交房"),
        ("inquiry", 0.9, "停工一年了什么时候能交房"),
        ("inquiry", 0.9, "冬季供暖室温一直不达标，没人管"),
        ("inquiry", 0.9, "冬季供暖室温达标是多少度？我叫王示例，电话13800000000"),
        ("complaint", 0.9, HEATING),
        ("suggestion", 0.9, "建议冬季供暖室温达标提高到20度"),
    ],
)
async def test_no_complaint_and_nothing_that_names_who_asks_is_answered_by_itself(
    town: Door, rasa: FakeRasa, intent: str, confidence: float, text: str
) -> None:
    rasa.intent, rasa.confidence = intent, confidence
    assert "请核对" in await town.say(text)
    assert await town.cases() == []


async def test_what_was_hardly_understood_is_offered_and_not_answered(town: Door, rasa: FakeRasa) -> None:
    rasa.confidence = 0.5
    offer = await town.say(HEATING)
    assert f"选%20{HEATING_CODE}" in offer
    assert await town.cases() == []
    assert number_in(await town.say("是的"))
    assert (await town.only_case()).state == "answered"


async def test_while_rasa_is_away_only_what_is_sure_is_answered(town: Door, rasa: FakeRasa) -> None:
    rasa.mode = "broken"
    assert HEATING_CODE in await town.say(HEATING)
    assert (await town.only_case()).understood == "rules"
    assert "请核对" in await town.say(CARD), "several are not offered"
    await town.say("取消")
    unsure = await town.say("冬季供暖室温达标呢")
    assert HEATING_CODE not in unsure, "the rules are not sure that it is a question"
    assert len(await town.cases()) == 1


async def test_files_beside_a_question_are_for_a_person(town: Door) -> None:
    await town.push(drafts.image(ME, "m1", "http://example.com/p"))
    assert "请核对" in await town.say(HEATING)


async def test_hostile_words_are_nowhere_in_the_answer(town: Door) -> None:
    reply = await town.say(f'{HEATING}]]></Content><a href="weixin://x">点我</a>')
    assert "weixin://x" not in reply
    assert "点我" not in reply
    assert HEATING_CODE in reply


async def test_an_entry_that_goes_while_it_is_offered_is_no_answer(town: Door) -> None:
    await town.say(CARD)
    async with town.process.database.write() as unit:
        await unit.connection.exec_driver_sql(f"DELETE FROM guide WHERE code = '{CARDS[0]}'")
    assert "请核对" in await town.say(f"选 {CARDS[0]}")
    assert await town.cases() == []


async def test_a_choice_and_a_verdict_outlive_a_restart(opener: Opener, rasa: FakeRasa) -> None:
    rasa.intent = "inquiry"
    async with opener.open() as before:
        await before.stock()
        await before.say(CARD)
    opener.clock.advance(hours=3)
    async with opener.open() as after:
        assert f"/guides/{CARDS[0]}" in await after.say(f"选 {CARDS[0]}")
        opener.clock.advance(hours=30)
        assert "办结了" in await after.say("解决了")


async def test_the_script_of_asking(town: Door) -> None:
    """``tests/scripts/asking.yml``, which any stand-in with this registry plays as well."""
    control = town.process.settings.wechat_api_url.removesuffix("/api")
    path = ROOT / "tests" / "scripts" / "asking.yml"
    await scripts.run(scripts.read(path), Remote(control, town.http), name=path.name)
