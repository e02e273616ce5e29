"""Telling a matter: one message, one confirmation, a case; and everything that can be corrected before."""

import pytest

from bot.nlu.port import Understanding
from storage.vocab import Breach

from .conftest import Citizen, Office, code_of, heard, number_of, words

LAMP = "红旗区平原路的路灯不亮一个月了"
PROMISE = "市教育局承诺9月底前开放新校区，到现在也没有动静"


def promise() -> Understanding:
    return heard("complaint", about=0.9, breach=((Breach.B5, 0.8),))


async def test_one_message_and_one_confirmation_file_a_complaint(citizen: Citizen, office: Office) -> None:
    confirmation = await citizen.say(PROMISE, promise())
    for shown in (
        "类型：投诉举报",
        "答应过的：市教育局承诺9月底前开放新校区",
        "单位：新乡市教育局",
        "方式：实名",
        "谁会看到：",
    ):
        assert shown in confirmation.text
    receipt = await citizen.say("确认")
    case = await office.case(number_of(receipt))
    assert (case.type, case.mode, case.department, case.state) == (
        "complaint",
        "named",
        "jiaoyu",
        "dispatched",
    )
    assert case.text == PROMISE
    assert case.promise == "市教育局承诺9月底前开放新校区"
    assert case.breach == [{"code": "B5", "score": 0.8}]
    assert case.understood == "rasa"
    assert len(code_of(receipt)) == 6
    assert "2026年12月7日" in receipt.text
    assert receipt.links[0][1] == "https://example.test/m/notices"


async def test_an_ordinary_grievance_goes_to_the_hotline_desk_and_the_citizen_is_told(
    citizen: Citizen, office: Office
) -> None:
    confirmation = await citizen.say("楼下烧烤店油烟扰民，天天到半夜", heard("complaint", about=0.1))
    assert "12345" in confirmation.text
    receipt = await citizen.say("确认")
    assert "12345" in receipt.text
    assert "再转给主管单位" in receipt.text
    assert (await office.case(number_of(receipt))).department == "rexian"


async def test_rules_answer_while_the_model_is_away_and_the_case_says_so(
    citizen: Citizen, office: Office
) -> None:
    await citizen.say(LAMP)
    case = await office.case(number_of(await citizen.say("确认")))
    assert case.understood == "rules"


async def test_inquiry_and_suggestion(citizen: Citizen) -> None:
    asked = await citizen.say("请问市公积金中心贷款额度最高是多少", heard("inquiry"))
    assert "类型：咨询" in asked.text
    assert number_of(await citizen.say("确认")).startswith("ZX")
    proposed = await citizen.say("建议市城管局在人民公园增加夜间照明", heard("suggestion"))
    assert "类型：建议" in proposed.text
    assert number_of(await citizen.say("确认")).startswith("JY")


@pytest.mark.parametrize("text", ["我要投诉教育局", "投诉一下", "你好，我想反映个问题"])
async def test_a_message_that_says_nothing_yet_is_asked_about_once(citizen: Citizen, text: str) -> None:
    asked = await citizen.say(text, heard("complaint")) if text != "投诉一下" else await citizen.say("投诉")
    assert "一句话" in asked.text
    assert "请核对" in (await citizen.say(LAMP, heard("complaint"))).text


async def test_an_unsure_type_is_asked_with_three_choices(citizen: Citizen) -> None:
    asked = await citizen.say("平原路的路灯什么时候能亮", heard("complaint", 0.4))
    assert words(asked)[:3] == ["投诉", "咨询", "建议"]
    assert "类型：投诉举报" in (await citizen.say("投诉")).text


async def test_the_type_may_be_chosen_by_its_place_in_the_list(citizen: Citizen) -> None:
    await citizen.say("平原路的路灯什么时候能亮", heard("complaint", 0.4))
    assert "类型：咨询" in (await citizen.say("2")).text


async def test_each_item_can_be_corrected(citizen: Citizen, office: Office) -> None:
    await citizen.say(LAMP, heard("complaint"))
    await citizen.say("改类型")
    assert "类型：建议" in (await citizen.say("建议")).text
    offered = await citizen.say("改单位")
    assert len(offered.buttons) == 4
    assert "单位改为新乡市城市管理局" in (await citizen.say("城管局")).text
    await citizen.say("改内容")
    rewritten = await citizen.say("牧野区和平路的井盖丢了，很危险", heard("complaint"))
    assert "井盖" in rewritten.text
    assert "路灯" not in rewritten.text
    await citizen.say("补充姓名电话")
    contact = await citizen.say("张示例 13800000000")
    assert "尾号0000" in contact.text
    case = await office.case(number_of(await citizen.say("确认")))
    assert (case.type, case.department, case.place) == ("suggestion", "chengguan", "牧野区")


async def test_a_unit_that_is_not_found_is_asked_again(citizen: Citizen) -> None:
    await citizen.say(LAMP, heard("complaint"))
    await citizen.say("改单位")
    assert "没找到" in (await citizen.say("宇宙事务局")).text
    assert "请核对" in (await citizen.say("1")).text


@pytest.mark.parametrize(("word", "mode"), [("保密", "confidential"), ("匿名", "anonymous")])
async def test_another_mode_draws_the_confirmation_again(
    citizen: Citizen, office: Office, word: str, mode: str
) -> None:
    await citizen.say("我叫王小示，电话13800000000。" + PROMISE, promise())
    drawn = await citizen.say(word)
    assert "请核对" in drawn.text
    assert f"方式：{word}" in drawn.text
    assert "谁会看到：" in drawn.text
    case = await office.case(number_of(await citizen.say("确认")))
    assert case.mode == mode
    assert "13800000000" not in case.text
    assert case.department == "yingshang"


async def test_who_sees_what_is_said_before_filing_in_every_mode(citizen: Citizen) -> None:
    named = await citizen.say(PROMISE, promise())
    confidential = await citizen.say("保密")
    anonymous = await citizen.say("匿名")
    replies = (named, confidential, anonymous)
    seen = [next(line for line in r.text.splitlines() if line.startswith("谁会看到")) for r in replies]
    assert len(set(seen)) == 3
    assert "身份保管员" in seen[1]
    assert "谁也不能打开" in seen[2]


async def test_an_anonymous_reporter_leaves_no_name(citizen: Citizen) -> None:
    await citizen.say(LAMP, heard("complaint"))
    await citizen.say("补充姓名电话")
    await citizen.say("张示例 13800000000")
    await citizen.say("匿名")
    assert citizen.state.draft is not None
    assert citizen.state.draft.phone == ""
    assert "匿名不收" in (await citizen.say("补充姓名电话")).text


async def test_who_names_the_unit_that_handles_it_is_told(citizen: Citizen) -> None:
    named = await citizen.say(PROMISE, promise())
    assert "就是被反映的单位" in named.text
    assert "就是被反映的单位" not in (await citizen.say("保密")).text


async def test_who_asks_for_secrecy_in_the_text_gets_it(citizen: Citizen) -> None:
    drawn = await citizen.say("请为我保密，" + PROMISE, promise())
    assert "方式：保密" in drawn.text


async def test_only_an_enterprise_complaint_asks_who_complains(citizen: Citizen, office: Office) -> None:
    assert "代表企业" not in words(await citizen.say(LAMP, heard("complaint")))
    await citizen.say("取消")
    drawn = await citizen.say(
        "封丘县政府招商时承诺的扶持资金一直不给", heard("complaint", about=0.9, breach=((Breach.B2, 0.8),))
    )
    assert "代表企业" in words(drawn)
    assert "身份：企业" in (await citizen.say("代表企业")).text
    case = await office.case(number_of(await citizen.say("确认")))
    assert case.reporter_kind == "enterprise"


async def test_more_words_are_added_to_what_was_told(citizen: Citizen, office: Office) -> None:
    await citizen.say(LAMP, heard("complaint"))
    await citizen.say("晚上有老人摔倒了", heard("complaint"))
    await citizen.say("补充 就在小学门口")
    case = await office.case(number_of(await citizen.say("确认")))
    assert case.text == f"{LAMP}\n晚上有老人摔倒了\n就在小学门口"


async def test_a_matter_that_gets_too_long_is_said_to_be(citizen: Citizen) -> None:
    for n in range(9):
        reply = await citizen.say(f"{n}路路灯" * 150, heard("complaint"))
    assert "没能加上" in reply.text
    assert number_of(await citizen.say("确认"))


async def test_cancel_says_that_nothing_was_recorded(citizen: Citizen) -> None:
    await citizen.say(LAMP, heard("complaint"))
    assert "什么都没有登记" in (await citizen.say("取消")).text
    assert await citizen.cases() == []
    assert "没有" in (await citizen.say("确认")).text


async def test_back_goes_one_step(citizen: Citizen) -> None:
    await citizen.say(LAMP, heard("complaint"))
    await citizen.say("改单位")
    assert "请核对" in (await citizen.say("返回")).text
    assert "重新说一遍" in (await citizen.say("返回")).text
    assert "请核对" in (await citizen.say("返回")).text


async def test_skip_leaves_out_what_is_optional(citizen: Citizen) -> None:
    await citizen.say(LAMP, heard("complaint"))
    await citizen.say("补充姓名电话")
    assert "请核对" in (await citizen.say("跳过")).text


async def test_saying_yes_and_no_in_other_words(citizen: Citizen) -> None:
    await citizen.say(LAMP, heard("complaint"))
    wrong = await citizen.say("不对")
    assert "改类型" in words(wrong)
    receipt = await citizen.say("好的，就这样")
    assert number_of(receipt)


async def test_the_second_confirmation_files_nothing_again(citizen: Citizen) -> None:
    await citizen.files()
    assert "没有等您确认" in (await citizen.say("确认")).text
    assert len(await citizen.cases()) == 1


async def test_a_conversation_goes_on_after_hours(citizen: Citizen, office: Office) -> None:
    await citizen.say(LAMP, heard("complaint"))
    office.clock.pass_by(hours=9)
    assert number_of(await citizen.say("确认"))


async def test_after_a_day_of_silence_it_is_offered_to_go_on(citizen: Citizen, office: Office) -> None:
    await citizen.say(LAMP, heard("complaint"))
    office.clock.pass_by(hours=30)
    assert words(await citizen.say("确认")) == ["继续", "重新来"]
    assert await citizen.cases() == []
    assert LAMP in (await citizen.say("继续")).text
    assert number_of(await citizen.say("确认"))


async def test_a_new_matter_after_a_day_may_replace_the_old_one(citizen: Citizen, office: Office) -> None:
    await citizen.say(LAMP, heard("complaint"))
    office.clock.pass_by(hours=30)
    assert words(await citizen.say("卫滨区的公交站牌倒了没人修", heard("complaint"))) == ["继续", "重新来"]
    fresh = await citizen.say("重新来")
    assert "公交站牌" in fresh.text
    assert LAMP not in fresh.text


async def test_a_day_old_draft_does_not_take_in_a_new_matter(citizen: Citizen, office: Office) -> None:
    await citizen.say(LAMP, heard("complaint"))
    office.clock.pass_by(hours=30)
    await citizen.say("进度")
    await citizen.say("卫滨区的公交站牌倒了没人修", heard("complaint"))
    await citizen.say("晚上看不见容易撞上", heard("complaint"))
    assert "公交站牌" not in (await citizen.say("继续")).text
    await citizen.say("确认")
    case = await office.case(number_of(await citizen.say("确认")))
    assert case.text == "卫滨区的公交站牌倒了没人修\n晚上看不见容易撞上"


async def test_a_date_in_an_unpublished_year_is_called_estimated(citizen: Citizen, office: Office) -> None:
    office.clock.pass_by(days=365 * 3)
    await citizen.say(PROMISE, promise())
    assert "预计" in (await citizen.say("确认")).text


async def test_several_matters_in_one_message_are_one_case_and_that_is_said(citizen: Citizen) -> None:
    text = "我反映两件事：1、示例路路灯坏了一个月；2、小区东边垃圾没人清运"
    assert "您说了2件事，登记成一件" in (await citizen.say(text, heard("complaint"))).text
    await citizen.say("确认")
    assert [case.text for case in await citizen.cases()] == [text]
    assert "件事，登记成一件" not in (await citizen.say("示例路3.5公里路灯不亮", heard("complaint"))).text
