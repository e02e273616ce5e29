"""The start page: what waits for each role, in numbers that lead to lists of exactly these cases."""

import re
from datetime import datetime, timedelta

import pytest

from storage.vocab import Role
from tests.flows.api.service import Service
from tests.flows.console.office import SIGN, UNIT, at_work, case, do, statements, tiles
from tests.flows.console.reader import signed_in

NUMBER = re.compile(r'name="case" value="(\w+)\.|data-open href="/console/cases/(\w+)')
DESKS = [
    (
        Role.HANDLER,
        UNIT,
        {"待签收": {"dispatched", "to_return"}, "退回修改": {"sent_back"}, "不满意": {"unhappy"}},
    ),
    (Role.HEAD, UNIT, {"待审核": {"reviewing", "in_again"}, "退单、延期待裁定": {"to_return", "to_extend"}}),
    (
        Role.DISPATCHER,
        None,
        {
            "待受理派单": {"received"},
            "退单待裁定": {"to_return"},
            "延期待裁定": {"to_extend"},
            "待回访": {"answered"},
        },
    ),
    (Role.SUPERVISOR, None, {"不满意": {"unhappy"}, "逾时未签收": set()}),
    (Role.LEADER, None, {"督办的办件": {"handling"}, "其中已超期": set()}),
    (Role.AUDITOR, None, {"待受理派单": {"received"}, "已答复": {"answered", "unhappy"}}),
    (Role.CUSTODIAN, None, {"已答复": {"answered", "unhappy"}}),
]


@pytest.mark.parametrize(("role", "unit", "expected"), DESKS, ids=[desk[0].value for desk in DESKS])
async def test_numbers_lead_to_lists_of_exactly_these_cases(
    service: Service, role: Role, unit: str | None, expected: dict[str, set[str]]
) -> None:
    made = await at_work(service)
    async with signed_in(service, role, unit) as page:
        found = tiles(await page.open("/console"))
        assert expected.keys() <= found.keys()
        for words, (count, href) in found.items():
            if not href.startswith("/console/cases"):
                continue
            await page.open(href)
            assert page.status == 200, href
            listed = {one or other for one, other in NUMBER.findall(page.html)}
            assert f"共 {count} 件" in page.text, words
            assert len(listed) == count, words
            if words in expected:
                assert listed == {made[name] for name in expected[words]}, words


async def test_what_is_late_is_counted_unit_by_unit(service: Service) -> None:
    made = await at_work(service)
    other = await case(service, department="jiaoyu")
    service.process.clock.set_ahead(timedelta(days=60).total_seconds())
    async with signed_in(service, Role.SUPERVISOR) as page:
        await page.open("/console")
        late, _ = tiles(page.html)["已超期"]
        cells = re.findall(r'<a href="([^"]+)" aria-label="(\S+?)已超期 (\d+) 件"', page.html)
        assert sum(int(count) for _, _, count in cells) == late
        assert {name for _, name, _ in cells} == {"新乡市住房和城乡建设局", "新乡市教育局"}
        for href, name, count in cells:
            await page.open(href.replace("&amp;", "&"))
            assert f"共 {count} 件" in page.text
            assert (other in page.html) is (name == "新乡市教育局")
            assert (made["handling"] in page.html) is (name != "新乡市教育局")


async def test_a_deadline_comes_near_by_working_days(service: Service) -> None:
    number = await case(service)
    told = await (await service.ask("GET", f"/cases/{number}", Role.AUDITOR)).json()
    workdays = service.process.city.workdays
    today = service.process.clock.today()
    left = workdays.between(today, service.process.clock.now().fromisoformat(told["due_at"]).date())
    for days, listed in ((left - 1, False), (left, True)):
        found = await (await service.ask("GET", f"/cases?due={days}", Role.AUDITOR)).json()
        assert bool(found["items"]) is listed
    [line] = (await (await service.ask("GET", "/cases", Role.AUDITOR)).json())["items"]
    assert line["days_left"] == left


async def test_a_case_is_dispatched_from_the_queue_with_one_key(service: Service) -> None:
    number = await case(service, department=None)
    await do(service, number, "transcribe", Role.DISPATCHER, text="市住建局承诺今年六月交房，没有兑现。")
    async with signed_in(service, Role.DISPATCHER) as page:
        await page.open("/console")
        assert page.html.count('data-key="1"') == 1
        await page.send(f"/{number}/actions/dispatch")
        assert page.at == f"/console?done={number}"
        assert f"已派单： {number}" in page.text
        assert tiles(page.html)["待受理派单"][0] == 0
    told = await (await service.ask("GET", f"/cases/{number}", Role.AUDITOR)).json()
    assert (told["state"], told["department"]["code"]) == ("dispatched", UNIT)


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/console", 20),
        ("/console/cases?limit=100&sort=due", 20),
        ("/console/cases?limit=100&q=安置房", 20),
        ("/console/cases/{number}", 24),
    ],
)
async def test_more_cases_ask_no_more_of_the_database(service: Service, path: str, most: int) -> None:
    async with signed_in(service, Role.DISPATCHER) as page:
        asked = []
        for _ in range(2):
            for _ in range(3):
                await case(service, department=None)
                number = await case(service)
            with statements(service.process.database) as found:
                await page.open(path.format(number=number))
            assert page.status == 200
            asked.append(len(found))
        assert asked[0] == asked[1] <= most


async def test_roles_without_cases_have_something_to_do(service: Service) -> None:
    for role, words in (
        (Role.ADMIN, "管理”里"),
        (Role.LIAISON, "没有移交给您"),
        (Role.SUPERVISOR, "提醒记录"),
    ):
        async with signed_in(service, role) as page:
            await page.open("/console")
            assert words in page.text
            await page.open("/console/reminders/log")
            assert page.status == (200 if role is Role.SUPERVISOR else 404)


async def test_what_came_back_and_what_is_late_stands_before_what_is_new(service: Service) -> None:
    await at_work(service)
    async with signed_in(service, Role.HANDLER, UNIT) as page:
        first = await due_of(service, await case(service))
        ahead = (first - service.process.clock.wall()).total_seconds()
        service.process.clock.set_ahead(ahead - 3600)
        found = tiles(await page.open("/console"))
        assert found["今天到期"][0] > 0
        order = re.findall(r"<h2>([^<]+)</h2>", page.html)
        assert order == ["退回修改", "不满意", "三个工作日内到期", "待签收"]
        service.process.clock.set_ahead(ahead + 86400)
        await page.open("/console")
        assert re.findall(r"<h2>([^<]+)</h2>", page.html)[:3] == ["退回修改", "不满意", "已超期"]


async def due_of(service: Service, number: str) -> datetime:
    told = await (await service.ask("GET", f"/cases/{number}", Role.AUDITOR)).json()
    return datetime.fromisoformat(told["due_at"])


@pytest.mark.parametrize("role", [Role.HANDLER, Role.HEAD])
async def test_a_unit_with_late_cases_is_not_told_that_nothing_waits(service: Service, role: Role) -> None:
    number = await case(service, SIGN)
    service.process.clock.set_ahead(timedelta(days=60).total_seconds())
    async with signed_in(service, role, UNIT) as page:
        await page.open("/console")
        assert "没有等您办的" not in page.text
        assert number in page.text
