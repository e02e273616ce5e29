"""Following commitments and voting in the chat: words, choices, numbers, and what is nothing of the kind."""

from collections.abc import Awaitable, Callable
from datetime import date

import pytest

from intake.commitments import opinions, polls
from intake.desk import Desk
from storage.vocab import CommitmentState
from tests.support.promises import promise

from .conftest import Citizen, Office, heard, words

SCHOOL, ROAD, BRIDGE = "SL-JY-901", "SL-ZJ-902", "示例-903"
Meet = Callable[[], Awaitable[Citizen]]


@pytest.fixture
async def promises(office: Office) -> None:
    async def write(desk: Desk) -> None:
        await promise(desk, SCHOOL, "示例新校区九月开放", due_on=date(2027, 9, 1))
        await promise(desk, ROAD, "示例大道三月通车", department="zhujian", due_on=date(2026, 3, 31))
        await promise(desk, BRIDGE, "示例大桥年底通车", department="zhujian")
        await promise(desk, "SL-904", "示例不公开", public=False)

    await office.do(write)


@pytest.fixture
async def poll(office: Office, promises: None) -> str:
    async def write(desk: Desk) -> None:
        row = await promise(desk, "SL-JY-905", "示例课后服务收费标准", state=CommitmentState.PREDISCLOSURE)
        await polls.begin(
            desk, row, polls.OpenPoll(question="您赞成这个标准吗？", closes_on=date(2026, 11, 30))
        )

    await office.do(write)
    return "SL-JY-905"


async def test_follow_by_code_however_it_is_typed_and_once(citizen: Citizen, promises: None) -> None:
    assert "已关注《示例新校区九月开放》" in (await citizen.say(f"关注 {SCHOOL}")).text
    assert "已经关注" in (await citizen.say("关注ｓｌ－ｊｙ－９０１")).text
    assert "关注了1项" in (await citizen.say("我的关注")).text


async def test_follow_by_name_several_are_offered_and_a_digit_chooses(
    citizen: Citizen, promises: None
) -> None:
    offered = await citizen.say("关注 通车")
    assert words(offered) == [f"关注 {ROAD}", f"关注 {BRIDGE}"]
    assert "已过期限" in offered.buttons[0].label
    assert "示例大桥" in (await citizen.say("2")).text
    assert "已关注《示例大道三月通车》" in (await citizen.say("关注示例大道三月通车")).text


@pytest.mark.parametrize("said", ["关注 没有这项", "关注 SL-904", "关注 SL-000"])
async def test_what_is_not_there_or_not_public_says_so_with_a_link(
    citizen: Citizen, promises: None, said: str
) -> None:
    reply = await citizen.say(said)
    assert "没有找到" in reply.text
    assert [url.partition("?")[0] for _, url in reply.links] == ["https://example.test/m/commitments"]


async def test_follow_alone_asks_which(citizen: Citizen, promises: None) -> None:
    assert "名称或编号" in (await citizen.say("关注")).text


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("我想关注示例新校区的进展", "已关注《示例新校区九月开放》"),
        ("有消息了告诉我一声", "想关注哪一项"),
        ("别再给我发新校区的消息了", "已取消关注《示例新校区九月开放》"),
        ("示例新校区那项承诺", "状态：履行中"),
        ("取消收费的承诺", "没有找到“取消收费”"),
    ],
)
async def test_own_words_name_what_is_followed(
    citizen: Citizen, promises: None, said: str, answered: str
) -> None:
    if "取消关注" in answered:
        await citizen.say(f"关注 {SCHOOL}")
    assert answered in (await citizen.say(said, heard("follow_commitment"))).text


async def test_unfollow_with_one_word(citizen: Citizen, promises: None) -> None:
    assert "还没有关注" in (await citizen.say("取关")).text
    await citizen.say(f"关注 {SCHOOL}")
    assert "已取消关注《示例新校区九月开放》" in (await citizen.say("取关")).text
    assert "还没有关注" in (await citizen.say("我的关注")).text


async def test_unfollow_one_of_several(citizen: Citizen, promises: None) -> None:
    for code in (SCHOOL, ROAD, BRIDGE):
        await citizen.say(f"关注 {code}")
    listed = (await citizen.say("我的关注")).text
    assert "关注了3项" in listed
    assert "示例大道三月通车（已过期限）" in listed
    offered = await citizen.say("取关")
    assert len(offered.buttons) == 3
    await citizen.say(f"取关 {BRIDGE}")
    await citizen.say("取关 sl－jy－901")
    left = await citizen.say("取消关注")
    assert "已取消关注《示例大道三月通车》" in left.text
    for code in (SCHOOL, ROAD):
        await citizen.say(f"关注 {code}")
    assert "已取消关注《示例大道三月通车》" in (await citizen.say("取关 2")).text
    await citizen.say(f"关注 {ROAD}")
    assert "都取消" in (await citizen.say("取关 全部")).text


async def test_a_commitment_by_its_name_offers_to_follow_it(citizen: Citizen, promises: None) -> None:
    shown = await citizen.say("查承诺 新校区")
    assert "履行中" in shown.text
    assert "2027年9月1日" in shown.text
    assert words(shown) == [f"关注 {SCHOOL}"]
    await citizen.say(f"关注 {SCHOOL}")
    assert words(await citizen.say("查承诺 新校区")) == []
    assert (await citizen.say("查承诺")).links


async def test_vote_change_it_and_say_something(citizen: Citizen, office: Office, poll: str) -> None:
    shown = await citizen.say("投票")
    assert "您赞成这个标准吗" in shown.text
    assert "2026年11月30日" in shown.text
    assert words(shown) == [f"赞成 {poll}", f"反对 {poll}", f"提意见 {poll}", f"关注 {poll}"]
    assert "已记下：赞成" in (await citizen.say("赞成")).text
    assert "已记下：反对" in (await citizen.say(f"反对 {poll}")).text
    assert "您现在选的是“反对”" in (await citizen.say(f"投票 {poll}")).text
    assert "请说说您" in (await citizen.say("提意见")).text
    assert "收到您" in (await citizen.say("我叫王小明，电话13800000000，建议按学期收")).text

    async def look(desk: Desk) -> tuple[object, object]:
        row = await desk.unit.commitments.get(poll)
        assert row is not None
        return await polls.told(desk, row, staff=True), await opinions.given(desk, citizen.reporter_id, poll)

    told, given = await office.do(look)
    assert told["counts"] == {"agree": 0, "against": 1, "opinion": 1}
    assert "按学期收" in given.opinion
    assert "王小明" not in given.opinion
    assert "13800000000" not in given.opinion


async def test_the_poll_closes_at_its_date_whatever_runs(
    citizen: Citizen, meet: Meet, office: Office, poll: str
) -> None:
    await citizen.say(f"赞成 {poll}")
    office.clock.pass_by(days=7, hours=13)  # 23:00 of the last day
    assert "已记下" in (await (await meet()).say(f"赞成 {poll}")).text
    office.clock.pass_by(hours=2)
    late = await citizen.say(f"反对 {poll}")
    assert "已经截止" in late.text
    assert "赞成 2 人，反对 0 人" in late.text
    assert "没有在征求意见" in (await citizen.say("投票")).text
    assert await office.do(polls.close_due) == 1
    assert await office.do(polls.close_due) == 0


@pytest.mark.parametrize(
    "said",
    [
        "反对在示例小区门口设垃圾站",
        "反对！示例小区门口不能设垃圾站",
        "赞成。不过示例路的灯也该修了",
        "投票选村主任的时候有人送东西",
        "意见：示例小区楼下太吵",
    ],
)
async def test_everyday_speech_is_no_vote(citizen: Citizen, poll: str, said: str) -> None:
    reply = await citizen.say(said)
    assert "没有找到" not in reply.text
    assert "已记下：" not in reply.text


async def test_a_draft_goes_on_after_a_vote(citizen: Citizen, poll: str) -> None:
    await citizen.say("红旗区平原路的路灯不亮一个月了，请投诉")
    reply = await citizen.say(f"赞成 {poll}")
    assert "已记下：赞成" in reply.text
    assert "回到刚才的事" in reply.text
