"""One's own password and sessions: changed, listed, ended, and idle ones over by themselves."""

from datetime import timedelta

import pytest

from storage.vocab import Role
from tests.flows.api.service import PASSWORD, Service
from tests.flows.console.reader import Browser, browser, signed_in

NEW = "示例新密码-example-2"
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"


async def enter(page: Browser, login: str, password: str = PASSWORD, **more: str) -> None:
    await page.open("/console/login", **more)
    await page.send("/console/login", login=login, password=password)


async def change(page: Browser, old: str, new: str, repeated: str | None = None) -> None:
    await page.open("/console/me/password")
    await page.send("/me/password", password=old, new_password=new, repeated=repeated or new)


async def test_a_new_password_needs_the_old_one_and_ends_every_other_session(service: Service) -> None:
    async with signed_in(service, Role.AUDITOR) as here, browser(service) as there:
        await enter(there, "auditor-city")
        assert there.at == "/console"
        for old, new, again, fault in (
            ("not this one", NEW, NEW, "密码不对"),
            (PASSWORD, NEW, NEW + "x", "两次填的"),
            (PASSWORD, "short", "short", "至少 8 位"),
            (PASSWORD, PASSWORD, PASSWORD, "不能和旧密码"),
        ):
            await change(here, old, new, again)
            assert (here.status, fault in here.text) == (422, True), fault
        await there.open("/console")
        assert there.at == "/console"
        await change(here, PASSWORD, NEW)
        assert "密码已修改" in here.text
        await there.open("/console")
        assert there.at.startswith("/console/login")
        await enter(there, "auditor-city")
        assert there.status == 422
        await enter(there, "auditor-city", NEW)
        assert there.at == "/console"
    async with service.process.database.read() as unit:
        assert [row.action for row in await unit.administration.log(limit=9)] == ["password_changed"]


async def test_guessing_the_old_password_is_counted_as_at_the_door(service: Service) -> None:
    async with signed_in(service, Role.AUDITOR) as here:
        for _ in range(5):
            await change(here, "not this one", NEW)
        await change(here, PASSWORD, NEW)
        assert here.status == 429


async def test_a_password_that_somebody_else_set_is_changed_first(service: Service) -> None:
    await service.staff("someone", Role.AUDITOR)
    await service.process.database.run(lambda unit: unit.staff.change("someone", {"must_change": True}))
    async with browser(service) as page:
        await enter(page, "someone")
        assert page.at == "/console/me/password"
        for path in ("/console", "/console/cases", "/console/me", "/console/me/code-app"):
            await page.open(path)
            assert page.at == "/console/me/password", path
        await change(page, PASSWORD, NEW)
        await page.open("/console/cases")
        assert page.at == "/console/cases"


async def test_sessions_are_listed_with_browser_and_half_an_address_and_ended_one_by_one(
    service: Service,
) -> None:
    async with signed_in(service, Role.AUDITOR) as here, browser(service) as there, browser(service) as third:
        proxied = {"User-Agent": AGENT, "X-Forwarded-For": "203.0.113.77"}
        await there.open("/console/login")
        form = there.form("/console/login") | {"login": "auditor-city", "password": PASSWORD}
        await there.post("/console/login", form, headers=proxied)
        await enter(third, "auditor-city")
        await here.open("/console/me")
        assert "Chrome · Windows" in here.text
        assert "203.0.*.*" in here.text
        assert "203.0.113.77" not in here.html
        assert here.text.count("最近") == 3
        one = next(part for part in here.html.split("<li") if "Windows" in part)
        number = one.partition('name="session" value="')[2][:16]
        await here.post("/console/me/sessions", here.form("/me/sessions") | {"session": number})
        assert "已退出" in here.text
        await there.open("/console")
        assert there.at.startswith("/console/login")
        await third.open("/console")
        assert third.at == "/console"
        await here.post("/console/me/sessions", {"csrf": here.form("/me/sessions")["csrf"], "others": "1"})
        await third.open("/console")
        assert third.at.startswith("/console/login")
        await here.open("/console")
        assert here.at == "/console"


async def test_nobody_ends_the_sessions_of_another(service: Service) -> None:
    async with signed_in(service, Role.AUDITOR) as mine, signed_in(service, Role.SUPERVISOR) as theirs:
        async with service.process.database.read() as unit:
            person = await unit.staff.by_login("supervisor-city")
            assert person is not None
            at = service.process.clock.wall()
            (row,) = await unit.sessions.of(person.id, at, idle=timedelta(hours=1))
        await mine.open("/console/me")
        form = {"csrf": mine.form("/me/code")["csrf"], "session": row.token_digest[:16]}
        await mine.post("/console/me/sessions", form)
        await theirs.open("/console")
        assert theirs.at == "/console"
        await mine.post("/console/me/sessions", {"csrf": "x", "others": "1"})
        assert mine.status == 403


async def test_a_session_that_nobody_uses_ends_and_one_in_use_goes_on(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = service.process.clock.wall()
    async with signed_in(service, Role.AUDITOR) as used, browser(service) as idle:
        await enter(idle, "auditor-city")
        for minutes in (40, 80):
            at = start + timedelta(minutes=minutes)
            monkeypatch.setattr(service.process.clock, "wall", lambda at=at: at)
            await used.open("/console")
            assert used.at == "/console", minutes
        await idle.open("/console")
        assert idle.at.startswith("/console/login")


async def test_passwords_are_not_carried_through_signing_in(service: Service) -> None:
    await service.staff("someone", Role.AUDITOR)
    origin = service.client.make_url("/").origin().human_repr()
    typed = {"password": "示例旧的", "new_password": NEW, "repeated": NEW}
    async with browser(service) as page:
        await page.post("/console/me/password", typed, headers={"Origin": origin})
        assert page.at.startswith("/console/login")
        assert NEW not in page.html
