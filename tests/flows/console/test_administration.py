"""Pages of administrators: who may open them, what each changes and refuses, and that all of it is logged."""

import re
from typing import Any

import pytest

from intake.profiles.schema import Flag
from storage.stores.administration import LogRow
from storage.stores.wanted import Wanted
from storage.unit import Unit
from storage.vocab import Role
from tests.flows.api.service import PASSWORD, Service
from tests.flows.console.reader import Browser, browser, signed_in

ADMIN = "/console/admin"
PAGES = (
    ADMIN,
    *(f"{ADMIN}/{part}" for part in ("departments", "staff", "rules", "calendar", "menu", "state", "log")),
    *(f"{ADMIN}/departments/{part}" for part in ("new", "of/zhujian")),
    f"{ADMIN}/staff/new",
    f"{ADMIN}/calendar/2026-10-08",
)


async def log(service: Service) -> list[LogRow]:
    async with service.process.database.read() as unit:
        return await unit.administration.log(limit=50)


async def unit_row(service: Service, code: str) -> Any:
    async with service.process.database.read() as unit:
        return next(row for row in await unit.departments.all() if row.code == code)


async def save_unit(page: Browser, code: str, **typed: str) -> None:
    await page.open(f"{ADMIN}/departments/of/{code}")
    await page.post(f"{ADMIN}/departments/of/{code}", standing(page, code) | typed)


def standing(page: Browser, code: str) -> dict[str, str]:
    """The form of a unit as it is drawn; boxes are not ticked."""
    boxes = set(re.findall(r'type="checkbox" name="([^"]+)"', page.html))
    drawn = {name: value for name, value in page.form(f"/of/{code}").items() if name not in boxes}
    return drawn | selected(page)


def selected(page: Browser) -> dict[str, str]:
    """What selects and text areas of the page hold, which the reader does not see."""
    areas = re.findall(r'<textarea id="(\w+)"[^>]*>(.*?)</textarea>', page.html, re.DOTALL)
    selects = re.findall(r'<select id="(\w+)".*?</select>', page.html, re.DOTALL)
    chosen = {
        name: re.search(rf'<select id="{name}".*?<option value="([^"]*)" selected', page.html, re.DOTALL)
        for name in selects
    }
    return dict(areas) | {
        name: found[1] if found and found[0].count("<select") == 1 else "" for name, found in chosen.items()
    }


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.SUPERVISOR, Role.CUSTODIAN, Role.AUDITOR])
async def test_nobody_else_opens_administration_but_the_auditor_its_log(service: Service, role: Role) -> None:
    async with signed_in(service, role) as page:
        for path in PAGES:
            await page.open(path)
            assert page.status == (200 if role is Role.AUDITOR and path.endswith("/log") else 404), path
        for path in ("staff", "departments", "rules", "menu", "calendar/2026-10-08"):
            await page.post(f"{ADMIN}/{path}", {"csrf": "x"})
            assert page.status == 404, path


async def test_every_page_opens_and_every_form_refuses_another_sites(service: Service) -> None:
    async with signed_in(service, Role.ADMIN) as page:
        for path in PAGES:
            await page.open(path)
            assert page.status == 200, path
            assert page.headers["Cache-Control"] == "no-store"
        forms = [
            route.resource.canonical
            for route in service.process_routes()
            if route.method == "POST" and route.resource
        ]
        filled = {"{code}": "zhujian", "{login}": "admin-city", "{date}": "2026-10-08"}
        for path in (path for path in forms if path.startswith(ADMIN)):
            for name, value in filled.items():
                path = path.replace(name, value)
            await page.post(path, {"csrf": "x" * 64, "version": "1", "note": "x", "reason": "示例"})
            assert page.status == 403, path
    assert await log(service) == []


async def test_a_unit_is_renamed_everywhere_and_the_change_is_told_to_the_auditor(service: Service) -> None:
    async with signed_in(service, Role.ADMIN) as page:
        await save_unit(
            page, "zhujian", name="新乡市示例住建局", short_names="示例住建、住建示例局", phone="示例电话"
        )
        assert "已保存" in page.text, re.findall(r'class="fault">[^<]*|role="alert">[^<]*', page.html)
        assert service.process.city.unit_name("zhujian") == "新乡市示例住建局"
        found = service.process.city.index.resolve("住建示例局")
        assert found is not None
        assert found.code == "zhujian"
    (row,) = await log(service)
    assert (row.action, row.subject, row.actor) == ("department_changed", "zhujian", "admin-city")
    assert row.changes["name"] == ["新乡市住房和城乡建设局", "新乡市示例住建局"]
    assert set(row.changes) == {"name", "short_names", "phone"}
    async with signed_in(service, Role.AUDITOR) as page:
        await page.open(f"{ADMIN}/log?area=departments&subject=zhujian")
        assert "新乡市示例住建局" in page.text
        await page.open(f"{ADMIN}/log?area=staff")
        assert "新乡市示例住建局" not in page.text


async def test_who_decided_on_an_older_page_is_refused_and_keeps_what_was_typed(service: Service) -> None:
    async with signed_in(service, Role.ADMIN) as page:
        await page.open(f"{ADMIN}/departments/of/zhujian")
        stale = standing(page, "zhujian")
        await save_unit(page, "zhujian", phone="示例电话一")
        await page.post(f"{ADMIN}/departments/of/zhujian", stale | {"phone": "示例电话二"})
        assert page.status == 409
        assert "示例电话二" in page.html
        assert (await unit_row(service, "zhujian")).phone == "示例电话一"


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({"name": "新乡市教育局"}, "已经有单位叫这个名字"),
        ({"name": "x"}, "要填写"),
        ({"short_names": "新乡市教育局"}, "是别的单位的全称"),
        ({"level": "district"}, "县区的单位要填"),
        ({"phone": "1" * 101}, "太长"),
        ({"flag-supervision": "1", "flag-discipline": "1"}, "不能是同一个"),
    ],
)
async def test_what_a_unit_cannot_be(service: Service, typed: dict[str, str], fault: str) -> None:
    async with signed_in(service, Role.ADMIN) as page:
        await save_unit(page, "zhujian", **typed)
        assert (page.status, fault in page.text) == (422, True), page.text
    assert await log(service) == []


async def test_a_part_of_the_city_is_taken_over_and_never_put_down(service: Service) -> None:
    before = service.process.city.flagged(Flag.SUPERVISION)
    assert before == "yingshang"
    async with signed_in(service, Role.ADMIN) as page:
        await page.open(f"{ADMIN}/departments/of/{before}")
        form = standing(page, before)
        del form["flag-supervision"]
        await page.post(f"{ADMIN}/departments/of/{before}", form)
        assert (page.status, "总要有一个" in page.text) == (422, True)
        await save_unit(page, "fagai", **{"flag-supervision": "1"})
        assert page.status == 200
    holders = [code for code, unit in service.process.city.units.items() if Flag.SUPERVISION in unit.flags]
    assert holders == ["fagai"]
    assert {(row.subject, row.action) for row in await log(service)} == {
        ("fagai", "department_changed"),
        ("yingshang", "department_changed"),
    }


async def test_a_unit_is_retired_when_nothing_hangs_on_it_and_old_cases_still_name_it(
    service: Service,
) -> None:
    filed = await service.file("市水利局的事。", department="shuili")
    async with signed_in(service, Role.ADMIN) as page:
        await page.open(f"{ADMIN}/departments/of/shuili")
        await page.send("/shuili/retire")
        assert page.status == 422
        assert "1 件没有办结" in page.text

        async def close(unit: Unit) -> None:
            case = await unit.cases.get(filed.case.id)
            assert case is not None
            await unit.cases.change(case, {"state": "closed"})
            await unit.clocks.end_all(case.id, at=service.process.clock.now())

        await service.process.database.run(close)
        promises = await service.process.database.run(
            lambda unit: unit.registry.wanted(
                Wanted(service.process.clock.today(), public_only=False, department="shuili")
            )
        )
        assert promises == []
        await page.open(f"{ADMIN}/departments/of/shuili")
        await page.send("/shuili/retire")
        assert page.status == 200, page.text
        assert "shuili" not in service.process.city.units
        answer = await service.ask("GET", f"/cases/{filed.case.tracking_no}", Role.AUDITOR)
        assert "水利" in (await answer.json())["department"]["name"]
        await page.send("/shuili/retire", back="1")
        assert "shuili" in service.process.city.units
    assert [row.action for row in await log(service)] == ["department_reinstated", "department_retired"]


async def test_a_new_unit_is_added_and_can_be_dispatched_to(service: Service) -> None:
    typed = {
        "code": "shili",
        "name": "新乡市示例服务中心",
        "short_names": "示例服务中心",
        "duties": "示例事项",
        "sector": "science",
        "kind": "institution",
        "level": "city",
    }
    async with signed_in(service, Role.ADMIN) as page:
        for code, status in (("Not A Code", 422), ("zhujian", 422), ("shili", 200)):
            await page.open(f"{ADMIN}/departments/new")
            form = page.form("/admin/departments") | typed | {"code": code}
            await page.post(
                f"{ADMIN}/departments", {n: v for n, v in form.items() if not n.startswith("flag-")}
            )
            assert page.status == status, code
    filed = await service.file("示例。", department="shili")
    assert filed.case.department == "shili"


async def test_an_account_gets_a_password_for_the_first_time(service: Service) -> None:
    async with signed_in(service, Role.ADMIN) as page:
        await page.open(f"{ADMIN}/staff/new")
        new = {"login": "li", "name": "示例", "role": "handler", "department": ""}
        await page.send("/admin/staff", **new)
        assert (page.status, "要有单位" in page.text) == (422, True)
        await page.send("/admin/staff", **new | {"name": ""})
        assert (page.status, "要填写" in page.text, "要是文字" in page.text) == (422, True, False)
        await page.send("/admin/staff", **new | {"department": "zhujian"})
        found = re.search(r'mono huge-ish">([^<]+)<', page.html)
        assert found is not None
        await page.open(f"{ADMIN}/staff/of/li")
        assert found[1] not in page.html
        async with browser(service) as theirs:
            await theirs.open("/console/login")
            await theirs.send("/console/login", login="li", password=found[1])
            assert theirs.at == "/console/me/password"
            await page.send("/of/li/password")
            await theirs.open("/console")
            assert theirs.at.startswith("/console/login")
        stale = page.form("/of/li/shut")
        await page.send("/of/li", name="示例二", role="head", department="jiaoyu")
        assert page.status == 200
        await page.post(f"{ADMIN}/staff/of/li/shut", stale)
        assert page.status == 409
        await page.open(f"{ADMIN}/staff/of/li")
        await page.send("/of/li/shut")
        await page.send("/of/li/shut", back="1")
        assert page.status == 200
    told = [row.action for row in await log(service)]
    assert told == ["staff_enabled", "staff_disabled", "staff_changed", "password_reset", "staff_added"]
    assert all(row.changes.get("password") is None for row in await log(service))


async def test_nobody_shuts_themselves_out_and_one_administrator_stays(service: Service) -> None:
    async with signed_in(service, Role.ADMIN) as page:
        await page.open(f"{ADMIN}/staff/of/admin-city")
        me = page.form("/of/admin-city")
        await page.post(f"{ADMIN}/staff/of/admin-city/shut", me)
        assert page.status == 422
        await page.post(f"{ADMIN}/staff/of/admin-city", me | {"role": "auditor", "name": "示例"})
        assert (page.status, "不能改自己的岗位" in page.text) == (422, True)
    await service.staff("second", Role.ADMIN)
    async with signed_in_as(service, "second") as page:
        await page.open(f"{ADMIN}/staff/of/admin-city")
        await page.send("/of/admin-city/shut")
        assert page.status == 200


def signed_in_as(service: Service, login: str) -> Any:
    """Somebody whose account stands."""
    from contextlib import asynccontextmanager

    @asynccontextmanager
    async def opened() -> Any:
        async with browser(service) as page:
            await page.open("/console/login")
            await page.send("/console/login", login=login, password=PASSWORD)
            yield page

    return opened()


async def test_a_second_factor_is_demanded_of_a_role_by_a_click(service: Service) -> None:
    async with signed_in(service, Role.ADMIN) as page:
        await page.open(f"{ADMIN}/staff")
        form = page.form("/staff/second-factor")
        await page.post(f"{ADMIN}/staff/second-factor", {"csrf": form["csrf"], "guarded": "custodian"})
        assert page.status == 200
    (row,) = await log(service)
    assert (row.action, row.subject, row.changes) == (
        "second_factor_demanded",
        "custodian",
        {"second": [False, True]},
    )
    await service.staff("custodian", Role.CUSTODIAN)
    async with signed_in_as(service, "custodian") as page:
        await page.open("/console/identities")
        assert page.at == "/console/me/code-app"


async def test_state_shows_no_secret(service: Service) -> None:
    async with signed_in(service, Role.ADMIN) as page:
        await page.open(f"{ADMIN}/state")
        for secret in ("0123456789abcdef0123456789abcdef", "platformtoken"):
            assert secret not in page.html
        assert "（已设置）" in page.text
        assert "JIANNUO_IDLE_MINUTES" in page.text
