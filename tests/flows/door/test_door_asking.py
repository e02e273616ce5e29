"""Asking over the wire: an inquiry that the registry answers is filed and answered in one turn."""

import re

import pytest

from bot.settings import ROOT
from bot.simulator import drafts, scripts
from bot.simulator.deliver import Status
from bot.simulator.remote import Remote
from bot.web import wechat
from intake import registry
from storage.stores.cases import CaseRow
from storage.vocab import Role

from .conftest import ME, Door, FakeRasa, Opener, code_in, number_in, until

HEATING = "冬季供暖室温达标是多少度？"
HEATING_CODE, HEATING_UNIT = "SL-RL-001", "reli"
CARD = "老年人优待证怎么办理？"
CARDS = ("SL-CARD-1", "SL-CARD-2", "SL-CARD-3")
NOWHERE = "请问护照怎么办理"
LAMP = "红旗区平原路的路灯不亮一个月了"
SHOWN = 300  # characters of an answer


@pytest.fixture
async def town(door: Door, rasa: FakeRasa) -> Door:
    """With the sample registry, three guides of one name, and a Rasa that hears an inquiry."""
    await stock(door)
    rasa.intent = "inquiry"
    return door


async def stock(door: Door) -> None:
    process = door.process
    guides = [
        {
            "code": code,
            "title": f"【示例】老年人优待证办理（{place}）",
            "department": "minzheng",
            "steps": [f"到{place}民政窗口申请"],
            "cautions": [],
            "documents": ["身份证"],
            "place": "",
            "time_limit": "",
            "phone": "",
        }
        for code, place in zip(CARDS, ("卫滨区", "红旗区", "牧野区"), strict=True)
    ]
    async with process.database.write() as unit:
        await registry.seed_sample(unit, process.city, process.clock.now())
        await unit.registry.add_guides(guides, process.clock.now())
    await process.refresh()


async def only_case(door: Door) -> CaseRow:
    (case,) = await door.cases()
    return case


async def actions(door: Door, case: CaseRow) -> list[str]:
    async with door.process.database.read() as unit:
        return [row.action for row in await unit.events.of("case", case.id)]


async def pushes(door: Door) -> list[str]:
    """Everything that was ever queued about the citizen's cases."""
    async with door.process.database.read() as unit:
        return [row.notice for case in await door.cases() for row in await unit.outbox.of_case(case.id)]


async def test_what_the_registry_surely_answers_is_filed_and_answered_in_one_turn(town: Door) -> None:
    reply = await town.say(HEATING)
    case = await only_case(town)
    assert (case.type, case.state, case.department, case.mode) == (
        "inquiry",
        "answered",
        HEATING_UNIT,
        "named",
    )
    assert (case.text, case.outcome, case.understood) == (HEATING, "explained", "rasa")
    assert await actions(town, case) == ["file", "answer_now"]
    answer = reply.partition("\n谁会看到")[0]
    assert len(answer) <= SHOWN
    unit = town.process.city.unit_name(HEATING_UNIT)
    for part in ("18 摄氏度", "履行中", "2027", unit, "示例文件（供热服务承诺）"):
        assert part in answer, part
    assert f'href="https://example.test/commitments/{HEATING_CODE}"' in reply
    assert "这解决了您的问题吗" in reply
    assert f"msgmenucontent=解决了%20{case.tracking_no}" in reply
    assert f"msgmenucontent=没解决%20{case.tracking_no}" in reply
    assert reply.splitlines()[-1] == f"单号：{case.tracking_no}"
    assert len(code_in(reply)) == 6
    assert case.last_hash in reply
    assert "前没有回复就办结" in reply
    assert len(reply.encode()) <= 2048
    await town.send()
    assert (await pushes(town), town.pushed()) == ([], [])


async def test_a_guide_answers_with_its_own_page(town: Door) -> None:
    reply = await town.say("居民身份证补办要什么材料？")
    assert 'href="https://example.test/guides/ZN-GA-SF"' in reply
    assert (await only_case(town)).department == "gongan-huzheng" or (
        await only_case(town)
    ).state == "answered"


@pytest.mark.parametrize("words", ["解决了", "是的", "已解决", "明白了，谢谢", "link"])
async def test_an_answer_that_helped_closes_the_case(town: Door, words: str) -> None:
    number = number_in(await town.say(HEATING))
    told = await town.say(f"解决了 {number}" if words == "link" else words)
    case = await only_case(town)
    assert (case.state, case.rating) == ("closed", 5)
    assert "办结了" in told
    assert number in told
    await town.send()
    assert town.pushed() == []


@pytest.mark.parametrize("words", ["没解决", "不是", "还是没有解决", "不是我要问的", "link"])
async def test_an_answer_that_did_not_help_brings_the_case_to_the_unit(town: Door, words: str) -> None:
    number = number_in(await town.say(HEATING))
    told = await town.say(f"没解决 {number}" if words == "link" else words)
    case = await only_case(town)
    assert (case.state, case.department, case.rating) == ("handling", HEATING_UNIT, None)
    async with town.process.database.read() as unit:
        running = {row.kind for row in await unit.clocks.of_case(case.id) if row.ended_at is None}
    assert running == {"rework"}
    assert town.process.city.unit_name(HEATING_UNIT) in told
    assert re.search(r"2026年\d+月\d+日（周.）前答复您", told)
    assert "已补充到" in await town.say("我家是老小区，去年改的管道")
    await town.send()
    assert town.pushed() == []
    await town.act(number, "answer", Role.HANDLER, text="已上门测温。", outcome="resolved")
    await town.act(number, "approve", Role.HEAD)
    await town.send()
    assert ["已上门测温" in text for text in town.pushed()] == [True]


async def test_who_needs_nothing_more_just_says_so(town: Door) -> None:
    await town.say(HEATING)
    assert "好的" in await town.say("不用了")
    assert (await only_case(town)).state == "answered"
    await town.say("没解决")
    assert "好的" in await town.say("不用")
    assert (await only_case(town)).state == "handling"


async def test_several_are_offered_and_the_chosen_one_answers(town: Door) -> None:
    offer = await town.say(CARD)
    for code in CARDS:
        assert f"msgmenucontent=选%20{code}" in offer
    assert "都不是" in offer
    assert await town.cases() == []
    assert "请点" not in await town.say("确认"), "several: nothing is confirmed yet"
    assert await town.cases() == []
    answer = await town.say(f"选 {CARDS[1]}")
    case = await only_case(town)
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


async def test_more_words_instead_of_a_choice_are_looked_for_anew(town: Door) -> None:
    await town.say(CARD)
    await town.say("取消")
    assert await town.say("确认") == "现在没有等您确认的事。有什么事您直接说。" or await town.cases() == []
    await town.say(CARD)
    await town.say(HEATING)
    assert len(await town.cases()) <= 1


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
    assert (await only_case(town)).state == "answered"


async def test_a_question_after_choosing_to_ask(town: Door, rasa: FakeRasa) -> None:
    rasa.intent, rasa.confidence = "out_of_scope", 0.3
    await town.say("咨询")
    assert HEATING_CODE in await town.say(HEATING)
    assert (await only_case(town)).state == "answered"


@pytest.mark.parametrize(("word", "mode"), [("匿名", "anonymous"), ("保密", "confidential")])
async def test_a_mode_that_was_chosen_before_is_kept(town: Door, word: str, mode: str) -> None:
    await town.say("咨询")
    await town.say(word)
    reply = await town.say(HEATING)
    assert (await only_case(town)).mode == mode
    assert f"（{word}）" in reply
    assert "看不到您是谁" in reply


@pytest.mark.parametrize(("word", "mode"), [("匿名", "anonymous"), ("保密", "confidential")])
async def test_a_mode_that_is_said_right_after_changes_the_inquiry(town: Door, word: str, mode: str) -> None:
    number = number_in(await town.say(HEATING))
    told = await town.say(word)
    assert "看不到您是谁" in told
    assert told.splitlines()[-1] == f"单号：{number}"
    case = await only_case(town)
    assert (case.mode, case.state) == (mode, "answered")
    assert await actions(town, case) == ["file", "answer_now", "change_mode"]
    assert "办结了" in await town.say("是的")


async def test_once_a_unit_works_on_it_the_mode_stays_and_that_is_said(town: Door) -> None:
    await town.say(HEATING)
    await town.say("没解决")
    assert "不能再改" in await town.say("匿名")
    assert (await only_case(town)).mode == "named"


async def test_after_an_hour_a_mode_is_explained_as_ever(town: Door) -> None:
    await town.say(HEATING)
    town.clock.advance(minutes=61)
    assert "登记时有三种方式" in await town.say("匿名")


async def test_what_is_known_of_the_citizen_is_said_without_saying_it(town: Door, rasa: FakeRasa) -> None:
    rasa.intent = "complaint"
    await town.say(LAMP)
    await town.say("我叫王示例 13800000000")
    await town.say("确认")
    rasa.intent = "inquiry"
    reply = await town.say(HEATING)
    assert "以前留的姓名、电话" in reply
    assert "13800000000" not in reply
    assert "王示例" not in reply


async def test_the_same_question_within_the_hour_is_answered_from_the_same_case(town: Door) -> None:
    first = await town.say(HEATING)
    again = await town.say("再问一下，冬季供暖室温达标是多少度？")
    assert number_in(again) == number_in(first)
    assert "查询码" not in again
    assert "这解决了您的问题吗" in again
    assert len(await town.cases()) == 1
    await town.say("没解决")
    async with town.process.database.read() as unit:
        told = await unit.events.of("case", (await only_case(town)).id)
    assert (told[-1].action, (told[-1].body or {})["reason"]) == (
        "reopen",
        "再问一下，冬季供暖室温达标是多少度？",
    )
    await town.say("不用")
    assert "正在办" in await town.say(HEATING)
    assert len(await town.cases()) == 1


async def test_a_question_that_was_done_with_or_is_an_hour_old_is_another_case(town: Door) -> None:
    await town.say(HEATING)
    town.clock.advance(minutes=61)
    await town.say(HEATING)
    await town.say("解决了")
    await town.say(HEATING)
    assert len(await town.cases()) == 3


async def test_another_mode_is_another_case(town: Door) -> None:
    await town.say(HEATING)
    await town.say("咨询")
    await town.say("匿名")
    await town.say(HEATING)
    assert sorted(case.mode for case in await town.cases()) == ["anonymous", "named"]


async def test_a_question_in_the_middle_is_answered_and_the_telling_goes_on(
    town: Door, rasa: FakeRasa
) -> None:
    rasa.intent = "complaint"
    await town.say(LAMP)
    rasa.intent = "inquiry"
    reply = await town.say(HEATING)
    asked = await only_case(town)
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


@pytest.mark.parametrize("intent", ["follow_commitment", "check_status", "out_of_scope"])
async def test_how_a_commitment_stands_is_answered_however_it_was_heard(
    town: Door, rasa: FakeRasa, intent: str
) -> None:
    rasa.intent = intent
    reply = await town.say("口袋公园的新建改造进展如何？")
    assert "/commitments/SL-CG-002" in reply
    assert (await only_case(town)).state == "answered"


async def test_when_a_named_unit_keeps_its_word_is_a_question(town: Door, rasa: FakeRasa) -> None:
    rasa.intent = "complaint"
    assert "/commitments/SL-JY-001" in await town.say("市教育局的城区义务教育阶段学位扩充承诺什么时候兑现？")


async def test_how_an_own_case_stands_is_no_question_to_the_registry(town: Door, rasa: FakeRasa) -> None:
    rasa.intent = "complaint"
    number = await town.files("红旗区平原路的口袋公园新建改造没人管")
    rasa.intent = "check_status"
    assert number in await town.say("口袋公园的新建改造进展如何？")


@pytest.mark.parametrize(
    ("intent", "text"), [("help", "怎么用你"), ("thanks", "谢谢你们的答复"), ("help", "我的信息谁能看到")]
)
async def test_talk_about_the_bot_itself_is_no_case(
    town: Door, rasa: FakeRasa, intent: str, text: str
) -> None:
    rasa.intent = intent
    await town.say(text)
    assert await town.cases() == []


async def test_while_rasa_is_away_only_what_is_sure_is_answered(town: Door, rasa: FakeRasa) -> None:
    rasa.mode = "broken"
    assert HEATING_CODE in await town.say(HEATING)
    assert (await only_case(town)).understood == "rules"
    assert "请核对" in await town.say(CARD), "several are not offered"
    await town.say("取消")
    unsure = await town.say("冬季供暖室温达标呢")
    assert HEATING_CODE not in unsure, "the rules are not sure that it is a question"
    assert len(await town.cases()) == 1


async def test_a_late_answer_comes_as_one_message(
    town: Door, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wechat, "BUDGET", 0.3)
    rasa.mode = "hanging"
    delivery = await town.push(drafts.text(ME, HEATING))
    assert (delivery.status, delivery.raw) == (Status.SILENT, "success")
    await until(lambda: finished(town))
    await town.send()
    case = await only_case(town)
    (pushed,) = town.pushed()
    assert HEATING_CODE in pushed
    assert pushed.splitlines()[-1] == f"单号：{case.tracking_no}"


async def test_files_beside_a_question_are_for_a_person(town: Door) -> None:
    await town.push(drafts.image(ME, "m1", "http://example.com/p"))
    assert "请核对" in await town.say(HEATING)


async def test_hostile_words_are_nowhere_in_the_answer(town: Door) -> None:
    reply = await town.say(f'{HEATING}]]></Content><a href="weixin://x">点我</a>')
    assert "weixin://x" not in reply
    assert "点我" not in reply or "＜a" in reply


async def test_an_entry_that_goes_while_it_is_offered_is_no_answer(town: Door) -> None:
    await town.say(CARD)
    async with town.process.database.write() as unit:
        await unit.connection.exec_driver_sql(f"DELETE FROM guide WHERE code = '{CARDS[0]}'")
    assert "请核对" in await town.say(f"选 {CARDS[0]}")
    assert await town.cases() == []


async def test_a_choice_and_a_verdict_outlive_a_restart(opener: Opener, rasa: FakeRasa) -> None:
    rasa.intent = "inquiry"
    async with opener.open() as before:
        await stock(before)
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


async def finished(door: Door) -> bool:
    rows = await door.inbox()
    return bool(rows) and all(row.done_at is not None for row in rows)
