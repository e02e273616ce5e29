"""The commitment that a complaint may be about: named in the confirmation, and never in the way."""

import pytest

from bot.wechat.render import plain_text
from intake.desk import Desk
from storage.vocab import CaseState
from tests.flows.dialogue.conftest import Citizen, Office, heard, number_of, words

TITLE = "【示例】老旧小区改造"
ZJ = {
    "code": "SL-ZJ-001",
    "title": TITLE,
    "text": "年内完成老旧小区的管网和外墙改造。",
    "department": "zhujian",
}
OLD = {
    "code": "SL-ZJ-009",
    "title": "【示例】老旧小区加装电梯",
    "text": "老旧小区改造时加装电梯。",
    "department": "zhujian",
}
TOLD = "阳光小区说好年内完成老旧小区改造，管网到现在没动"


@pytest.fixture(autouse=True)
async def promised(office: Office) -> None:
    rows = [one | {"category": "service", "state": "active", "historical": True} for one in (ZJ, OLD)]

    async def add(desk: Desk) -> None:
        await desk.unit.registry.add_commitments(rows, desk.now())

    await office.do(add)


async def test_what_the_citizen_says_is_kept_as_the_citizens(citizen: Citizen, office: Office) -> None:
    shown = await citizen.say(TOLD, heard("complaint", about=0.9))
    assert f"可能与这项承诺有关：{TITLE}（SL-ZJ-001）" in shown.text
    assert [button.label for button in shown.buttons[:3]] == ["确认", "是这项", "不是"]
    again = await citizen.say("是这项")
    assert f"有关的承诺：{TITLE}（SL-ZJ-001）" in again.text
    assert "是这项" not in words(again)
    case = await office.case(number_of(await citizen.say("确认")))
    assert (case.commitment, case.commitment_by, case.department) == ("SL-ZJ-001", "citizen", "zhujian")
    assert case.about_commitment == 0.9, "only the office's word raises it"


async def test_after_not_it_may_be_that_one_after_all(citizen: Citizen, office: Office) -> None:
    await citizen.say(TOLD, heard("complaint", about=0.9))
    while "不是" in [button.label for button in (await citizen.say("不是")).buttons]:
        continue
    await citizen.say("是这项")
    case = await office.case(number_of(await citizen.say("确认")))
    assert case.commitment_by == "citizen"
    assert case.commitment in {"SL-ZJ-001", "SL-ZJ-009"}


async def test_who_says_nothing_to_it_files_all_the_same(citizen: Citizen, office: Office) -> None:
    await citizen.say(TOLD, heard("complaint", about=0.9))
    case = await office.case(number_of(await citizen.say("确认")))
    assert (case.commitment, case.commitment_by) == (None, None)
    (filed, *_) = await office.do(lambda desk: desk.unit.events.of("case", case.id))
    assert filed.body["commitment_suggestion"][0]["code"] == "SL-ZJ-001"
    assert "commitment_denied" not in filed.body


@pytest.mark.parametrize("no", ["不是", "不是这项"])
async def test_one_that_it_is_not_is_named_no_more(citizen: Citizen, office: Office, no: str) -> None:
    await citizen.say(TOLD, heard("complaint", about=0.9))
    second = await citizen.say(no)
    assert "SL-ZJ-001" not in second.text
    assert "SL-ZJ-009" in second.text
    third = await citizen.say(no)
    assert "可能与这项承诺有关" not in third.text
    assert "不是这项" not in words(third)
    case = await office.case(number_of(await citizen.say("确认")))
    (filed, *_) = await office.do(lambda desk: desk.unit.events.of("case", case.id))
    assert (case.commitment, filed.body["commitment_denied"]) == (None, ["SL-ZJ-001", "SL-ZJ-009"])


async def test_a_yes_can_be_taken_back(citizen: Citizen, office: Office) -> None:
    await citizen.say(TOLD, heard("complaint", about=0.9))
    await citizen.say("是这项")
    assert "SL-ZJ-001" not in (await citizen.say("不是这项")).text
    assert (await office.case(number_of(await citizen.say("确认")))).commitment is None


async def test_a_confidential_complaint_goes_around_the_unit_that_promised(
    citizen: Citizen, office: Office
) -> None:
    await citizen.say("改造说好年内完成老旧小区，管网到现在没动，请保密", heard("complaint", about=0.9))
    shown = await citizen.say("是这项")
    assert "不经被反映的单位" in shown.text
    case = await office.case(number_of(await citizen.say("确认")))
    assert (case.mode, case.accused) == ("confidential", ["zhujian"])
    assert case.department not in (None, "zhujian")
    assert case.state == CaseState.DISPATCHED
    assert "zhujian" in await office.do(lambda desk: desk.unit.cases.hidden_from(case.id))


async def test_only_complaints_are_asked(citizen: Citizen) -> None:
    shown = await citizen.say("建议老旧小区改造年内完成管网和外墙", heard("suggestion", about=0.9))
    assert "可能与这项承诺有关" not in shown.text
    assert "没有要您确认的承诺" in (await citizen.say("是这项")).text
    assert "SL-ZJ-001" in (await citizen.say("投诉")).text
    assert "SL-ZJ-001" not in (await citizen.say("建议")).text


async def test_other_words_drop_what_was_said_of_the_commitment(citizen: Citizen, office: Office) -> None:
    await citizen.say(TOLD, heard("complaint", about=0.9))
    await citizen.say("是这项")
    await citizen.say("改内容")
    await citizen.say("阳光小区的垃圾一个月没人清运", heard("complaint"))
    assert (await office.case(number_of(await citizen.say("确认")))).commitment is None


async def test_the_longest_confirmation_is_whole_on_the_screen(citizen: Citizen) -> None:
    shown = await citizen.say(TOLD * 12, heard("complaint", about=0.9))
    assert "是这项" in plain_text(shown)
