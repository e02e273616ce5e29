"""Signing in: sessions, wrong passwords, forged forms, and where it leads."""

import re
from datetime import timedelta

import pytest

from storage.vocab import Role
from tests.flows.api.service import PASSWORD, Service
from tests.flows.console.reader import browser, signed_in


async def test_every_console_page_wants_a_session(service: Service) -> None:
    routes = [
        (route.method, re.sub(r"\{\w+\}", "1", route.resource.canonical))
        for route in service.process_routes()
        if route.resource is not None and route.resource.canonical.startswith("/console")
    ]
    assert len(routes) > 8
    for method, path in routes:
        if path.startswith("/console/login") or method == "HEAD":
            continue
        answer = await service.client.request(method, path, allow_redirects=False)
        if path == "/console/live":
            assert answer.status == 204  # a browser does not ask again
            continue
        assert (answer.status, answer.headers["Location"].split("?")[0]) == (303, "/console/login"), path


async def test_a_session_is_a_cookie_that_scripts_do_not_see_and_leaving_ends_it(service: Service) -> None:
    async with signed_in(service, Role.DISPATCHER) as desk:
        await desk.open("/console")
        assert desk.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in desk.headers["Content-Security-Policy"]
        await desk.send("/console/logout")
        assert desk.at == "/console/login"
        await desk.open("/console/cases")
        assert desk.at.startswith("/console/login")


async def test_the_cookie_is_http_only_and_lax(service: Service) -> None:
    await service.staff("someone", Role.AUDITOR)
    page = await service.client.get("/console/login")
    value = page.cookies["jiannuo_sign_in"].value
    form = {"login": "someone", "password": PASSWORD, "csrf": value}
    answer = await service.client.post("/console/login", data=form, allow_redirects=False)
    cookie = answer.headers.getall("Set-Cookie")[0]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie  # the test's public address is http


async def test_sessions_are_stored_as_digests_and_end_after_twelve_hours(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with signed_in(service, Role.AUDITOR) as desk:
        later = service.process.clock.wall() + timedelta(hours=12, minutes=1)
        monkeypatch.setattr(service.process.clock, "wall", lambda: later)
        await desk.open("/console")
        assert desk.at.startswith("/console/login")


async def test_five_wrong_passwords_close_the_door_for_a_quarter_of_an_hour(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.staff("someone", Role.AUDITOR)
    async with browser(service) as page:
        for _ in range(5):
            await page.open("/console/login")
            await page.send("/console/login", login="someone", password="not this one")
            assert page.status == 422
            assert "登录名或密码不对" in page.text
            assert 'value="someone"' in page.html
        await page.send("/console/login", login="someone", password=PASSWORD)
        assert page.status == 429
        later = service.process.clock.wall() + timedelta(minutes=16)
        monkeypatch.setattr(service.process.clock, "wall", lambda: later)
        await page.send("/console/login", login="someone", password=PASSWORD)
        assert page.at == "/console"


async def test_an_unknown_login_is_answered_as_a_wrong_password(service: Service) -> None:
    async with browser(service) as page:
        await page.open("/console/login")
        await page.send("/console/login", login="nobody", password="whatever it is")
        assert page.status == 422
        assert "登录名或密码不对" in page.text


async def test_a_disabled_account_is_out_at_once(service: Service) -> None:
    async with signed_in(service, Role.DISPATCHER) as desk:
        await service.process.database.run(
            lambda unit: unit.staff.change("dispatcher-city", {"disabled": True})
        )
        await desk.open("/console")
        assert desk.at.startswith("/console/login")


async def test_a_sign_in_form_from_elsewhere_is_refused(service: Service) -> None:
    await service.staff("someone", Role.AUDITOR)
    async with browser(service) as page:
        await page.post("/console/login", {"login": "someone", "password": PASSWORD, "csrf": "x" * 43})
        assert page.status == 403


@pytest.mark.parametrize("away", ["//evil.example", "https://evil.example", "/console\\@evil", "/console//x"])
async def test_signing_in_leads_only_to_the_console(service: Service, away: str) -> None:
    await service.staff("someone", Role.AUDITOR)
    async with browser(service) as page:
        await page.open("/console/login", params={"next": away})
        await page.send("/console/login", login="someone", password=PASSWORD, next=away)
        assert page.at == "/console"


async def test_signing_in_leads_back_to_where_one_wanted_to_go(service: Service) -> None:
    await service.staff("someone", Role.AUDITOR)
    async with browser(service) as page:
        await page.open("/console/cases?state=handling")
        await page.send("/console/login", login="someone", password=PASSWORD)
        assert page.at == "/console/cases?state=handling"


async def test_what_was_typed_is_carried_through_signing_in_and_not_done(service: Service) -> None:
    case = (await service.file("市住建局拖着不办证。", department="zhujian")).case
    path = f"/console/cases/{case.tracking_no}/actions/note"
    await service.staff("someone", Role.HANDLER, "zhujian")
    typed = {"version": str(case.version), "text": '写了很久"><b>'}
    async with browser(service) as page:
        await page.post(path, typed, headers={"Origin": service.client.make_url("/").origin().human_repr()})
        assert page.status == 401
        await page.send("/console/login", login="someone", password=PASSWORD)
        assert "写了很久&#34;&gt;&lt;b&gt;</textarea>" in page.html
        told = await (await service.ask("GET", f"/cases/{case.tracking_no}", Role.AUDITOR)).json()
        assert "note" not in [event["action"] for event in told["events"]]
        await page.post(path, page.form("/actions/note") | {"text": typed["text"]})
        assert "已完成：内部备注" in page.text


@pytest.mark.parametrize("origin", ["", "null", "https://evil.example"])
async def test_what_another_site_posts_is_not_carried(service: Service, origin: str) -> None:
    form = {"version": "1", "text": "不是您写的"}
    async with browser(service) as page:
        await page.post("/console/cases/TS1/actions/note", form, headers={"Origin": origin})
        assert page.at.startswith("/console/login")
        assert "不是您写的" not in page.html
