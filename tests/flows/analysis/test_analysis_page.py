"""The page, its export and the API: who sees which figures, and what is kept of them."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from argon2 import PasswordHasher
from openpyxl import load_workbook

from bot.workers.analysing import Analysing
from intake import staffing
from intake.analysis import looking
from storage.unit import Unit
from storage.vocab import Figure, Mode, Role
from tests.flows.api.service import Service
from tests.flows.console.reader import signed_in

TEXT = "人民路的路灯坏了半个月，请派人修一修。"
ACCUSING = "市城管局的王科长收了钱不办事，态度恶劣。"
HOSTILE = '=HYPERLINK("http://example.invalid")'


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staffing, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    staffing._nobody.cache_clear()


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three cases are many here."""
    monkeypatch.setattr(looking, "AT_ONCE", 2)


async def told(service: Service, role: Role, unit: str | None = None, **asked: str) -> dict[str, Any]:
    answer = await service.ask("GET", "/analysis", role, unit, params=asked)
    assert answer.status == 200, await answer.text()
    found: dict[str, Any] = await answer.json()
    return found


async def test_no_unit_counts_what_accuses_it(service: Service) -> None:
    await service.file(TEXT, department="chengguan")
    hidden = (await service.file(ACCUSING, mode=Mode.CONFIDENTIAL)).case
    assert hidden.department != "chengguan"
    assert (await told(service, Role.SUPERVISOR))["filed"]["n"] == 2
    for role in (Role.HEAD, Role.HANDLER):
        mine = await told(service, role, "chengguan")
        assert mine["filed"]["n"] == 1
        assert [line["code"] for line in mine["departments"]] == ["chengguan"]
        whole = await told(service, role, "chengguan", department=hidden.department or "")
        assert whole["filed"]["n"] == 0
    # Also where the case comes to stand with the unit that it accuses.
    change = {"department": "chengguan"}
    await service.process.database.run(lambda unit: unit.cases.change(hidden, change))
    assert (await told(service, Role.HEAD, "chengguan"))["filed"]["n"] == 1
    assert (await told(service, Role.LEADER))["filed"]["n"] == 0


async def test_last_week_is_monday_to_sunday(service: Service) -> None:
    await service.file(TEXT, department="chengguan")
    assert (await told(service, Role.SUPERVISOR, period="last_week"))["filed"]["n"] == 0
    service.process.clock.set_ahead(timedelta(days=7).total_seconds())
    found = await told(service, Role.SUPERVISOR, period="last_week")
    first, last = (date.fromisoformat(found[end]) for end in ("from", "to"))
    assert (first.weekday(), last.weekday(), found["filed"]["n"]) == (0, 6, 1)
    async with signed_in(service, Role.HEAD, "chengguan") as page:
        await page.open("/console/analysis")
        assert 'href="/console/analysis?period=last_week">上周' in page.html
        await page.open("/console/analysis?period=last_week")
        assert f'value="{first}"' in page.html


async def test_the_api_refuses_what_cannot_be_asked(service: Service) -> None:
    for asked, field in (
        ({"from": "2026-03-05", "to": "2026-03-01"}, "to"),
        ({"to": "2026-03-01"}, "from"),
        ({"from": "2020-01-01", "to": "2026-03-01"}, "to"),
        ({"department": "没有的局"}, "department"),
        ({"place": "没有的县"}, "place"),
        ({"period": "week"}, "period"),
    ):
        answer = await service.ask("GET", "/analysis", Role.AUDITOR, params=asked)
        assert answer.status == 422
        assert set((await answer.json())["fields"]) == {field}


async def test_the_page_leads_to_its_cases_and_says_how_it_counts(service: Service) -> None:
    number = (await service.file(TEXT, department="zhujian")).case.tracking_no
    await service.file("红旗区" + TEXT)
    async with signed_in(service, Role.SUPERVISOR) as page:
        await page.open("/console/analysis")
        assert page.status == 200
        assert "近七天新超期" in page.text
        query = (await told(service, Role.SUPERVISOR, department="zhujian"))["filed"]["query"]
        await page.open(f"/console/cases?{query}")
        assert number in page.html
        assert "去掉条件：" in page.html
        assert page.form("/console/cases")["since"] in query
        await page.open("/console/analysis?from=2026-03-05&to=2026-03-01")
        assert page.status == 422
        assert "不能早于开始的一天" in page.text
        await page.open("/console/analysis/figures")
        assert "Wilson" in page.text


@pytest.mark.parametrize("role", [Role.ADMIN, Role.LIAISON, Role.CUSTODIAN])
async def test_the_page_is_not_for_everybody(service: Service, role: Role) -> None:
    async with signed_in(service, role) as page:
        assert "/console/analysis" not in page.html
        for path in ("", ".xlsx", "/figures"):
            await page.open(f"/console/analysis{path}")
            assert page.status == 404


async def test_the_export_holds_numbers_and_no_formulas(service: Service) -> None:
    case = (await service.file(TEXT, department="zhujian")).case
    await service.process.database.run(lambda unit: unit.cases.change(case, {"place": HOSTILE}))
    cookie = {"Cookie": f"jiannuo_session={await _session(service)}"}
    answer = await service.client.get("/console/analysis.xlsx", headers=cookie)
    book = load_workbook(BytesIO(await answer.read()))
    assert book.sheetnames == [
        "总览",
        "率",
        "按日",
        "按单位",
        "按区县",
        "区县×月",
        "环节用时",
        "承诺",
        "口径",
    ]
    whole = {row[0].value: row[1].value for row in book["总览"].iter_rows()}
    assert whole["登记"] == whole["还没答复"] == 1
    assert book["按单位"]["B2"].value == 1
    assert book["按区县"]["A2"].value == f"'{HOSTILE}"
    assert book["口径"].max_row > len(Figure)
    assert not [c for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]


async def _session(service: Service) -> str:
    async def work(unit: Unit) -> str:
        new = staffing.Prepared(staffing.NewStaff("sheets", "", Role.AUDITOR, None, "示例"), "none")
        await staffing.add(unit, service.process.city, new, service.process.clock.now())
        row = await unit.staff.by_login("sheets")
        assert row is not None
        return await staffing.open_session(unit, row, service.process.clock.wall())

    return await service.process.database.run(work)


async def test_figures_of_many_cases_are_an_hour_old_at_most(service: Service, few: None) -> None:
    worker = Analysing(service.process)
    await service.file(TEXT, department="zhujian")
    assert not await worker.step()
    await service.file(TEXT, department="zhujian")
    await service.file(TEXT, department="zhujian")
    while await worker.step():
        pass
    kept = await told(service, Role.SUPERVISOR)
    assert (kept["kept"], kept["filed"]["n"]) == (True, 3)
    assert not (await told(service, Role.HEAD, "zhujian"))["kept"]  # another sight
    await service.file(TEXT, department="zhujian")
    assert (await told(service, Role.SUPERVISOR))["filed"]["n"] == 3
    service.process.clock.set_ahead(3601)
    late = await told(service, Role.SUPERVISOR)
    assert (late["kept"], late["filed"]["n"]) == (False, 4)
    assert await worker.step()
    assert (await told(service, Role.SUPERVISOR))["kept"]


async def test_a_page_keeps_what_it_had_to_reckon(service: Service, few: None) -> None:
    for _ in range(3):
        await service.file(TEXT, department="zhujian")
    async with signed_in(service, Role.SUPERVISOR) as page:
        await page.open("/console/analysis")
        assert "统计于" in page.text
        await page.open("/console/analysis")
        assert "截至" in page.text
