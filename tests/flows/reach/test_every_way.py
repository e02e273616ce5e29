"""A digest reaches its reader once by each way that they chose, whatever restarts; no word of the citizen."""

import pytest

from bot.workers.sending import LEASE
from intake.staffing import disable
from storage.vocab import Role
from tests.flows.deadlines.conftest import UNIT
from tests.flows.intake.people import BROKEN
from tests.flows.reach.conftest import ADDRESS, HEAD, OPENID, Town


async def everything(town: Town) -> None:
    """A head who is told by all ways there are."""
    await town.robot()
    head = await town.employ(HEAD, Role.HEAD, UNIT)
    assert "绑定好了" in await town.bind(HEAD)
    await town.choose(head, channels=["wechat", "email", "wecom"], email=ADDRESS)


def arrived(town: Town) -> tuple[int, int, int]:
    return len(town.heard()), len(town.mail.arrived), len(town.group.posts)


async def test_a_digest_arrives_once_by_each_way_that_was_chosen(town: Town) -> None:
    await everything(town)
    case = await town.late()
    await town.send(town.box, town.another_box())
    await town.send()
    assert arrived(town) == (1, 1, 1)
    (key, markdown), (mail,) = town.group.posts[0], town.mail.texts()
    assert key == "0123456789-secret-key"
    for text in (town.heard()[0], mail, markdown):
        assert "示例head" in text
        assert case.tracking_no in text
        assert "签收期限 2026-03-04 09:30，已经逾时" in text
        assert f"http://example.test/console/cases/{case.tracking_no}" in text
        assert BROKEN[:6] not in text
    (message,) = town.mail.arrived
    assert (message["To"], message["From"]) == (ADDRESS, "践诺 <reminders@example.test>")
    assert message["Subject"] == "践诺：1 条提醒，最早 2026-03-04 09:30"
    assert await town.told(HEAD) == [
        ("late", "console", None),
        ("late", "wechat", True),
        ("late", "email", True),
        ("late", "wecom", True),
    ]


async def test_the_list_of_the_console_shows_what_became_of_each(town: Town) -> None:
    await everything(town)
    town.mail.answers["RCPT"] = ["550 no such person"]
    await town.late()
    await town.send()
    async with town.page(HEAD, "/console/reminders") as page:
        assert "微信 已送到" in page.text
        assert "邮件 没有送到" in page.text
        assert "企业微信群 已送到" in page.text
    assert ("late", "console", True) in await town.told(HEAD)


async def test_nobody_is_sent_anything_who_chose_nothing(town: Town) -> None:
    await town.robot()
    await town.employ(HEAD, Role.HEAD, UNIT)
    await town.bind(HEAD)
    async with town.page(HEAD, "/console/me") as page:
        await page.post("/console/me", {"csrf": page.form("/console/me")["csrf"], "email": ADDRESS})
        assert "已保存" in page.text
    await town.late()
    await town.send()
    assert [channel for _, channel, _ in await town.told(HEAD)] == ["console"]


async def test_a_worker_that_dies_before_sending_leaves_the_digest_to_another(town: Town) -> None:
    await everything(town)
    await town.late()
    now = town.clock.wall()
    async with town.door.process.database.write() as unit:
        rows = await unit.outbox.claim(worker="dead", now=now, until=now + LEASE, limit=50)
    assert len(rows) == 4
    await town.send()
    assert arrived(town) == (0, 0, 0)
    town.clock.advance(seconds=LEASE.total_seconds() + 1)
    await town.send(town.box, town.another_box())
    assert arrived(town) == (1, 1, 1)


async def test_without_an_allowance_a_card_goes_and_its_report_counts(town: Town) -> None:
    await everything(town)
    town.clock.advance(hours=49)
    case = await town.late("2026-03-10 09:00")
    await town.send()
    (card,) = town.heard()
    assert case.tracking_no in card
    assert "答复期限" not in card
    assert "签收期限：已经逾时" in card
    assert ("late", "wechat", True) in await town.told(HEAD)


async def test_urgent_ones_go_apart_and_say_so(town: Town) -> None:
    head = await town.employ(HEAD, Role.HEAD, UNIT)
    await town.choose(head, channels=["email"], email=ADDRESS)
    await town.late("2026-03-03 11:31", urgent=True)
    await town.send()
    assert [message["Subject"].startswith("践诺：紧急件提醒 1 条") for message in town.mail.arrived] == [True]


async def test_whoever_stopped_following_is_not_written_to(town: Town) -> None:
    await everything(town)
    await town.late()
    async with town.door.process.database.write() as unit:
        reporter = await unit.identities.by_openid(
            *town.door.process.vault.lookups(town.door.platform.account.original_id, OPENID)
        )
        assert reporter is not None
        await unit.identities.change(
            reporter.reporter_id, {"reachable": False, "unreachable_why": "unsubscribed"}
        )
    await town.send()
    assert arrived(town) == (0, 1, 1)
    (row,) = await town.digests(HEAD, "wechat")
    assert (row.state, row.reason) == ("dead", "unreachable")


async def test_the_pages_of_consent_part_citizens_and_staff(town: Town) -> None:
    async with town.door.http.get(f"{town.door.url}/m/notices") as answer:
        assert "您负责的办件" not in await answer.text()
    async with town.door.http.get(f"{town.door.url}/m/notices?for=staff") as answer:
        told = await answer.text()
    assert "您负责的办件" in told
    assert "请您评价" not in told


@pytest.mark.parametrize("before", [True, False], ids=["before it is fired", "before it is sent"])
async def test_a_disabled_account_gets_nothing_any_more(town: Town, before: bool) -> None:
    await everything(town)
    if not before:
        await town.late()
    await town.door.process.database.run(lambda unit: disable(unit, HEAD))
    if before:
        await town.late()
    town.clock.advance(minutes=5)
    await town.send()
    assert arrived(town) == (0, 0, 0)
    told = await town.told(HEAD)
    assert {delivered for _, _, delivered in told} == (set() if before else {False})
    assert await town.door.say("解绑", OPENID) == "这个微信没有绑定工作账号，不用解绑。"
