"""Several cases at once: looked at once more, done one by one, and told apart afterwards."""

from typing import Any

import pytest

from storage.vocab import Role
from tests.flows.api.service import Service
from tests.flows.console.office import SIGN, UNIT, case, do
from tests.flows.console.reader import Browser, signed_in


async def state(service: Service, number: str) -> dict[str, Any]:
    told: dict[str, Any] = await (await service.ask("GET", f"/cases/{number}", Role.AUDITOR)).json()
    return told


async def choose(page: Browser, action: str, *rows: str) -> None:
    """Tick these rows of the list and press the action's button."""
    form = page.form("/console/bulk")
    pairs = [("csrf", form["csrf"]), ("back", form["back"]), ("action", action)]
    await page.post("/console/bulk", pairs + [("case", row) for row in rows])


async def go_on(page: Browser, action: str, *rows: str, **typed: str) -> None:
    """Send the confirmation with these rows."""
    form = page.form(f"/console/bulk/{action}")
    own = [(name, value) for name, value in form.items() if name not in ("case", *typed)]
    await page.post(f"/console/bulk/{action}", own + [("case", row) for row in rows] + list(typed.items()))


async def test_what_went_through_and_what_was_refused_is_told_apart(service: Service) -> None:
    fresh, moved, signed = await case(service), await case(service), await case(service, SIGN)
    rows = {
        number: f"{number}.{(await state(service, number))['version']}" for number in (fresh, moved, signed)
    }
    async with signed_in(service, Role.HANDLER, UNIT) as page:
        await page.open("/console/cases?sort=waiting")
        await choose(page, "sign", *rows.values())
        assert "签收 2 件" in page.text
        assert "现在是“办理中”，不能签收" in page.text
        assert (await state(service, fresh))["state"] == "dispatched"
        await do(service, moved, "note", Role.HEAD, text="先放一放")
        await go_on(page, "sign", rows[fresh], rows[moved])
        assert "办好了 1 件" in page.text
        assert "没有办 1 件" in page.text
        assert "已经有了变化" in page.text
        again = [await state(service, number) for number in (fresh, moved)]
        assert [one["state"] for one in again] == ["handling", "dispatched"]
        await choose_again(page, rows[fresh])
        assert "没有办 1 件" in page.text
    assert [event["action"] for event in (await state(service, fresh))["events"]].count("sign") == 1


async def choose_again(page: Browser, row: str) -> None:
    """The same form once more, as a browser's back button would have it."""
    await page.open("/console/cases")
    csrf = page.form("/console/bulk")["csrf"]
    await page.post("/console/bulk/sign", [("csrf", csrf), ("case", row)])


async def test_each_case_goes_to_its_own_unit(service: Service) -> None:
    first, second, third = [await case(service, department=None) for _ in range(3)]
    await do(service, first, "transcribe", Role.DISPATCHER, text="市住建局承诺今年六月交房，没有兑现。")
    rows = {
        number: f"{number}.{(await state(service, number))['version']}" for number in (first, second, third)
    }
    async with signed_in(service, Role.DISPATCHER) as page:
        await page.open("/console/cases")
        await choose(page, "dispatch", *rows.values())
        assert page.form("/bulk/dispatch")[f"own-{first}"] == "新乡市住房和城乡建设局"
        own = {f"own-{second}": "市教育局", f"own-{third}": "没有的局"}
        await go_on(page, "dispatch", *rows.values(), **own)
        assert "办好了 2 件" in page.text
        assert "没有这个单位" in page.text
    units = [(await state(service, number))["department"] for number in (first, second, third)]
    assert [unit and unit["code"] for unit in units] == [UNIT, "jiaoyu", None]


async def test_what_is_filled_in_for_all_is_checked_before_anything_is_done(service: Service) -> None:
    numbers = [await case(service) for _ in range(2)]
    rows = [f"{number}.{(await state(service, number))['version']}" for number in numbers]
    async with signed_in(service, Role.SUPERVISOR) as page:
        await page.open("/console/cases")
        await choose(page, "supervise", *rows)
        await go_on(page, "supervise", *rows, demand="三日内办结", due_on="")
        assert page.status == 422
        assert "三日内办结</textarea>" in page.html
        assert not any([(await state(service, number))["supervised"] for number in numbers])
        await go_on(page, "supervise", *rows, demand="三日内办结", due_on="2099-01-01")
        assert "办好了 2 件" in page.text
    assert all([(await state(service, number))["supervised"] for number in numbers])


async def test_nobody_reaches_what_is_not_theirs(service: Service) -> None:
    number = await case(service)
    row = f"{number}.{(await state(service, number))['version']}"
    async with signed_in(service, Role.HANDLER, "jiaoyu") as page:
        await service.file("市教育局承诺九月开学，没有兑现。", department="jiaoyu")
        await page.open("/console/cases")
        await choose(page, "sign", row, "没有.1", f"{number}.x")
        assert "有 1 件您现在看不到了" in page.text
        assert number not in page.html
        csrf = {"csrf": (await _csrf(page))}
        for action in ("dispatch", "approve", "nothing"):
            await page.post(f"/console/bulk/{action}", csrf | {"case": row})
            assert page.status == 404
        await page.post("/console/bulk/sign", csrf | {"case": row})
        assert "没有办 1 件" in page.text
        await page.post("/console/bulk/sign", {"case": row})
        assert page.status == 403
    assert (await state(service, number))["state"] == "dispatched"


async def _csrf(page: Browser) -> str:
    await page.open("/console/cases")
    return page.form("/console/bulk")["csrf"]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.CUSTODIAN, Role.LEADER])
async def test_who_only_reads_has_nothing_to_tick(service: Service, role: Role) -> None:
    await case(service)
    async with signed_in(service, role) as page:
        await page.open("/console/cases")
        assert 'type="checkbox" name="case"' not in page.html
