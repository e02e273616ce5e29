"""The second factor: set up, asked for, used once, lost, demanded; each step in the log."""

import asyncio
import io
import re
from datetime import timedelta

import pyotp
import pytest

from intake import second_factor
from intake.actor import Actor
from storage.vocab import Role
from tests.flows.api.service import PASSWORD, Service
from tests.flows.console.reader import Browser, browser, signed_in
from tests.support.commands import command
from tests.support.service import Settings

ADMIN = Actor(Role.ADMIN, "admin")


def later(service: Service, monkeypatch: pytest.MonkeyPatch, **span: float) -> None:
    at = service.process.clock.wall() + timedelta(**span)
    monkeypatch.setattr(service.process.clock, "wall", lambda: at)


def code(service: Service, secret: str) -> str:
    return pyotp.TOTP(secret).at(service.process.clock.wall())


async def set_up(service: Service, page: Browser) -> tuple[str, list[str]]:
    """Turn it on by the pages; the secret and the recovery codes."""
    await page.open("/console/me/code-app")
    await page.send("/me/code-app")
    found = re.search(r'class="mono">([A-Z2-7 ]{32,})<', page.html)
    assert found is not None
    secret = found[1].replace(" ", "")
    assert 'src="data:image/svg+xml' in page.html
    await page.send("/code-app/confirm", one_time=code(service, secret))
    codes = re.findall(r"<li>([A-Z2-9]{5}-[A-Z2-9]{5})</li>", page.html)
    assert len(codes) == 10
    return secret, codes


async def to_the_code(page: Browser, login: str) -> None:
    await page.open("/console/login?next=/console/cases?state=handling")
    await page.send("/console/login", login=login, password=PASSWORD)
    assert "两步验证" in page.text


async def logged(service: Service) -> list[str]:
    async with service.process.database.read() as unit:
        return [row.action for row in await unit.administration.log(limit=50)]


async def test_after_the_password_a_code_is_asked_for_and_taken_once(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(service, monkeypatch)
    async with signed_in(service, Role.AUDITOR) as desk:
        secret, _ = await set_up(service, desk)
    used = code(service, secret)
    async with browser(service) as page:
        await to_the_code(page, "auditor-city")
        await page.open("/console/cases")
        assert page.at.startswith("/console/login")  # the password alone opens nothing
        await to_the_code(page, "auditor-city")
        await page.send("/login/code", one_time=used)  # it confirmed the set-up
        assert page.status == 422
        later(service, monkeypatch, seconds=30)
        fresh = code(service, secret)
        await page.send("/login/code", one_time=f" {fresh[:3]} {fresh[3:]} ")
        assert page.at == "/console/cases?state=handling"
    async with browser(service) as page:
        await to_the_code(page, "auditor-city")
        for old in (fresh, used):
            await page.send("/login/code", one_time=old)
            assert page.status == 422
    assert await logged(service) == ["second_factor_on"]


async def test_five_wrong_codes_close_the_door_and_no_new_password_opens_it(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(service, monkeypatch)
    async with signed_in(service, Role.AUDITOR) as desk:
        secret, _ = await set_up(service, desk)
    later(service, monkeypatch, seconds=60)
    wrong = f"{(int(code(service, secret)) + 1) % 1_000_000:06}"
    async with browser(service) as page:
        for _ in range(5):
            await to_the_code(page, "auditor-city")
            await page.send("/login/code", one_time=wrong)
            assert page.status == 422
        later(service, monkeypatch, seconds=60)
        await page.send("/login/code", one_time=code(service, secret))
        assert page.status == 429
        later(service, monkeypatch, minutes=16)
        await to_the_code(page, "auditor-city")
        await page.send("/login/code", one_time=code(service, secret))
        assert page.at == "/console/cases?state=handling"


async def test_the_question_for_the_code_lasts_five_minutes(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(service, monkeypatch)
    async with signed_in(service, Role.AUDITOR) as desk:
        secret, _ = await set_up(service, desk)
    async with browser(service) as page:
        await to_the_code(page, "auditor-city")
        later(service, monkeypatch, minutes=6)
        await page.send("/login/code", one_time=code(service, secret))
        assert page.status == 403
        assert "密码" in page.text


async def test_a_recovery_code_opens_once_and_is_logged(service: Service) -> None:
    async with signed_in(service, Role.AUDITOR) as desk:
        _, codes = await set_up(service, desk)
    async with browser(service) as page:
        await to_the_code(page, "auditor-city")
        await page.send("/login/code", one_time=codes[3].lower().replace("-", ""))
        await page.open("/console/me/code-app")
        assert "恢复码还剩 9 个" in page.text
        await page.send("/code-app/recovery", password=PASSWORD)
        assert len(set(re.findall(r"[A-Z2-9]{5}-[A-Z2-9]{5}", page.html)) - set(codes)) == 10
    async with browser(service) as page:
        await to_the_code(page, "auditor-city")
        for old in codes[3], codes[4]:
            await page.send("/login/code", one_time=old)
            assert page.status == 422
    assert await logged(service) == ["recovery_codes_made", "recovery_code_used", "second_factor_on"]


async def test_neither_secret_nor_codes_can_be_read_in_the_database(service: Service) -> None:
    async with signed_in(service, Role.AUDITOR) as desk:
        secret, codes = await set_up(service, desk)
    async with service.process.database.read() as unit:
        person = await unit.staff.by_login("auditor-city")
        assert person is not None
        row = await unit.second_factors.of(person.id)
        assert row is not None
        assert secret.encode() not in row.secret
        assert not await unit.second_factors.use_code(person.id, codes[0].replace("-", ""))


async def test_a_wrong_first_code_turns_nothing_on(service: Service) -> None:
    async with signed_in(service, Role.AUDITOR) as desk:
        await desk.open("/console/me/code-app")
        await desk.send("/me/code-app")
        await desk.send("/code-app/confirm", one_time="000000x")
        assert desk.status == 422
        assert "验证码不对" in desk.text
    async with browser(service) as page:
        await page.open("/console/login")
        await page.send("/console/login", login="auditor-city", password=PASSWORD)
        assert page.at == "/console"


async def test_turning_it_off_needs_the_password(service: Service) -> None:
    async with signed_in(service, Role.AUDITOR) as desk:
        await set_up(service, desk)
        await desk.open("/console/me/code-app")
        await desk.send("/code-app/off", password="not this one")
        assert (desk.status, "密码不对" in desk.text) == (422, True)
        await desk.send("/code-app/off", password=PASSWORD)
        assert "两步验证已关闭" in desk.text
    assert (await logged(service))[0] == "second_factor_off"


async def test_who_types_while_the_session_ends_is_asked_for_the_code_and_loses_nothing(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(service, monkeypatch)
    case = (await service.file("市住建局拖着不办证。", department="zhujian")).case
    path = f"/console/cases/{case.tracking_no}/actions/note"
    async with signed_in(service, Role.HANDLER, "zhujian") as desk:
        secret, _ = await set_up(service, desk)
        later(service, monkeypatch, minutes=61)
        origin = service.client.make_url("/").origin().human_repr()
        await desk.post(path, {"version": "1", "text": "写了很久"}, headers={"Origin": origin})
        assert desk.status == 401
        await desk.send("/console/login", login="handler-zhujian", password=PASSWORD)
        await desk.send("/login/code", one_time=code(service, secret))
        assert "写了很久</textarea>" in desk.html


async def test_a_demanded_factor_is_set_up_first_and_not_turned_off(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(service, monkeypatch)
    async with signed_in(service, Role.CUSTODIAN) as before:
        later(service, monkeypatch, minutes=1)
        await service.process.database.run(
            lambda unit: second_factor.demand(service.process.desk(unit), ADMIN, Role.CUSTODIAN, wanted=True)
        )
        await before.open("/console/cases")
        assert before.at == "/console/cases"  # whoever is at work goes on until the next sign-in
    later(service, monkeypatch, minutes=1)
    async with browser(service) as page:
        await page.open("/console/login")
        await page.send("/console/login", login="custodian-city", password=PASSWORD)
        assert page.at == "/console/me/code-app"
        await page.open("/console/identities")
        assert page.at == "/console/me/code-app"
        await set_up(service, page)
        await page.open("/console/identities")
        assert page.at == "/console/identities"
        await page.open("/console/me/code-app")
        assert "不能自己关闭" in page.text
        form = {"csrf": page.form("/code-app/recovery")["csrf"], "password": PASSWORD}
        await page.post("/console/me/code-app/off", form)
        assert page.status == 422


async def test_a_lost_telephone_is_forgotten_by_the_operator(
    service: Service, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(service, monkeypatch)
    async with signed_in(service, Role.AUDITOR) as desk:
        await set_up(service, desk)
        code_, told = await asyncio.to_thread(command, settings, "staff", "totp-reset", "auditor-city")
        assert (code_, "要重新设置" in told) == (0, True)
        await desk.open("/console")
        assert desk.at.startswith("/console/login")
        await desk.send("/console/login", login="auditor-city", password=PASSWORD)
        assert desk.at == "/console"
    assert (await logged(service))[0] == "second_factor_reset"
    assert (await asyncio.to_thread(command, settings, "staff", "totp-reset", "nobody"))[0] == 1


async def test_a_password_that_is_given_once_is_changed_first_and_another_one_is_kept(
    service: Service, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    add = ("staff", "add", "someone", "--name", "示例", "--role", "auditor", "--once")
    code_, told = await asyncio.to_thread(command, settings, *add)
    assert code_ == 0
    async with browser(service) as page:
        await page.open("/console/login")
        await page.send("/console/login", login="someone", password=told.strip().rpartition("：")[2])
        await page.open("/console")
        assert page.at == "/console/me/password"
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
        await asyncio.to_thread(command, settings, "staff", "password", "someone")
        await page.open("/console/login")
        await page.send("/console/login", login="someone", password=PASSWORD)
        assert page.at == "/console"
    assert (await logged(service)) == ["password_reset", "staff_added"]
