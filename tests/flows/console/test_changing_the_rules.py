"""Rules, calendar and menu by the pages of administrators: seen first, logged, refused when stale."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.console.admin.rules_form import rules_of, typed_of
from bot.workers.menu import MenuPushes
from bot.workers.recounting import Recounting
from intake.clock import local
from intake.commitments.dues import start_missing
from intake.recounting import notice_version
from intake.registry import seed_sample
from storage.engine import Database
from storage.unit import Unit
from storage.vocab import CaseType, Role
from tests.flows.api.service import Service, running
from tests.flows.console.reader import Browser, signed_in
from tests.flows.console.test_administration import ADMIN, log
from tests.support.processes import free_port

RULES, CALENDAR, MENU = f"{ADMIN}/rules", f"{ADMIN}/calendar", f"{ADMIN}/menu"


def drawn(page: Browser) -> dict[str, str]:
    """Every input and text area of the last page."""
    areas = re.findall(
        r'<textarea (?:id="[^"]*" )?name="([^"]+)"[^>]*>(.*?)</textarea>', page.html, re.DOTALL
    )
    return dict(areas)


async def promised(service: Service, unit: Unit) -> None:
    """Commitments with clocks of their own, which no calendar moves."""
    desk = service.process.desk(unit)
    await seed_sample(unit, service.process.city, desk.now())
    await start_missing(desk)
    await notice_version(desk)


async def look(page: Browser, **typed: str) -> str:
    """Type a change of the rules and go on to the page that shows it."""
    await page.open(RULES)
    given = {name.replace("__", "-"): value for name, value in typed.items()}
    return await page.send("/rules/look", **drawn(page) | {"note": "示例文号"} | given)


async def test_rules_come_back_from_the_form_as_they_went_in(service: Service) -> None:
    rules = service.process.city.rules
    assert rules_of(typed_of(rules), rules.name) == rules


async def test_a_change_is_shown_first_and_binds_what_is_dispatched_afterwards(service: Service) -> None:
    before = (await service.file("市住建局拖着不办证。", department="zhujian")).case
    async with signed_in(service, Role.ADMIN) as page:
        await look(page, answer_days__complaint="15", office="09:00-12:00\n13:00-17:00")
        assert "还没有改" in page.text
        assert re.search(r"答复投诉举报（工作日） 10 15", page.text)
        assert "09:00-12:00" in page.text
        assert service.process.city.rules_version == "henan-12345-1"
        await page.send("/admin/rules", **drawn(page))
        assert "新规则已生效" in page.text
        assert "admin-city：示例文号" in page.text
        assert service.process.city.rules.answer_days[CaseType.COMPLAINT] == 15
    after = (await service.file("市住建局拖着不办证。", department="zhujian")).case
    assert (before.rules_version, after.rules_version) == ("henan-12345-1", "henan-12345-2")
    (row,) = await log(service)
    assert (row.action, row.subject, row.note) == ("rules_changed", "henan-12345-2", "示例文号")
    assert set(row.changes) == {"answer_days", "office"}


async def test_who_saw_an_older_version_is_refused(service: Service) -> None:
    async with signed_in(service, Role.ADMIN) as page:
        await look(page, rework_days="3")
        stale = page.form("/admin/rules") | drawn(page)
        await look(page, rework_days="4")
        await page.send("/admin/rules", **drawn(page))
        await page.post(RULES, stale)
        assert (page.status, "别人刚换了一版" in page.text) == (409, True)
    assert service.process.city.rules.rework_days == 4


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({"rework_days": "很多"}, "要填整数"),
        ({"rework_days": "367"}, "太大"),
        ({"office": "早上到晚上"}, "要写成 08:30-12:00"),
        ({"office": ""}, "至少一段"),
        ({"office": "08:00-12:00\n11:00-14:00"}, "不能重叠"),
        ({"office": "12:00-08:30"}, "从早到晚"),
        ({"ladder": "T | 0 | 谁都行"}, "看不懂这一行"),
        ({"ladder": "T | 0 | 负责人\nT | 1 | 负责人"}, "写了两遍"),
        ({"note": " "}, "要填写"),
        ({}, "没有变化"),
    ],
)
async def test_what_no_rule_can_be(service: Service, typed: dict[str, str], fault: str) -> None:
    async with signed_in(service, Role.ADMIN) as page:
        await look(page, **typed)
        assert (page.status, fault in page.text) == (422, True), page.text
    assert await log(service) == []


async def test_a_reminder_is_written_in_words(service: Service) -> None:
    ladder = "提前五天｜-5｜承办人、负责人｜督办员\nT+5 | 5 | 负责人 | | 线索"
    async with signed_in(service, Role.ADMIN) as page:
        await look(page, ladder=ladder, reminders__sign="late | 超时即发 | 负责人")
        await page.send("/admin/rules", **drawn(page))
    rules = service.process.city.rules
    first, last = rules.ladder
    assert (first.name, first.offset, first.to, first.cc) == (
        "提前五天",
        -5,
        ("assignee", "head"),
        ("supervisor",),
    )
    assert (last.offset, last.event) == (5, "lead_proposed")
    assert [rung.offset for rung in rules.reminders["sign"]] == [None]


async def test_another_word_on_a_day_shows_what_moves_and_moves_it(service: Service) -> None:
    await service.process.database.run(lambda unit: promised(service, unit))
    filed = await service.file("市住建局拖着不办证。", department="zhujian")
    today = service.process.clock.today()
    workdays = service.process.city.workdays
    day = workdays.add(today, 4).date

    async def due() -> date:
        async with service.process.database.read() as unit:
            clocks = await unit.clocks.of_case(filed.case.id)
        return next(local(one.due_at).date() for one in clocks if one.kind == "answer")

    before, after = await due(), workdays.add(today, 11).date
    async with signed_in(service, Role.ADMIN) as page:
        await page.open(f"{CALENDAR}/{day}")
        assert f"{before} {after} 1" in page.text
        assert filed.case.tracking_no not in page.html
        await page.send(f"/calendar/{day}", reason=" ")
        assert page.status == 422
        assert await due() == before
        stale = page.form(f"/calendar/{day}") | {"reason": "示例"}
        await page.send(f"/calendar/{day}", reason="示例：全市防汛停工")
        assert f"{day} 已保存" in page.text
        while (await Recounting(service.process).batch()).looked:
            pass
        assert await due() == after
        await page.post(f"{CALENDAR}/{day}", stale)
        assert page.status == 409
        await page.open(f"{CALENDAR}?year={day.year}")
        assert "示例：全市防汛停工" in page.text
    assert [(row.action, row.subject) for row in await log(service)] == [("calendar_day", str(day))]


async def test_the_year_is_all_there_and_later_ones_are_estimates(service: Service) -> None:
    async with signed_in(service, Role.ADMIN) as page:
        await page.open(f"{CALENDAR}?year=2025")
        assert page.html.count('href="/console/admin/calendar/2025-') == 365
        assert "10月8日，不上班" in page.html
        assert "10月11日，上班" in page.html
        await page.open(f"{CALENDAR}?year=2099")
        assert "还没有公布" in page.text
        for odd in ("x", "1999", "99999"):
            await page.open(f"{CALENDAR}?year={odd}")
            assert page.status == 200
        for odd in ("2026-02-30", "x", "1900-01-01"):
            await page.open(f"{CALENDAR}/{odd}")
            assert page.status == 404


async def test_the_menu_is_pushed_by_a_worker_and_the_answer_is_shown(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    port = free_port()
    here = f"http://127.0.0.1:{port}"
    more = {
        "PORT": str(port),
        "SIMULATOR": "true",
        "WECHAT_API_URL": f"{here}/simulator/api",
        "PUBLIC_URL": here,
    }
    async with running(database, database_url, tmp_path, **more) as service:
        worker = MenuPushes(service.process)
        assert not await worker.step()
        async with signed_in(service, Role.ADMIN) as page:
            await page.open(MENU)
            assert "投诉举报" in page.text
            await page.send("/admin/menu")
            assert "正在推送" in page.text
            await page.post(MENU, {"csrf": page.form("/admin/menu")["csrf"]})
            assert page.status == 422
            assert await worker.step()
            await page.open(MENU)
            assert "已推送" in page.text
            fault = {"calls": [{"path": "menu/create", "errcode": 48001}]}
            await service.client.post("/simulator/faults", json=fault)
            await page.send("/admin/menu")
            assert await worker.step()
            await page.open(MENU)
            assert "48001 api unauthorized" in page.text
        assert [row.action for row in await log(service)][:2] == ["menu_answered", "menu_asked"]


async def test_a_push_that_met_nobody_is_tried_again_and_given_up_after_five(
    database: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    async with running(database, database_url, tmp_path, WECHAT_API_URL=nobody) as service:
        worker = MenuPushes(service.process)
        async with signed_in(service, Role.ADMIN) as page:
            await page.open(MENU)
            await page.send("/admin/menu")
            for _ in range(5):
                assert await worker.step()
                assert not await worker.step()
                later = service.process.clock.wall() + timedelta(minutes=2)
                monkeypatch.setattr(service.process.clock, "wall", lambda later=later: later)
            assert not await worker.step()
            await page.open(MENU)
            assert "平台没有接受" in page.text
            assert "unreachable" in page.text
