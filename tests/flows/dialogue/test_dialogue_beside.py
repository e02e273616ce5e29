"""Beside the telling: digressions and the way back, emergencies, people, menu, coming and going."""

import pytest

from bot.dialogue.engine import needs_understanding
from bot.dialogue.state import State
from bot.message import Inbound, Kind
from intake import messages

from .conftest import DISPATCHER, MONDAY, Citizen, Office, heard, number_of, words

LAMP = "红旗区平原路的路灯不亮一个月了"
ALWAYS = [
    "帮助",
    "进度",
    "人工",
    "催办",
    "撤回",
    "申诉",
    "评价 5",
    "不满意 没办好",
    "关注 教育",
    "取关 1",
    "我的关注",
    "查承诺",
]


@pytest.mark.parametrize("word", ALWAYS)
async def test_every_word_works_in_the_middle_and_the_draft_is_not_lost(citizen: Citizen, word: str) -> None:
    await citizen.say(LAMP, heard("complaint"))
    await citizen.say(word)
    await citizen.say("继续")
    assert number_of(await citizen.say("确认"))


@pytest.mark.parametrize("intent", ["greet", "thanks", "goodbye", "help", "out_of_scope"])
async def test_small_talk_does_not_lose_the_draft(citizen: Citizen, intent: str) -> None:
    await citizen.say(LAMP, heard("complaint"))
    reply = await citizen.say("说了一句别的什么话", heard(intent))
    assert "回到刚才的事" in reply.text
    assert "确认" in words(reply)
    assert number_of(await citizen.say("确认"))


async def test_a_question_in_the_middle_is_kept_and_taken_up_afterwards(citizen: Citizen) -> None:
    await citizen.say(LAMP, heard("complaint"))
    kept = await citizen.say("请问公积金贷款额度最高是多少？", heard("inquiry"))
    assert "记下了" in kept.text
    assert "确认" in words(kept)
    receipt = await citizen.say("确认")
    assert number_of(receipt).startswith("TS")
    assert "公积金" in receipt.text
    assert number_of(await citizen.say("确认")).startswith("ZX")


async def test_a_question_about_the_service_is_answered(citizen: Citizen) -> None:
    await citizen.say(LAMP, heard("complaint"))
    assert "10个" in (await citizen.say("多久能办好？", heard("inquiry"))).text
    assert "遮住" in (await citizen.say("会不会泄露我的信息", heard("inquiry"))).text
    assert "请核对" in (await citizen.say("继续")).text


async def test_a_question_about_the_same_matter_belongs_to_it(citizen: Citizen, office: Office) -> None:
    await citizen.say("市城管局答应修的路灯一直没修", heard("complaint"))
    await citizen.say("城管局为什么不给修路灯呢？", heard("inquiry"))
    case = await office.case(number_of(await citizen.say("确认")))
    assert "为什么不给修" in case.text


async def test_an_emergency_is_answered_with_the_numbers_first(citizen: Citizen, office: Office) -> None:
    reply = await citizen.say("小区着火了，快来人救火", heard("emergency"))
    assert reply.text.index("110") < reply.text.index("请核对")
    for number in ("110", "119", "120"):
        assert number in reply.text
    case = await office.case(number_of(await citizen.say("确认")))
    assert case.urgent


async def test_an_emergency_in_the_middle_makes_the_matter_urgent(citizen: Citizen, office: Office) -> None:
    await citizen.say("楼道里的燃气管道一直漏气没人管", heard("complaint"))
    assert "119" in (await citizen.say("煤气味很大有人晕倒了", heard("emergency"))).text
    case = await office.case(number_of(await citizen.say("确认")))
    assert case.urgent
    assert "晕倒" in case.text


async def test_a_person_is_asked_for(citizen: Citizen, office: Office) -> None:
    await citizen.say("人工")
    assert "已留给" in (await citizen.say("我看不见字，请打电话给我")).text
    left = await office.do(lambda desk: messages.listed(desk, DISPATCHER))
    assert [message.text for message in left] == ["我看不见字，请打电话给我"]


async def test_a_voice_and_photos_are_left_for_a_person_as_well(citizen: Citizen, office: Office) -> None:
    await citizen.say("人工")
    assert "已留给" in (await citizen.voice()).text
    assert await citizen.send(Kind.IMAGE, media_id="m1") is None
    left = await office.do(lambda desk: messages.listed(desk, DISPATCHER))
    assert [message.text for message in left] == ["（语音，见附件）"]
    kept = await office.do(lambda desk: desk.unit.files.of_messages([left[0].id]))
    assert sorted(file.kind for file in kept) == ["image", "voice"]
    assert citizen.state.draft is None
    office.clock.pass_by(minutes=1)
    assert "登记" in (await citizen.voice()).text


async def test_asking_for_a_person_in_the_middle_leads_back(citizen: Citizen) -> None:
    await citizen.say(LAMP, heard("complaint"))
    await citizen.say("转人工")
    assert "确认" in words(await citizen.say("我看不见字，请打电话给我"))
    assert number_of(await citizen.say("确认"))


async def test_an_old_question_does_not_swallow_a_new_matter(citizen: Citizen, office: Office) -> None:
    await citizen.say("人工")
    office.clock.pass_by(hours=5)
    assert "请核对" in (await citizen.say(LAMP, heard("complaint"))).text


async def test_welcome_and_coming_back(citizen: Citizen, office: Office) -> None:
    welcome = await citizen.event("subscribe", scene="7")
    assert welcome is not None
    assert "新乡市" in welcome.text
    assert welcome.links[0][1].endswith("/m/notices")
    await citizen.say(LAMP, heard("complaint"))
    assert await citizen.event("unsubscribe") is None
    assert citizen.state == State.fresh()
    row = await office.do(lambda desk: desk.unit.identities.get(citizen.reporter_id))
    assert not row.reachable
    await citizen.event("subscribe")
    row = await office.do(lambda desk: desk.unit.identities.get(citizen.reporter_id))
    assert row.reachable


@pytest.mark.parametrize("event", ["user_authorization_revoke", "user_authorization_cancellation"])
async def test_a_withdrawn_authorisation_is_leaving(citizen: Citizen, office: Office, event: str) -> None:
    assert await citizen.event(event) is None
    row = await office.do(lambda desk: desk.unit.identities.get(citizen.reporter_id))
    assert not row.reachable


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("report_complaint", "一句话"),
        ("report_inquiry", "想问什么"),
        ("report_suggestion", "什么建议"),
        ("progress", "还没有登记"),
        ("commitments", "公开的承诺"),
        ("help", "直接说事"),
        ("human", "留给工作人员"),
    ],
)
async def test_menu_clicks(citizen: Citizen, key: str, shown: str) -> None:
    reply = await citizen.event("click", event_key=key)
    assert reply is not None
    assert shown in reply.text


async def test_a_click_does_not_throw_away_what_was_told(citizen: Citizen) -> None:
    await citizen.say(LAMP, heard("complaint"))
    offered = await citizen.event("click", event_key="report_inquiry")
    assert offered is not None
    assert words(offered) == ["继续", "重新来"]
    assert LAMP in (await citizen.say("继续")).text


@pytest.mark.parametrize("event", ["location", "view", "masssendjobfinish", "kf_create_session"])
async def test_other_events_are_not_answered(citizen: Citizen, event: str) -> None:
    assert await citizen.event(event) is None
    assert citizen.state.updated_at is None


async def test_consents_are_recorded(citizen: Citizen, office: Office) -> None:
    items = ({"template_id": "a", "status": "accept"}, {"template_id": "b", "status": "reject"})
    await citizen.event("subscribe_msg_popup_event", items=items)
    rows = await office.do(lambda desk: desk.unit.consents.of(citizen.reporter_id))
    assert {row.template_id: row.accepted for row in rows} == {"a": True, "b": False}


async def test_what_needs_understanding() -> None:
    def wants(kind: Kind, text: str = "", event: str = "") -> bool:
        return needs_understanding(Inbound("a", "o", "k", MONDAY, kind, text, event), State.fresh())

    assert wants(Kind.TEXT, LAMP)
    for word in ("确认", "5", "TS20261123000423", "补充 又停水了", "[微笑]", "  ", "评价 3", "13800000000"):
        assert not wants(Kind.TEXT, word), word
    assert not wants(Kind.IMAGE)
    assert not wants(Kind.EVENT, event="subscribe")


async def test_what_was_asked_for_is_not_taken_for_something_else(citizen: Citizen) -> None:
    await citizen.say("投诉")
    told = await citizen.say("催了他们好几次了，楼下的下水道还是天天冒污水", heard("urge"))
    assert "请核对" in told.text
    await citizen.say("取消")
    await citizen.say("投诉")
    assert "留给工作人员" in (await citizen.say("我想和人说话", heard("request_human"))).text


async def test_a_refusal_in_the_middle_leads_back(citizen: Citizen) -> None:
    await citizen.say(LAMP, heard("complaint"))
    reply = await citizen.say("催办 TS20260101000014")
    assert "单号" in reply.text
    assert "确认" in words(reply)


async def test_emoji_alone(citizen: Citizen) -> None:
    assert "没太听明白" in (await citizen.say("[微笑]")).text


@pytest.mark.parametrize("text", ["我不想活了", "有人要跳楼", "救命啊，家里着火了"])
async def test_where_a_life_is_at_stake_the_numbers_come_first_whatever_was_understood(
    citizen: Citizen, text: str
) -> None:
    await citizen.files()
    assert "120" in (await citizen.say(text, heard("withdraw"))).text.partition("\n\n")[0]


async def test_danger_is_heard_also_where_other_words_were_asked_for(citizen: Citizen) -> None:
    await citizen.say("人工")
    assert "120" in (await citizen.say("我不想活了")).text


async def test_a_danger_of_the_past_is_a_matter_like_others(citizen: Citizen) -> None:
    assert "120" not in (await citizen.say("去年小区着火了，消防通道还是堵着", heard("complaint"))).text
