"""What a citizen does with a case that is filed: add, press, withdraw, appeal, rate, have it done again."""

from storage.vocab import Role

from .conftest import Citizen, Office, heard, number_of, words


async def test_supplement_with_words(citizen: Citizen, office: Office) -> None:
    number = await citizen.files()
    assert number in (await citizen.say("补充 昨天又有人摔倒")).text
    assert "supplement" in await office.events(number)


async def test_supplement_asks_for_the_words(citizen: Citizen, office: Office) -> None:
    number = await citizen.files()
    assert "请发要补充" in (await citizen.say("补充")).text
    assert "已补充" in (await citizen.say("昨天又有人摔倒，就在小学门口")).text
    assert (await office.events(number)).count("supplement") == 1


async def test_supplement_keeps_its_words_while_a_case_is_chosen(citizen: Citizen, office: Office) -> None:
    first = await citizen.files()
    second = await citizen.files("卫滨区的公交站牌倒了没人修")
    offered = await citizen.say("补充 昨天又有人摔倒")
    assert words(offered) == [f"补充 {second}", f"补充 {first}"]
    assert first in (await citizen.say(f"补充 {first}")).text
    assert "supplement" in await office.events(first)
    assert "supplement" not in await office.events(second)


async def test_urge_once_per_working_day(citizen: Citizen, office: Office) -> None:
    number = await citizen.files()
    assert "已替您催办" in (await citizen.say("催办")).text
    assert "已经催过" in (await citizen.say(f"催办 {number}")).text
    office.clock.pass_by(days=1)
    assert "已替您催办" in (await citizen.say("催一下")).text
    assert (await office.events(number)).count("urge") == 2


async def test_a_day_off_belongs_to_the_working_day_before(citizen: Citizen, office: Office) -> None:
    await citizen.files()
    office.clock.pass_by(days=4)  # Friday
    assert "已替您催办" in (await citizen.say("催办")).text
    office.clock.pass_by(days=1)  # Saturday
    assert "已经催过" in (await citizen.say("催办")).text
    office.clock.pass_by(days=2)  # Monday
    assert "已替您催办" in (await citizen.say("催办")).text


async def test_withdraw_asks_once_more(citizen: Citizen, office: Office) -> None:
    number = await citizen.files()
    assert words(await citizen.say("撤回")) == ["确认", "不用"]
    assert (await office.case(number)).state != "withdrawn"
    assert "已撤回" in (await citizen.say("确认")).text
    assert (await office.case(number)).state == "withdrawn"
    assert "没有可以撤回" in (await citizen.say("撤回")).text


async def test_withdraw_may_be_taken_back(citizen: Citizen, office: Office) -> None:
    number = await citizen.files()
    await citizen.say("撤回")
    await citizen.say("不用")
    await citizen.say("确认")
    assert (await office.case(number)).state != "withdrawn"


async def test_appeal_once(citizen: Citizen, office: Office) -> None:
    await citizen.voice()
    number = number_of(await citizen.say("确认"))
    await office.act(number, "decline", code="litigation", reason="已进入诉讼")
    assert f"申诉 {number}" in words(await citizen.say(f"进度 {number}"))
    assert "请说说为什么" in (await citizen.say("申诉")).text
    assert "已提交申诉" in (await citizen.say("没有起诉过，只是想问问")).text
    assert (await office.case(number)).state == "received"
    await office.act(number, "decline", code="litigation", reason="已进入诉讼")
    assert "已经申诉过" in (await citizen.say(f"申诉 {number} 还要申诉")).text


async def test_a_bare_digit_rates_the_only_answered_case(citizen: Citizen, office: Office) -> None:
    number = await citizen.files()
    await office.answer(number)
    assert "5分" in (await citizen.say("5")).text
    case = await office.case(number)
    assert (case.rating, case.state) == (5, "closed")


async def test_a_bare_digit_means_nothing_where_nothing_was_asked(citizen: Citizen) -> None:
    await citizen.files()
    assert "没看懂" in (await citizen.say("5")).text


async def test_rate_with_a_word_and_among_several(citizen: Citizen, office: Office) -> None:
    first = await citizen.files()
    second = await citizen.files("卫滨区的公交站牌倒了没人修")
    await office.answer(first)
    await office.answer(second)
    offered = await citizen.say("评价 4")
    assert words(offered) == [f"评价 4 {second}", f"评价 4 {first}"]
    await citizen.say(f"评价 4 {first}")
    assert (await office.case(first)).rating == 4
    assert (await office.case(second)).rating is None


async def test_a_bad_rating_offers_to_have_it_done_again(citizen: Citizen, office: Office) -> None:
    number = await citizen.files()
    await office.answer(number)
    assert "重办" in (await citizen.say("评价 1")).text
    assert "已要求重办" in (await citizen.say("根本没人来修")).text
    assert (await office.case(number)).state == "handling"


async def test_dissatisfied_with_a_reason_reopens_once(citizen: Citizen, office: Office) -> None:
    number = await citizen.files()
    await office.answer(number)
    assert "已要求重办" in (await citizen.say("不满意 灯还是不亮")).text
    events = await office.events(number)
    assert events[-2:] == ["rate", "reopen"]
    await office.act(number, "answer", role=Role.HANDLER, text="已换新灯", outcome="resolved")
    await office.act(number, "approve", role=Role.HEAD)
    again = await citizen.say("不满意 还是不亮")
    assert "已经重办过一次" in again.text
    case = await office.case(number)
    assert (case.state, case.rating) == ("answered", 2)


async def test_rating_in_words(citizen: Citizen, office: Office) -> None:
    number = await citizen.files()
    await office.answer(number)
    await citizen.say("我对答复非常满意", heard("rate"))
    assert (await office.case(number)).rating == 5


async def test_what_the_state_refuses_is_said_in_plain_words(citizen: Citizen, office: Office) -> None:
    number = await citizen.files()
    await office.answer(number)
    assert "已答复待评价" in (await citizen.say(f"催办 {number}")).text
    assert "已答复待评价" in (await citizen.say(f"撤回 {number}")).text
    await citizen.say("5")
    assert "已经办结" in (await citizen.say(f"评价 3 {number}")).text


async def test_anothers_case_cannot_be_touched(citizen: Citizen) -> None:
    await citizen.files()
    other = "TS20260101000014"
    for word in ("催办", "撤回", "补充", "申诉"):
        reply = await citizen.say(f"{word} {other}")
        assert "单号" in reply.text


async def test_the_next_words_after_a_question_are_its_reply(citizen: Citizen, office: Office) -> None:
    number = await citizen.files()
    await citizen.say("好的谢谢")
    if (await office.case(number)).state == "received":
        await office.act(number, "dispatch", department="chengguan")
    await office.act(number, "sign", role=Role.HANDLER)
    office.clock.pass_by(minutes=5)
    await office.act(number, "ask_citizen", role=Role.HANDLER, text="是哪一盏？")
    office.clock.pass_by(minutes=5)
    assert "已转给承办单位" in (await citizen.say("东边第三盏")).text
    assert (await office.events(number))[-1] == "reply_citizen"
    assert citizen.state.draft is None
    await citizen.say("公园的长椅坏了没人管")
    assert citizen.state.draft is not None
