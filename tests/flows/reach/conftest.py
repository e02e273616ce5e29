"""Staff as they are reached: a real mail server and a real robot on loopback, WeChat's stand-in, pages."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope
from argon2 import PasswordHasher

from bot.simulator.followers import openid_of
from bot.workers.gates import Gates
from bot.workers.outbox import Outbox
from bot.workers.reminding import Reminders
from intake import staffing
from intake.actor import Actor
from intake.reach.choice import choose
from intake.reach.robots import PATH
from storage.stores.cases import CaseRow
from storage.stores.outbox import OutboxRow
from storage.vocab import Role
from tests.flows.console.reader import Browser
from tests.flows.deadlines.conftest import UNIT, at
from tests.flows.door.conftest import Door, FakeRasa, Opener, listening, opener, rasa
from tests.flows.intake.people import DISPATCHER, do, filed
from tests.support.time import HandClock

__all__ = ["FakeRasa", "opener", "rasa"]

PASSWORD = "示例密码-example-1"
HEAD, HANDLER = "head", "handler"
FILED, LATE = "2026-03-03 09:30", "2026-03-04 09:31"
"""When the case goes to its unit, and when nobody has signed it for 24 hours."""
OPENID = openid_of(7)
ADDRESS = "head@example.test"


@dataclass
class MailServer:
    """What arrived; ``answers`` to the next recipients or messages, by command."""

    url: str = ""
    arrived: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=dict)

    async def handle_RCPT(
        self, server: SMTP, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if waiting := self.answers.get("RCPT"):
            return waiting.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:
        if waiting := self.answers.get("DATA"):
            return waiting.pop(0)
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        assert envelope.rcpt_tos == [message["To"]]
        self.arrived.append(message)
        return "250 OK"

    def texts(self) -> list[str]:
        return [one.get_content() for one in self.arrived]


@dataclass
class Group:
    """A WeCom group's robot; ``answers`` come before it takes anything."""

    url: str = ""
    posts: list[tuple[str, str]] = field(default_factory=list)
    answers: list[web.Response] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        body = await request.json()
        if self.answers:
            return self.answers.pop(0)
        assert body["msgtype"] == "markdown"
        self.posts.append((request.query["key"], body["markdown"]["content"]))
        return web.json_response({"errcode": 0, "errmsg": "ok"})


@dataclass
class Town:
    """One service, its staff, and all the ways to them."""

    door: Door
    mail: MailServer
    group: Group
    clock: HandClock
    box: Outbox

    # ── people ──

    async def employ(self, login: str, role: Role, department: str | None = None) -> Actor:
        prepared = await staffing.prepare(
            staffing.NewStaff(login, PASSWORD, role, department, f"示例{login}")
        )
        process = self.door.process
        await process.database.run(
            lambda unit: staffing.add(unit, process.city, prepared, process.clock.now())
        )
        return Actor(role, login, department)

    @asynccontextmanager
    async def page(self, login: str, path: str) -> AsyncIterator[Browser]:
        """Somebody signed in, at a page."""
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
            browser = Browser(self.door.url, session)
            await browser.open(f"/console/login?next={path}")
            await browser.send("/console/login", login=login, password=PASSWORD)
            assert browser.at == path, browser.text
            yield browser

    async def choose(self, actor: Actor, **wanted: Any) -> None:
        process = self.door.process
        await process.database.run(lambda unit: choose(process.desk(unit), actor, wanted))

    async def code(self, login: str) -> str:
        """A fresh code, read off the page."""
        async with self.page(login, "/console/me") as browser:
            await browser.send("/console/me/code")
            found = re.search(r"绑定 (\d{6})", browser.text)
        assert found, browser.text
        return found[1]

    async def bind(self, login: str, openid: str = OPENID) -> str:
        return await self.door.say(f"绑定 {await self.code(login)}", openid)

    async def robot(self, key: str = "0123456789-secret-key") -> None:
        """The unit's group gets a robot from an admin."""
        await self.employ("admin", Role.ADMIN)
        async with self.page("admin", "/console/robots") as browser:
            webhook = f"{self.group.url}{PATH}?key={key}"
            await browser.send("/console/robots", department=UNIT, webhook=webhook)
            assert "已保存" in browser.text

    # ── what happens ──

    async def late(self, when: str = LATE, **facts: Any) -> CaseRow:
        """A case that nobody signed in time; the reminders are written down, nothing is sent yet."""
        process = self.door.process
        self.clock.set(at(FILED))
        async with process.database.write() as unit:
            desk = process.desk(unit)
            case = (await filed(desk, **facts)).case
            if case.state == "received":
                case = await do(desk, DISPATCHER, case, "dispatch", department=UNIT)
        await self.turn(when)
        return case

    async def turn(self, when: str) -> None:
        self.clock.set(at(when))
        reminders = Reminders(self.door.process)
        while await reminders.step():
            pass

    async def send(self, *boxes: Outbox) -> None:
        """Empty the outbox, all ``boxes`` at once, and let the platform report what arrived."""

        async def drain(box: Outbox) -> None:
            while await box.step():
                pass

        await asyncio.gather(*(drain(box) for box in boxes or (self.box,)))
        await self.door.courier.drain()

    def another_box(self) -> Outbox:
        """That of another process."""
        return Outbox(self.door.process, Gates(self.clock), batch=3)

    async def digests(self, login: str, via: str) -> list[OutboxRow]:
        async with self.door.process.database.read() as unit:
            rows = [await unit.outbox.get(number) for number in range(1, 60)]
        return [row for row in rows if row is not None and (row.login, row.via) == (login, via)]

    async def told(self, login: str) -> list[tuple[str, str, bool | None]]:
        """Rung, channel and ``delivered`` of whatever the API says that somebody was told."""
        process = self.door.process
        token = await process.database.run(
            lambda unit: staffing.create_token(
                unit, process.city, role=Role.SUPERVISOR, department=None, label="示例", at=self.clock.now()
            )
        )
        headers = {"Authorization": f"Bearer {token}"}
        async with self.door.http.get(f"{self.door.url}/api/v1/reminders", headers=headers) as answer:
            items = (await answer.json())["items"]
        return [(i["rung"], i["channel"], i["delivered"]) for i in items if i["recipient"]["login"] == login]

    def heard(self, openid: str = OPENID) -> list[str]:
        return self.door.pushed(openid)


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests look at the ways, not at what a password's hash costs."""
    monkeypatch.setattr(staffing, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    staffing._nobody.cache_clear()


@asynccontextmanager
async def serving(made: Callable[[], SMTP]) -> AsyncIterator[str]:
    """A mail server on a free port of loopback; its host and port."""
    met: list[SMTP] = []

    def meet() -> SMTP:
        met.append(made())
        return met[-1]

    listener = await asyncio.get_running_loop().create_server(meet, "127.0.0.1", 0)
    try:
        yield f"127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    finally:
        listener.close()
        for server in met:
            if server.transport is not None:
                server.transport.close()
        await listener.wait_closed()


@pytest.fixture
async def mail() -> AsyncIterator[MailServer]:
    taken = MailServer()
    async with serving(lambda: SMTP(taken)) as place:
        taken.url = f"smtp://{place}"
        yield taken


@pytest.fixture
async def group() -> AsyncIterator[Group]:
    robot, app = Group(), web.Application()
    app.router.add_post(PATH, robot.take)
    async with listening(app) as url:
        robot.url = url
        yield robot


@pytest.fixture
async def town(opener: Opener, mail: MailServer, group: Group, clock: HandClock) -> AsyncIterator[Town]:
    async with AsyncExitStack() as stack:
        door = await stack.enter_async_context(
            opener.open(
                JIANNUO_PUBLIC_URL="http://example.test",
                JIANNUO_SIMULATOR="true",
                JIANNUO_SMTP_URL=mail.url,
                JIANNUO_MAIL_FROM="践诺 <reminders@example.test>",
                JIANNUO_WECOM_URL=group.url,
            )
        )
        yield Town(door, mail, group, clock, Outbox(door.process, Gates(clock), batch=50))
