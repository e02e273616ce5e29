"""我也遇到了: joining a matter that is being worked on, without a word of whoever told it first."""

from collections.abc import Awaitable, Callable

from .conftest import Citizen, Office, heard, number_of, words

Meet = Callable[[], Awaitable[Citizen]]

FIRST = "阳光小区停暖三天了，热力公司说十五号前恢复，家里老人住院了"
AGAIN = "阳光小区停暖三天了，热力公司没有恢复"


async def test_a_second_reporter_joins_and_is_told_like_the_first(meet: Meet, office: Office) -> None:
    one, two = await meet(), await meet()
    await one.say(FIRST, heard("complaint", about=0.9))
    first = number_of(await one.say("确认"))
    shown = await two.say(AGAIN, heard("complaint", about=0.9))
    assert "我也遇到了" in words(shown)
    assert "差不多的事（阳光小区）" in shown.text
    assert "住院" not in shown.text
    assert first not in shown.text
    receipt = await two.say("我也遇到了")
    assert "并在一起办" in receipt.text
    assert first not in receipt.text
    second = number_of(receipt)
    lead, case = await office.case(first), await office.case(second)
    assert (case.merged_into, case.state, case.department) == (lead.id, lead.state, lead.department)


async def test_who_confirms_instead_files_alone(meet: Meet, office: Office) -> None:
    one, two = await meet(), await meet()
    await one.say(FIRST, heard("complaint", about=0.9))
    await one.say("确认")
    await two.say(AGAIN, heard("complaint", about=0.9))
    assert (await office.case(number_of(await two.say("确认")))).merged_into is None


async def test_nobody_is_offered_their_own_case_or_another_place(meet: Meet) -> None:
    one, two = await meet(), await meet()
    await one.say(FIRST, heard("complaint", about=0.9))
    await one.say("确认")
    assert "我也遇到了" not in words(await one.say("新的事 " + AGAIN, heard("complaint", about=0.9)))
    shown = await two.say(AGAIN.replace("阳光", "锦绣"), heard("complaint", about=0.9))
    assert "我也遇到了" not in words(shown)


async def test_the_words_alone_join_nothing(meet: Meet) -> None:
    one = await meet()
    assert "没有可以并" in (await one.say("我也遇到了")).text
