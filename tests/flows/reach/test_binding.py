"""A WeChat is bound by a code from the console, once, in ten minutes; citizens notice nothing of it."""

import asyncio

from bot.simulator.followers import openid_of
from storage.vocab import Role
from tests.flows.deadlines.conftest import UNIT
from tests.flows.door.conftest import number_in
from tests.flows.reach.conftest import HANDLER, HEAD, OPENID, Town

OTHER = openid_of(8)
WRONG = "这个绑定码不对"


async def bound(town: Town, login: str) -> bool:
    async with town.page(login, "/console/me") as page:
        return "已经绑定" in page.text


async def test_the_page_shows_a_code_that_binds(town: Town) -> None:
    await town.employ(HEAD, Role.HEAD, UNIT)
    assert not await bound(town, HEAD)
    code = await town.code(HEAD)
    said = await town.door.say(f"绑定：{code[:3]} {code[3:]}", OPENID)
    assert "绑定好了" in said
    assert await bound(town, HEAD)
    async with town.page(HEAD, "/console/me") as page:
        assert OPENID not in page.html
        assert code not in page.html, "shown once"
    async with town.door.process.database.read() as unit:
        row = await unit.reach.of(HEAD)
        citizen = await unit.identities.by_openid(
            *town.door.process.vault.lookups(town.door.platform.account.original_id, OPENID)
        )
    assert row is not None
    assert citizen is not None
    assert row.openid is not None
    assert OPENID.encode() not in row.openid
    assert row.openid_hmac != citizen.openid_hmac, "no join tells what the same person reported"


async def test_a_code_is_worth_nothing_after_ten_minutes(town: Town) -> None:
    await town.employ(HEAD, Role.HEAD, UNIT)
    early, late = await town.code(HEAD), None
    town.clock.advance(minutes=9, seconds=59)
    late = await town.code(HEAD)
    assert WRONG in await town.door.say(f"绑定 {early}", OPENID), "a newer one replaces it"
    town.clock.advance(minutes=10)
    assert "过了十分钟" in await town.door.say(f"绑定 {late}", OPENID)
    assert not await bound(town, HEAD)


async def test_a_code_is_used_once_whoever_types_it(town: Town) -> None:
    await town.employ(HEAD, Role.HEAD, UNIT)
    code = await town.code(HEAD)
    assert "绑定好了" in await town.door.say(f"绑定 {code}", OPENID)
    for openid in (OPENID, OTHER):
        assert "已经用过" in await town.door.say(f"绑定 {code}", openid)
    await town.late()
    await town.send()
    assert (len(town.heard(OPENID)), len(town.heard(OTHER))) == (1, 0)


async def test_of_two_people_at_once_one_is_bound(town: Town) -> None:
    await town.employ(HEAD, Role.HEAD, UNIT)
    code = await town.code(HEAD)
    said = await asyncio.gather(*(town.door.say(f"绑定 {code}", one) for one in (OPENID, OTHER)))
    assert sorted("绑定好了" in one for one in said) == [False, True]
    assert sorted("已经用过" in one for one in said) == [False, True]


async def test_a_new_code_moves_the_account_to_another_wechat(town: Town) -> None:
    await town.employ(HEAD, Role.HEAD, UNIT)
    await town.bind(HEAD, OPENID)
    await town.bind(HEAD, OTHER)
    await town.late()
    await town.send()
    assert (len(town.heard(OPENID)), len(town.heard(OTHER))) == (0, 1)


async def test_one_wechat_is_of_one_account(town: Town) -> None:
    await town.employ(HEAD, Role.HEAD, UNIT)
    await town.employ(HANDLER, Role.HANDLER, UNIT)
    await town.bind(HEAD)
    code = await town.code(HANDLER)
    assert "另一个工作账号" in await town.door.say(f"绑定 {code}", OPENID)
    assert "已经解绑" in await town.door.say("解绑", OPENID)
    assert "绑定好了" in await town.door.say(f"绑定 {code}", OPENID), "the code was not spent"
    assert not await bound(town, HEAD)
    assert await bound(town, HANDLER)


async def test_five_wrong_codes_an_hour_are_enough(town: Town) -> None:
    await town.employ(HEAD, Role.HEAD, UNIT)
    code = await town.code(HEAD)
    wrong = [f"{(int(code) + n) % 1_000_000:06}" for n in range(1, 6)]
    for one in wrong:
        assert WRONG in await town.door.say(f"绑定 {one}", OPENID)
    assert "试错太多次" in await town.door.say(f"绑定 {code}", OPENID)
    assert "绑定好了" in await town.door.say(f"绑定 {code}", OTHER), "others are not held up"


async def test_unbinding_by_word_or_by_button_ends_the_messages(town: Town) -> None:
    await town.employ(HEAD, Role.HEAD, UNIT)
    await town.bind(HEAD)
    async with town.page(HEAD, "/console/me") as page:
        await page.send("/console/me/unbind")
        assert "已解绑" in page.text
    assert "没有绑定" in await town.door.say("解绑", OPENID)
    await town.bind(HEAD)
    await town.late()
    assert "已经解绑" in await town.door.say("解绑", OPENID)
    await town.send()
    assert town.heard() == []
    (row,) = await town.digests(HEAD, "wechat")
    assert (row.state, row.reason) == ("dead", "not_set_up")


async def test_a_citizen_who_tells_a_matter_is_not_disturbed(town: Town) -> None:
    await town.door.say("红旗区平原路的路灯不亮一个月了", OTHER)
    said = await town.door.say("绑定 123456", OTHER)
    assert WRONG in said
    assert "路灯" in said, "and back to what was being told"
    assert "没有绑定" in await town.door.say("解绑", OTHER)
    assert number_in(await town.door.say("确认", OTHER))
    told = await town.door.say("我的手机号绑定了别人的社保卡，社保局一直不给解绑", OTHER)
    assert "绑定码" not in told
    assert "工作账号" not in told


async def test_a_forged_form_makes_no_code(town: Town) -> None:
    await town.employ(HEAD, Role.HEAD, UNIT)
    async with town.page(HEAD, "/console/me") as page:
        await page.post("/console/me/code", {"csrf": "forged"})
        assert page.status == 403
        assert "分钟内" not in page.text
