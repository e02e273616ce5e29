"""Mail servers and robots that refuse, are busy or away; and the addresses of robots, which are secrets."""

import pytest
from aiohttp import web
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from bot.mail import Mailer
from intake.reach.robots import PATH
from storage.vocab import Role
from tests.flows.deadlines.conftest import UNIT
from tests.flows.reach.conftest import ADDRESS, HEAD, Town, serving


async def by(town: Town, way: str) -> None:
    """A head who is told by one way."""
    if way == "wecom":
        await town.robot()
    head = await town.employ(HEAD, Role.HEAD, UNIT)
    await town.choose(head, channels=[way], email=ADDRESS)


async def outcome(town: Town, way: str) -> tuple[str, str | None, bool | None]:
    (row,) = await town.digests(HEAD, way)
    (told,) = [delivered for _, channel, delivered in await town.told(HEAD) if channel == way]
    return row.state, row.reason, told


async def faults(town: Town) -> dict[str, str]:
    async with town.door.process.database.read() as unit:
        return await unit.operations.faults()


async def test_a_busy_mail_server_is_asked_again(town: Town) -> None:
    await by(town, "email")
    town.mail.answers = {"RCPT": ["451 greylisted"], "DATA": ["452 full"]}
    await town.late()
    for minutes in (1, 2):
        await town.send()
        assert town.mail.arrived == []
        town.clock.advance(minutes=minutes)
    await town.send()
    assert len(town.mail.arrived) == 1
    assert await outcome(town, "email") == ("sent", None, True)


async def test_a_mail_server_that_stays_busy_leaves_a_dead_letter(town: Town) -> None:
    await by(town, "email")
    town.mail.answers = {"RCPT": ["451 busy"] * 9}
    await town.late()
    for _ in range(7):
        await town.send()
        town.clock.advance(minutes=10)
    assert await outcome(town, "email") == ("dead", "refused:451", False)
    assert len(town.mail.answers["RCPT"]) == 4, "five tries"


async def test_an_address_that_is_refused_is_not_tried_again(town: Town) -> None:
    await by(town, "email")
    town.mail.answers = {"RCPT": ["550 no such person"]}
    await town.late()
    await town.send()
    assert await outcome(town, "email") == ("dead", "refused:550", False)


async def test_a_mail_server_that_is_away_costs_no_tries_and_is_told(town: Town) -> None:
    await by(town, "email")
    mailer = town.door.process.mailer
    here, mailer._url = mailer._url, mailer._url._replace(netloc="127.0.0.1:1")
    await town.late()
    for _ in range(9):
        await town.send()
        town.clock.advance(minutes=1)
    assert (await faults(town))["email"] == "unreachable"
    mailer._url = here
    await town.send()
    assert len(town.mail.arrived) == 1
    assert await outcome(town, "email") == ("sent", None, True)
    assert "email" not in await faults(town)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
async def test_the_server_is_signed_in_to_and_a_wrong_password_is_told(town: Town) -> None:
    await by(town, "email")
    process = town.door.process

    def known(server: SMTP, session: object, envelope: object, mechanism: str, data: object) -> AuthResult:
        assert isinstance(data, LoginPassword)
        good = (data.login, data.password) == (b"staff@example.test", b"p:ss w@rd")
        return AuthResult(success=good, handled=False)

    def guarded() -> SMTP:
        return SMTP(town.mail, authenticator=known, auth_required=True, auth_require_tls=False)

    await town.late()
    async with serving(guarded) as place:
        account = "smtp://staff%40example.test"
        process.mailer = Mailer(f"{account}:wrong@{place}", "a@example.test", town.clock)
        await town.send()
        assert (await faults(town))["email"] == "refused:535"
        town.clock.advance(minutes=1)
        process.mailer = Mailer(f"{account}:p%3Ass%20w%40rd@{place}", "a@example.test", town.clock)
        await town.send()
    assert len(town.mail.arrived) == 1
    assert "email" not in await faults(town)


async def test_a_robot_that_is_busy_is_asked_again(town: Town) -> None:
    await by(town, "wecom")
    town.group.answers = [web.json_response({"errcode": 45009, "errmsg": "api freq out of limit"})]
    await town.late()
    await town.send()
    assert await outcome(town, "wecom") == ("queued", "refused:45009", None)
    town.clock.advance(minutes=1)
    await town.send()
    assert len(town.group.posts) == 1
    assert await outcome(town, "wecom") == ("sent", None, True)


async def test_a_robot_that_is_gone_leaves_a_dead_letter(town: Town) -> None:
    await by(town, "wecom")
    town.group.answers = [web.json_response({"errcode": 93000, "errmsg": "invalid webhook url"})]
    await town.late()
    await town.send()
    assert await outcome(town, "wecom") == ("dead", "refused:93000", False)


async def test_what_the_robot_may_have_posted_is_not_posted_again(town: Town) -> None:
    await by(town, "wecom")
    town.group.answers = [web.Response(status=502, text="bad gateway")]
    await town.late()
    await town.send()
    assert await outcome(town, "wecom") == ("dead", "unconfirmed", False)


async def test_an_admin_sees_a_robots_address_masked_ever_after(town: Town) -> None:
    await town.robot("11112222-3333-aabbccdd")
    async with town.page("admin", "/console/robots") as page:
        assert "****ccdd" in page.text
        assert "11112222" not in page.html
        for wrong in ("https://elsewhere.test/cgi-bin/webhook/send?key=1", town.group.url + PATH, "x"):
            await page.send("/console/robots", department=UNIT, webhook=wrong)
            assert page.status == 422
            assert "elsewhere" not in page.html
        await page.open("/console/robots")
        assert "****ccdd" in page.text
        await page.send("/console/robots", department=UNIT, webhook="")
        assert "****" not in page.text
    async with town.door.process.database.read() as unit:
        assert await unit.reach.robots() == []


async def test_others_than_admins_find_no_such_page(town: Town) -> None:
    await town.employ(HEAD, Role.HEAD, UNIT)
    async with town.page(HEAD, "/console/me") as page:
        csrf = page.form("/console/me")["csrf"]
        await page.open("/console/robots")
        assert page.status == 404
        webhook = f"{town.group.url}{PATH}?key=1"
        await page.post("/console/robots", {"csrf": csrf, "department": UNIT, "webhook": webhook})
        assert page.status == 404
    async with town.door.process.database.read() as unit:
        assert await unit.reach.robots() == []
