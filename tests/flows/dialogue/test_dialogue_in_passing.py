"""What people say in passing: the second one, make it a suggestion, no it is …, never mind."""

import pytest

from .conftest import Citizen, Office, heard, words

LAMP = "红旗区平原路的路灯不亮一个月了"


@pytest.mark.parametrize("said", ["第二个", "第2个", "第二件吧"])
async def test_the_second_of_a_list_may_be_said_in_words(citizen: Citizen, office: Office, said: str) -> None:
    first = await citizen.files()
    await citizen.files("牧野区示例街下水道堵了")
    await citizen.say("催办")
    assert first in (await citizen.say(said)).text
    assert "urge" in await office.events(first)


async def test_the_second_one_is_no_mark(citizen: Citizen, office: Office) -> None:
    number = await citizen.files()
    await office.answer(number)
    await citizen.say("第二个")
    assert (await office.case(number)).rating is None
    assert citizen.state.draft is None


@pytest.mark.parametrize("said", ["改成建议", "是建议", "那就改成建议吧"])
async def test_another_type_is_no_part_of_the_matter(citizen: Citizen, said: str) -> None:
    await citizen.say(LAMP, heard("complaint"))
    shown = await citizen.say(said)
    assert "类型：建议" in shown.text
    assert said not in shown.text


@pytest.mark.parametrize("said", ["不对，是示例大街", "不是平原路，是示例大街", "说错了 应该在示例大街"])
async def test_who_says_at_once_what_is_right_need_not_say_it_again(citizen: Citizen, said: str) -> None:
    await citizen.say(LAMP, heard("complaint"))
    shown = await citizen.say(said, heard("deny"))
    assert "示例大街" in shown.text
    assert words(shown)[0] == "确认"


async def test_a_no_alone_still_asks_what_is_wrong(citizen: Citizen) -> None:
    await citizen.say(LAMP, heard("complaint"))
    assert "哪里不对" in (await citizen.say("不是这样的", heard("deny"))).text


@pytest.mark.parametrize("said", ["不想反映了，撤回吧", "算了", "不投诉了"])
async def test_never_mind_after_filing_asks_whether_to_withdraw(
    citizen: Citizen, office: Office, said: str
) -> None:
    number = await citizen.files()
    assert f"确定撤回{number}" in (await citizen.say(said)).text
    await citizen.say("确认")
    assert (await office.case(number)).state == "withdrawn"


@pytest.mark.parametrize("said", ["你们电话多少", "怎么联系你们", "你们的联系方式是什么"])
async def test_who_asks_for_a_phone_is_told_one(citizen: Citizen, said: str) -> None:
    told = await citizen.say(said, heard("inquiry"))
    assert "12345" in told.text
    assert told.links == (("查看监督电话和邮箱", "https://example.test/m/contacts"),)
    assert citizen.state.draft is None


async def test_a_phone_of_some_other_office_is_a_question_to_it(citizen: Citizen) -> None:
    assert "打12345" not in (await citizen.say("示例路派出所电话是多少", heard("inquiry"))).text


async def test_who_wants_to_be_forgotten_is_told_how(citizen: Citizen) -> None:
    assert "取消关注" in (await citizen.say("怎么删除我的信息", heard("out_of_scope"))).text


@pytest.mark.parametrize("said", ["对吗", "嗯？", "是？", "好个屁", "好气"])
async def test_a_question_or_a_sneer_files_nothing(citizen: Citizen, said: str) -> None:
    await citizen.say(LAMP, heard("complaint"))
    again = await citizen.say(said, heard("affirm", 0.95))
    assert LAMP in again.text
    assert await citizen.cases() == []
    assert citizen.state.draft is not None
    assert citizen.state.draft.text == [LAMP]
