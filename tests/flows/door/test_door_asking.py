"""Asking over the wire: an inquiry that the registry answers is filed and answered in one turn."""

import re

import pytest

from bot.simulator import drafts
from bot.simulator.deliver import Status
from bot.web import wechat
from storage.stores.cases import CaseRow
from storage.vocab import Role

from .conftest import ME, Door, FakeRasa, code_in, number_in, until

HEATING, HEATING_CODE = "冬季供暖室温达标是多少度？", "SL-RL-001"
HEATING_UNIT = "reli"
LAMP = "红旗区平原路的路灯不亮一个月了"
SHOWN = 300  # characters of an answer


async def actions(door: Door, case: CaseRow) -> list[str]:
    async with door.process.database.read() as unit:
        return [row.action for row in await unit.events.of("case", case.id)]


async def pushes(door: Door) -> list[str]:
    """Everything that was ever queued about the citizen's cases."""
    async with door.process.database.read() as unit:
        return [row.notice for case in await door.cases() for row in await unit.outbox.of_case(case.id)]


async def test_what_the_registry_surely_answers_is_filed_and_answered_in_one_turn(town: Door) -> None:
    reply = await town.say(HEATING)
    case = await town.only_case()
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
    assert (await town.only_case()).department == "gongan"


@pytest.mark.parametrize("words", ["解决了", "是的", "已解决", "明白了，谢谢", "link"])
async def test_an_answer_that_helped_closes_the_case(town: Door, words: str) -> None:
    number = number_in(await town.say(HEATING))
    told = await town.say(f"解决了 {number}" if words == "link" else words)
    case = await town.only_case()
    assert (case.state, case.rating) == ("closed", 5)
    assert "办结了" in told
    assert number in told
    await town.send()
    assert town.pushed() == []


@pytest.mark.parametrize("words", ["没解决", "不是", "还是没有解决", "不是我要问的", "link"])
async def test_an_answer_that_did_not_help_brings_the_case_to_the_unit(town: Door, words: str) -> None:
    number = number_in(await town.say(HEATING))
    told = await town.say(f"没解决 {number}" if words == "link" else words)
    case = await town.only_case()
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
    assert (await town.only_case()).state == "answered"
    await town.say("没解决")
    assert "好的" in await town.say("不用")
    assert (await town.only_case()).state == "handling"


async def test_a_question_after_choosing_to_ask(town: Door, rasa: FakeRasa) -> None:
    rasa.intent, rasa.confidence = "out_of_scope", 0.3
    await town.say("咨询")
    assert HEATING_CODE in await town.say(HEATING)
    assert (await town.only_case()).state == "answered"


@pytest.mark.parametrize(("word", "mode"), [("匿名", "anonymous"), ("保密", "confidential")])
async def test_a_mode_that_was_chosen_before_is_kept(town: Door, word: str, mode: str) -> None:
    await town.say("咨询")
    await town.say(word)
    reply = await town.say(HEATING)
    assert (await town.only_case()).mode == mode
    assert f"（{word}）" in reply
    assert "看不到您是谁" in reply


@pytest.mark.parametrize(("word", "mode"), [("匿名", "anonymous"), ("保密", "confidential")])
async def test_a_mode_that_is_said_right_after_changes_the_inquiry(town: Door, word: str, mode: str) -> None:
    number = number_in(await town.say(HEATING))
    told = await town.say(word)
    assert "看不到您是谁" in told
    assert told.splitlines()[-1] == f"单号：{number}"
    case = await town.only_case()
    assert (case.mode, case.state) == (mode, "answered")
    assert await actions(town, case) == ["file", "answer_now", "change_mode"]
    assert "办结了" in await town.say("是的")


async def test_once_a_unit_works_on_it_the_mode_stays_and_that_is_said(town: Door) -> None:
    await town.say(HEATING)
    await town.say("没解决")
    assert "不能再改" in await town.say("匿名")
    assert (await town.only_case()).mode == "named"


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
        told = await unit.events.of("case", (await town.only_case()).id)
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


async def test_a_late_answer_comes_as_one_message(
    town: Door, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wechat, "BUDGET", 0.3)
    rasa.mode = "hanging"
    delivery = await town.push(drafts.text(ME, HEATING))
    assert (delivery.status, delivery.raw) == (Status.SILENT, "success")
    await until(lambda: finished(town))
    await town.send()
    case = await town.only_case()
    (pushed,) = town.pushed()
    assert HEATING_CODE in pushed
    assert pushed.splitlines()[-1] == f"单号：{case.tracking_no}"


async def finished(door: Door) -> bool:
    rows = await door.inbox()
    return bool(rows) and all(row.done_at is not None for row in rows)
