"""How a case stands: with and without a number, and another's with its query code."""

from collections.abc import Awaitable, Callable

from intake.cases.numbering import tracking_no
from storage.vocab import CaseType

from .conftest import MONDAY, Citizen, Office, code_of, heard, number_of, words

Meet = Callable[[], Awaitable[Citizen]]
LAMP = "红旗区平原路的路灯不亮一个月了"


async def test_without_cases(citizen: Citizen) -> None:
    assert "还没有登记" in (await citizen.say("进度")).text


async def test_the_only_case_is_shown(citizen: Citizen) -> None:
    number = await citizen.files()
    shown = await citizen.say("进度")
    assert number in shown.text
    assert "状态：" in shown.text
    assert f"催办 {number}" in words(shown)


async def test_of_several_up_to_five_are_offered(citizen: Citizen) -> None:
    numbers = [await citizen.files(f"和平路第{n}盏路灯一个月不亮") for n in range(1, 7)]
    offered = await citizen.say("进度")
    assert words(offered) == [f"进度 {number}" for number in reversed(numbers[1:])]
    assert numbers[5] in (await citizen.say("1")).text
    await citizen.say("进度")
    assert "1到5" in (await citizen.say("9")).text


async def test_in_other_words(citizen: Citizen) -> None:
    number = await citizen.files()
    assert number in (await citizen.say("我反映的路灯那件事办得怎么样了", heard("check_status"))).text


async def test_a_number_inside_words_that_nobody_understood(citizen: Citizen) -> None:
    number = await citizen.files()
    assert "状态：" in (await citizen.say(f"{number}咋样啦", heard("out_of_scope", 0.3))).text


async def test_a_number_however_typed(citizen: Citizen) -> None:
    number = await citizen.files()
    typed = f"{number[:2].lower()} {number[2:10]}-{number[10:]}"
    assert number in (await citizen.say(typed)).text


async def test_a_wrong_check_digit(citizen: Citizen) -> None:
    number = await citizen.files()
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert "请核对单号" in (await citizen.say(wrong)).text
    assert "请核对单号" in (await citizen.say(f"进度 {wrong}")).text
    assert "请核对单号" in (await citizen.say(f"催办 {wrong}")).text


async def test_anothers_number_opens_only_with_the_query_code(meet: Meet, office: Office) -> None:
    owner, other = await meet(), await meet()
    await owner.say(LAMP, heard("complaint"))
    receipt = await owner.say("确认")
    number, code = number_of(receipt), code_of(receipt)
    asked = await other.say(number)
    assert "查询码" in asked.text
    assert "路灯" not in asked.text
    shown = await other.say(code)
    assert "路灯" in shown.text
    assert words(shown) == []
    mine = (await office.case(number)).reporter_id
    await office.do(lambda desk: desk.unit.identities.change(mine, {"reachable": False}))
    shown = await other.say(f"进度 {number} {code}")
    assert words(shown) == ["挂到我的微信", "不用"]
    assert number in (await other.say("挂到我的微信")).text
    assert number in (await other.say("进度")).text


async def test_number_and_code_in_one_message(meet: Meet) -> None:
    owner, other = await meet(), await meet()
    await owner.say(LAMP, heard("complaint"))
    receipt = await owner.say("确认")
    shown = await other.say(f"{number_of(receipt)} {code_of(receipt)}")
    assert "路灯" in shown.text
    assert "好的" in (await other.say("不用")).text
    assert await other.cases() == []


async def test_wrong_codes_are_counted(meet: Meet, office: Office) -> None:
    owner, other = await meet(), await meet()
    await owner.say(LAMP, heard("complaint"))
    receipt = await owner.say("确认")
    number, right = number_of(receipt), code_of(receipt)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for _ in range(5):
        assert "不对" in (await other.say(f"{number} {wrong}")).text
    assert "一小时后" in (await other.say(f"{number} {right}")).text
    office.clock.pass_by(hours=2)
    assert "路灯" in (await other.say(f"{number} {right}")).text


async def test_a_number_that_does_not_exist_is_asked_for_its_code_too(citizen: Citizen) -> None:
    number = tracking_no(CaseType.COMPLAINT, MONDAY.date(), 77)
    assert "查询码" in (await citizen.say(number)).text
    assert "不对" in (await citizen.say("123456")).text


async def test_the_answer_is_shown_and_a_long_one_page_by_page(citizen: Citizen, office: Office) -> None:
    number = await citizen.files()
    await office.answer(number, "已经修好。" * 200)
    shown = await citizen.say("进度")
    assert "已解决" in shown.text
    assert f"全文 {number} 1" in words(shown)
    page = await citizen.say(f"全文 {number} 1")
    assert words(page) == [f"全文 {number} 2"]
    assert words(await citizen.say(f"全文 {number} 3")) == []


async def test_a_deadline_that_has_passed_is_called_so(citizen: Citizen, office: Office) -> None:
    number = await citizen.files()
    assert "超期" not in (await citizen.say(f"进度 {number}")).text
    office.clock.pass_by(days=30)
    assert "已经超期，督办人员看得到" in (await citizen.say(f"进度 {number}")).text
