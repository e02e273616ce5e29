"""Abuse alone is answered with one calm sentence and is never a matter; a matter told with abuse is one."""

import pytest

from .conftest import Citizen, heard

ABUSE = (
    *("你们这帮狗日的王八蛋", "操你妈的什么破单位", "一群废物，吃干饭的", "垃圾政府", "你他妈的到底管不管"),
    *("去死吧", "滚", "草泥马", "TMD", "尼玛！！！", "臭不要脸的东西"),
)
MATTERS = (
    *("操你妈的，人民路路灯坏了一个月了", "狗日的物业停水三天了", "垃圾没人清运", "危险废物倒在河边没人管"),
    *("滚动电梯坏了一个月", "操场没建好就收钱"),
)
ASKED = "请告诉我在哪里、出了什么事"
LAMP = "红旗区平原路的路灯不亮一个月了"


@pytest.mark.parametrize("words", ABUSE)
async def test_abuse_alone_is_asked_calmly_what_happened(citizen: Citizen, words: str) -> None:
    for intent in ("complaint", "out_of_scope", "affirm"):
        told = await citizen.say(words, heard(intent))
        assert ASKED in told.text
        assert len(told.text.splitlines()) == 1
        assert citizen.state.draft is None


async def test_abuse_confirms_nothing_and_is_no_part_of_what_is_told(citizen: Citizen) -> None:
    await citizen.say(LAMP, heard("complaint"))
    again = await citizen.say("妈的", heard("affirm", 0.95))
    assert ASKED in again.text
    assert LAMP in again.text
    assert await citizen.cases() == []
    await citizen.say("确认")
    assert [case.text for case in await citizen.cases()] == [LAMP]


async def test_abuse_is_not_what_happened_where_that_was_asked(citizen: Citizen) -> None:
    await citizen.say("投诉")
    assert ASKED in (await citizen.say("去你妈的", heard("complaint"))).text
    assert "类型：投诉举报" in (await citizen.say(LAMP, heard("complaint"))).text


@pytest.mark.parametrize("words", MATTERS)
async def test_a_matter_told_with_abuse_is_a_matter(citizen: Citizen, words: str) -> None:
    shown = await citizen.say(words, heard("complaint"))
    assert "类型：投诉举报" in shown.text
    assert words in shown.text
