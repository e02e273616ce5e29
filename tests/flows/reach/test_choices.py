"""Quiet hours, being away, and what the page refuses."""

from datetime import date
from typing import Any

import pytest

from intake.staffing import disable
from storage.vocab import Role
from tests.flows.deadlines.conftest import UNIT, at
from tests.flows.intake.people import SUPERVISOR, do
from tests.flows.reach.conftest import ADDRESS, HANDLER, HEAD, Town

MAIL: dict[str, Any] = {"channels": ["email"], "email": ADDRESS}


async def test_quiet_hours_hold_what_is_not_urgent_until_they_end(town: Town) -> None:
    head = await town.employ(HEAD, Role.HEAD, UNIT)
    await town.choose(head, **MAIL, quiet_from="09:00", quiet_to="10:15")
    await town.late()
    await town.send()
    for minute in (32, 50):
        town.clock.set(at(f"2026-03-04 09:{minute}"))
        await town.send()
    assert town.mail.arrived == []
    assert await town.told(HEAD) == [("late", "console", None), ("late", "email", None)]
    town.clock.set(at("2026-03-04 10:15"))
    await town.send()
    assert len(town.mail.arrived) == 1
    (row,) = await town.digests(HEAD, "email")
    assert row.attempts == 1, "waiting is no try"


async def test_quiet_hours_over_midnight_do_not_hold_what_is_urgent(town: Town) -> None:
    head = await town.employ(HEAD, Role.HEAD, UNIT)
    await town.choose(head, **MAIL, quiet_from="11:00", quiet_to="07:30")
    await town.late("2026-03-03 11:31", urgent=True)
    await town.send()
    assert len(town.mail.arrived) == 1


async def test_a_supervision_is_told_at_once_in_quiet_hours_too(town: Town) -> None:
    head = await town.employ(HEAD, Role.HEAD, UNIT)
    await town.choose(head, **MAIL, quiet_from="08:00", quiet_to="20:00")
    case = await town.late("2026-03-03 09:30")
    process = town.door.process
    async with process.database.write() as unit:
        demand = {"demand": "今天说明原因", "due_on": date(2026, 3, 4)}
        await do(process.desk(unit), SUPERVISOR, case, "supervise", **demand)
    await town.turn("2026-03-03 21:00")
    await town.send()
    assert len(town.mail.arrived) == 1
    assert ("demand", "email", True) in await town.told(HEAD)


async def test_an_urgent_and_an_ordinary_one_of_a_minute_part(town: Town) -> None:
    head = await town.employ(HEAD, Role.HEAD, UNIT)
    await town.choose(head, **MAIL, quiet_from="09:00", quiet_to="10:00")
    await town.late("2026-03-03 09:30")
    await town.late("2026-03-03 09:30", urgent=True)
    await town.turn("2026-03-04 09:31")
    await town.send()
    assert [("紧急件" in one) for one in town.mail.texts()] == [True]
    assert len(await town.digests(HEAD, "console")) == 1
    town.clock.set(at("2026-03-04 10:00"))
    await town.send()
    assert [("紧急件" in one) for one in town.mail.texts()] == [True, False]


async def test_while_somebody_is_away_the_substitute_is_told_too(town: Town) -> None:
    head = await town.employ(HEAD, Role.HEAD, UNIT)
    deputy = await town.employ("deputy", Role.HANDLER, UNIT)
    await town.choose(deputy, **MAIL | {"email": "deputy@example.test"})
    await town.choose(head, **MAIL, away_until="2026-03-04", substitute="deputy")
    case = await town.late()
    await town.send()
    texts = {str(one["To"]): one.get_content() for one in town.mail.arrived}
    assert set(texts) == {ADDRESS, "deputy@example.test"}
    assert "示例deputy，您有 1 条提醒" in texts["deputy@example.test"]
    assert "（示例head外出，由您代办）" in texts["deputy@example.test"]
    assert "外出" not in texts[ADDRESS]
    async with town.page("deputy", "/console/reminders") as page:
        assert case.tracking_no in page.text
        assert "由您代办" in page.text


async def test_whoever_is_told_anyway_is_not_told_twice(town: Town) -> None:
    head = await town.employ(HEAD, Role.HEAD, UNIT)
    handler = await town.employ(HANDLER, Role.HANDLER, UNIT)
    await town.choose(head, away_until="2026-12-31", substitute=HANDLER)
    await town.choose(handler, **MAIL)
    await town.late("2026-03-16 08:30")
    told = [rung for rung, channel, _ in await town.told(HANDLER) if channel == "email"]
    assert sorted(told) == ["T-1", "T-3", "late"], "T-1 is for both; late for the head alone"


@pytest.mark.parametrize("moved", ["the day is over", "the substitute was disabled"])
async def test_nobody_stands_in_for_who_is_back_or_after_leaving(town: Town, moved: str) -> None:
    head = await town.employ(HEAD, Role.HEAD, UNIT)
    await town.employ("deputy", Role.HANDLER, UNIT)
    until = "2026-03-03" if moved == "the day is over" else "2026-03-31"
    await town.choose(head, away_until=until, substitute="deputy")
    if moved != "the day is over":
        await town.door.process.database.run(lambda unit: disable(unit, "deputy"))
    await town.late()
    assert await town.told("deputy") == []
    assert await town.told(HEAD) == [("late", "console", None)]


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({"channels": "email"}, "选了邮件，要填邮箱"),
        ({"channels": "wechat"}, "要先绑定微信"),
        ({"channels": "wecom"}, "还没有设置群机器人"),
        ({"email": "no address"}, "邮箱的格式不对"),
        ({"email": "a@b.test\nBcc: c@d.test"}, "邮箱的格式不对"),
        ({"quiet_from": "21:00"}, "起止两个不同的时间"),
        ({"quiet_from": "25:00", "quiet_to": "07:00"}, "格式不对"),
        ({"quiet_from": "900", "quiet_to": "07:00"}, "时间要写成"),
        ({"quiet_from": "09:00Z", "quiet_to": "07:00"}, "时间要写成"),
        ({"away_until": "2026-03-01", "substitute": "deputy"}, "日期已经过去"),
        ({"away_until": "2026-03-31"}, "请选一位"),
        ({"away_until": "2026-03-31", "substitute": "stranger"}, "请选一位"),
        ({"substitute": "deputy"}, "要填外出到哪天"),
    ],
)
async def test_what_the_page_refuses_stays_typed(town: Town, typed: dict[str, str], fault: str) -> None:
    await town.employ(HEAD, Role.HEAD, UNIT)
    await town.employ("deputy", Role.HANDLER, UNIT)
    await town.employ("stranger", Role.HEAD, "jiaoyu")
    async with town.page(HEAD, "/console/me") as page:
        csrf = page.form("/console/me")["csrf"]
        assert "示例stranger" not in page.text
        await page.post("/console/me", {"csrf": csrf} | typed)
        assert page.status == 422
        assert fault in page.text
        kept = typed.get("email", "").partition("\n")[0]
        assert kept in page.html
        await page.open("/console/me")
        assert page.form("/console/me")["email"] == ""


async def test_the_page_shows_what_was_chosen(town: Town) -> None:
    await town.employ(HEAD, Role.HEAD, UNIT)
    await town.employ("deputy", Role.HANDLER, UNIT)
    chosen = {"email": ADDRESS, "quiet_from": "21:00", "quiet_to": "07:30", "away_until": "2026-03-31"}
    async with town.page(HEAD, "/console/me") as page:
        csrf = page.form("/console/me")["csrf"]
        await page.post("/console/me", chosen | {"csrf": csrf, "channels": "email", "substitute": "deputy"})
        assert page.at == "/console/me?done=saved"
        shown = page.form("/console/me")
        assert {name: shown[name] for name in chosen} == chosen
        assert '<option value="deputy" selected>' in page.html
    async with town.door.process.database.read() as unit:
        row = await unit.reach.of(HEAD)
    assert row is not None
    assert row.email is not None
    assert ADDRESS.encode() not in row.email
