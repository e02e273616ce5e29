"""How people really talk: contacts nobody asked for, corrections inside a sentence, few words, dialect."""

from dataclasses import replace

import pytest

from bot.nlu.port import Entity, Understanding
from storage.vocab import Breach

from .conftest import Citizen, Office, heard, words

LAMP = "红旗区平原路的路灯不亮一个月了"


def promise() -> Understanding:
    return heard("complaint", about=0.9, breach=((Breach.B5, 0.8),))


async def test_a_name_and_a_phone_under_the_confirmation_are_taken_as_such(citizen: Citizen) -> None:
    await citizen.say(LAMP, heard("complaint"))
    taken = await citizen.say("我叫李示例 13800000000", heard("check_status"))
    assert "李示例、尾号0000的电话" in taken.text


async def test_an_anonymous_reporter_is_told_that_a_phone_is_not_kept(citizen: Citizen) -> None:
    await citizen.say(LAMP, heard("complaint"))
    await citizen.say("匿名")
    told = await citizen.say("13800000000")
    assert "匿名不收姓名电话" in told.text
    assert "尾号" not in (await citizen.say("实名")).text


async def test_no_thanks_lets_an_unfinished_matter_go(citizen: Citizen) -> None:
    await citizen.say("平原路的路灯什么时候能亮", heard("complaint", 0.4))
    assert "已取消" in (await citizen.say("不用了，谢谢")).text


async def test_what_is_said_right_after_filing_may_be_more_of_it(citizen: Citizen, office: Office) -> None:
    number = await citizen.files()
    asked = await citizen.say("俺是封丘县应举镇的", heard("complaint", 0.25))
    assert words(asked)[0] == f"补充 {number}"
    assert "已补充到" in (await citizen.say(words(asked)[0])).text
    assert "supplement" in await office.events(number)
    assert citizen.state.draft is None


async def test_the_day_of_a_promise_is_the_one_said_with_it(citizen: Citizen) -> None:
    text = "今天必须说清楚，区住建局公示说9月30日前完工，12月1日还没动静"
    days = (("今天", "2026-11-23"), ("9月30日", "2026-09-30"), ("12月1日", "2026-12-01"))
    dates = tuple(Entity("due_date", d, text.index(d), text.index(d) + len(d), day) for d, day in days)
    shown = await citizen.say(text, replace(promise(), entities=dates))
    assert "期限2026年9月30日" in shown.text


async def test_a_resident_is_not_asked_whether_a_company_complains(citizen: Citizen) -> None:
    shown = await citizen.say("我是示例小区的业主，热力公司承诺10月底前改造完管网，现在还没完", promise())
    assert "代表企业" not in shown.text


async def test_a_phone_sent_right_after_filing_is_kept_for_the_case(citizen: Citizen, office: Office) -> None:
    number = await citizen.files()
    assert number in (await citizen.say("电话13800000000", heard("check_status"))).text
    row = await office.do(lambda desk: desk.unit.identities.get(citizen.reporter_id))
    assert office.vault.open(row.phone, "identity") == "13800000000"
    assert number in (await citizen.say("13900000000")).text


async def test_another_unit_may_be_named_without_being_asked(citizen: Citizen) -> None:
    await citizen.say(LAMP, heard("complaint"))
    shown = await citizen.say("单位不对，应该是红旗区城管局", heard("complaint"))
    assert "单位改为" in shown.text
    assert "单位不对" not in shown.text


@pytest.mark.parametrize("text", ["办完没有", "咋还不办", "有信儿没"])
async def test_asking_how_it_stands_is_never_taken_for_a_no(citizen: Citizen, text: str) -> None:
    number = await citizen.files()
    assert number in (await citizen.say(text, heard("deny"))).text


async def test_who_says_only_that_there_is_something_is_asked_what(citizen: Citizen) -> None:
    assert "一句话" in (await citizen.say("我要投诉你们", heard("out_of_scope"))).text


@pytest.mark.parametrize(
    ("text", "told"),
    [("大概多久能答复", "10个"), ("有照片，怎么发给你们", "发到这个对话里")],
)
async def test_questions_about_the_service_right_after_filing(citizen: Citizen, text: str, told: str) -> None:
    await citizen.files()
    assert told in (await citizen.say(text, heard("help"))).text


@pytest.mark.parametrize("wish", ["匿名举报！", "我要匿名", "不要实名", "那改成匿名吧", "还是匿名的好"])
async def test_a_wish_for_anonymity_is_heard_however_it_is_said(citizen: Citizen, wish: str) -> None:
    await citizen.say(LAMP, heard("complaint"))
    assert "方式：匿名" in (await citizen.say(wish)).text


async def test_a_few_words_will_do_where_we_asked(citizen: Citizen) -> None:
    await citizen.say("投诉")
    assert "事情：路灯坏了" in (await citizen.say("路灯坏了", heard("out_of_scope", 0.3))).text


async def test_a_few_words_unasked_are_kept_and_the_rest_is_asked_for(citizen: Citizen) -> None:
    assert "一句话" in (await citizen.say("平原路", heard("complaint"))).text
    assert "事情：平原路 红旗区平原路" in (await citizen.say("红旗区平原路", heard("complaint"))).text


async def test_a_few_more_words_are_added_and_puzzled_ones_are_not(citizen: Citizen) -> None:
    await citizen.say("工地拖欠我三个月工资", heard("complaint"))
    assert "老板跑了" in (await citizen.say("老板跑了", heard("out_of_scope", 0.2))).text
    puzzled = await citizen.say("啥意思", heard("out_of_scope", 0.2))
    assert "没太听明白" in puzzled.text
    assert "啥意思" not in puzzled.text


async def test_a_name_that_many_units_bear_does_not_eat_up_the_words(citizen: Citizen) -> None:
    told = await citizen.say("办事大厅的人态度太差了，材料退回来三次", heard("complaint"))
    assert "请核对" in told.text


async def test_a_name_and_then_a_phone_right_after_filing(citizen: Citizen, office: Office) -> None:
    await citizen.files()
    await citizen.say("俺叫李示例", heard("complaint", 0.2))
    await citizen.say("俺电话13800000000", heard("check_status"))
    row = await office.do(lambda desk: desk.unit.identities.get(citizen.reporter_id))
    assert office.vault.open(row.name, "identity") == "李示例"
    assert office.vault.open(row.phone, "identity") == "13800000000"


async def test_a_name_alone_is_kept_whole(citizen: Citizen) -> None:
    await citizen.say(LAMP, heard("complaint"))
    await citizen.say("补充姓名电话")
    assert "您留的李示例" in (await citizen.say("李示例")).text


async def test_a_list_stays_open_where_the_answer_was_not_understood(citizen: Citizen) -> None:
    await citizen.files()
    await citizen.files("牧野区和平路的井盖丢了，很危险")
    await citizen.say("进度")
    await citizen.say("全部", heard("out_of_scope", 0.2))
    assert "请回复1到2" in (await citizen.say("3")).text


async def test_nobody_needs_to_know_the_unit(citizen: Citizen) -> None:
    await citizen.say(LAMP, heard("complaint"))
    await citizen.say("改单位")
    assert "由受理员来定" in (await citizen.say("我也不知道哪个单位")).text


async def test_a_question_about_some_matter_is_no_cry_for_help(citizen: Citizen) -> None:
    assert "公积金怎么提取" in (await citizen.say("公积金怎么提取", heard("help"))).text


async def test_a_thank_you_after_the_receipt_is_not_corrected(citizen: Citizen) -> None:
    await citizen.files()
    assert "没有等您确认" not in (await citizen.say("好的")).text
    assert "没有等您确认" in (await citizen.say("确认")).text


async def test_a_new_matter_right_after_filing_is_no_question_about_us(citizen: Citizen) -> None:
    await citizen.files()
    asked = await citizen.say("新区的学校到底啥时候开工，区长在会上承诺过的", heard("inquiry"))
    assert "新区的学校" in asked.text


async def test_pressing_for_a_case_that_nobody_has_is_a_matter_itself(citizen: Citizen) -> None:
    words = "市住建局说示例小区今年六月交房，现在还没有动静，请抓紧办"
    asked = await citizen.say(words, heard("urge", 0.9))
    assert "示例小区今年六月交房" in asked.text
    assert "单号" in (await citizen.say("确认")).text


@pytest.mark.parametrize(
    "said",
    [
        "不是供热公司，是住建局的事",
        "不归热力公司管，归住建局管",
        "部门错了，应该找住建局",
        "不是供热的事儿，该找住建局",
    ],
)
async def test_not_that_unit_but_another_is_a_correction(citizen: Citizen, said: str) -> None:
    await citizen.say("我们小区停暖三天了，供热公司说好15号前恢复的", heard("complaint"))
    shown = await citizen.say(said, heard("complaint"))
    assert "住房和城乡建设局" in shown.text
    assert said not in shown.text


async def test_a_wish_not_to_be_known_is_no_question(citizen: Citizen) -> None:
    shown = await citizen.say("我想举报县城管局的人收钱 别让他们知道是我", heard("complaint"))
    assert "类型：投诉举报" in shown.text
    assert "方式：保密" in shown.text


async def test_who_sees_it_is_still_answered(citizen: Citizen) -> None:
    assert "遮住" in (await citizen.say("我举报的话他们会不会知道是我", heard("inquiry"))).text
