"""The platform's door over real HTTP: the service's own application on a real database, Tencent's stand-in
before it, and a Rasa that can be slow, broken or gone."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import text

from bot.factory import Process
from bot.settings import load
from bot.simulator import drafts
from bot.simulator.app import add_simulator
from bot.simulator.clock import MemoryClock
from bot.simulator.deliver import Courier, Delivery
from bot.simulator.drafts import Draft
from bot.simulator.envelope import Envelope
from bot.simulator.followers import Trigger, openid_of
from bot.simulator.platform import Account, Mode, Platform
from bot.turn import Turns
from bot.web.app import make_app
from bot.workers.gates import Gates
from bot.workers.outbox import Outbox
from bot.workers.rehearing import Rehearing
from bot.workers.sweeper import Sweeper
from intake import registry
from intake.actor import Actor
from intake.cases.actions import perform
from storage.stores.cases import CaseRow
from storage.stores.inbox import InboxRow
from storage.stores.sights import Sight
from storage.vocab import Role
from tests.support import city, databases
from tests.support.service import AES_KEY, APP_ID, APP_SECRET, TOKEN
from tests.support.time import HandClock

OTHER_KEY = "GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba"
PUSHES = frozenset({"service", "subscribe", "template"})
ME = openid_of(1)
CARDS = ("SL-CARD-1", "SL-CARD-2", "SL-CARD-3")


@dataclass
class FakeRasa:
    """Rasa's HTTP API: ``answers`` says what it understands; ``mode`` how it is today."""

    url: str = ""
    mode: str = "well"
    intent: str = "complaint"
    confidence: float = 0.9
    asked: list[str] = field(default_factory=list)
    was_asked: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def parse(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((await request.json())["text"])
        self.was_asked.set()
        match self.mode:
            case "hanging":
                await self.go_on.wait()
            case "broken":
                return web.json_response({"status": "failure"}, status=500)
            case "garbage":
                return web.Response(text="{]", content_type="application/json")
        intent = {"name": self.intent, "confidence": self.confidence}
        return web.json_response({"intent": intent, "entities": [], "model": "fake"})

    async def status(self, _request: web.Request) -> web.Response:
        return web.json_response({"model_file": "fake.tar.gz"} if self.mode == "well" else {})


@dataclass
class Door:
    """One service with its database, and the platform that pushes to it."""

    process: Process
    turns: Turns
    platform: Platform
    courier: Courier
    http: aiohttp.ClientSession
    url: str
    clock: HandClock

    # ── what citizens do ──

    async def push(self, draft: Draft) -> Delivery:
        """Deliver as the platform would, with the allowance it gives."""
        if draft.msg_type != "event":
            self.platform.followers.meet(draft.openid)
            self.platform.followers.contacted(draft.openid, Trigger.MESSAGE)
        return await self.courier.deliver(draft)

    async def say(self, text: str, openid: str = ME) -> str:
        """A text; what is answered on the wire."""
        delivery = await self.push(drafts.text(openid, text))
        assert not delivery.tip, delivery
        return delivery.reply_text or ""

    async def files(self, text: str = "红旗区平原路的路灯不亮一个月了", openid: str = ME) -> str:
        """Tell and confirm one matter; its number."""
        return number_in(await self.files_with_receipt(text, openid))

    async def files_with_receipt(self, text: str, openid: str = ME) -> str:
        """Tell and confirm one matter; the receipt."""
        await self.say(text, openid)
        return await self.say("确认", openid)

    # ── raw requests ──

    def signed(self, draft: Draft) -> tuple[dict[str, str], bytes]:
        """Query and body of a genuine delivery."""
        return Envelope(self.platform).request(self.platform.stamp(draft))

    async def post(self, query: dict[str, str], body: bytes) -> tuple[int, str]:
        async with self.http.post(f"{self.url}/wechat", params=query, data=BytesIO(body)) as response:
            return response.status, await response.text()

    async def metric(self, name: str) -> float:
        """The sum of a metric's samples, with or without labels."""
        async with self.http.get(f"{self.url}/metrics") as response:
            lines = (await response.text()).splitlines()
        wanted = (name + " ", name + "{")
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(wanted))

    # ── what it left behind ──

    async def inbox(self) -> list[InboxRow]:
        async with self.process.database.read() as unit:
            numbers = (await unit.connection.execute(text("SELECT id FROM inbox ORDER BY id"))).scalars()
            rows = [await unit.inbox.get(number) for number in numbers]
        return [row for row in rows if row is not None]

    async def noted(self, count: int) -> bool:
        """Whether the inbox has so many rows."""
        return len(await self.inbox()) >= count

    async def cases(self, openid: str = ME) -> list[CaseRow]:
        digest = self.process.vault.lookup(self.platform.account.original_id, openid)
        async with self.process.database.read() as unit:
            reporter = (await unit.identities.by_openids([digest])).get(digest)
            return await unit.cases.of_reporter(reporter) if reporter else []

    async def case(self, number: str) -> CaseRow:
        async with self.process.database.read() as unit:
            found = await unit.cases.by_number(number, Sight(everything=True))
        assert found is not None
        return found

    async def only_case(self) -> CaseRow:
        (case,) = await self.cases()
        return case

    async def stock(self) -> None:
        """Fill the registry: the sample, and three guides of much the same name."""
        now = self.process.clock.now()
        empty = {"cautions": [], "documents": [], "place": "", "time_limit": "", "phone": ""}
        guides = [
            {"code": code, "title": f"【示例】老年人优待证办理（{place}）", "steps": [f"到{place}窗口申请"]}
            | {"department": "minzheng", **empty}
            for code, place in zip(CARDS, ("卫滨区", "红旗区", "牧野区"), strict=True)
        ]
        async with self.process.database.write() as unit:
            await registry.seed_sample(unit, self.process.city, now)
            await unit.registry.add_guides(guides, now)
        await self.process.refresh()

    async def act(self, number: str, action: str, role: Role = Role.DISPATCHER, **body: object) -> None:
        """A member of staff of the case's own unit acts."""
        case = await self.case(number)
        actor = Actor(role, role.value, department=case.department)
        async with self.process.database.write() as unit:
            desk = self.process.desk(unit)
            await perform(desk, actor, number, action, {"version": case.version, **body})

    async def answers(self, number: str) -> None:
        """The unit answers the case."""
        if (await self.case(number)).state == "received":
            await self.act(number, "dispatch", department="chengguan")
        await self.act(number, "sign", Role.HANDLER)
        await self.act(number, "answer", Role.HANDLER, text="已经修好。", outcome="resolved")
        await self.act(number, "approve", Role.HEAD)

    # ── the workers ──

    async def send(self) -> None:
        """Empty the outbox, and let the platform report what arrived."""
        outbox = Outbox(self.process, Gates(self.process.clock), batch=50)
        while await outbox.step():
            continue
        await self.courier.drain()

    async def sweep(self) -> None:
        await Sweeper(self.process, self.turns.resume).step()

    async def rehear(self) -> None:
        await Rehearing(self.process).step()

    def pushed(self, openid: str = ME) -> list[str]:
        """What the account pushed to a citizen."""
        return [entry.text for entry in self.platform.transcript.of(openid, kinds=PUSHES)]


LOOK, PATIENCE = 0.02, 20
"""Seconds between two looks; without them the looking takes the core from what is looked for."""


async def until(met: Callable[[], Awaitable[bool]]) -> None:
    """Return as soon as a condition of another task holds."""
    end = time.monotonic() + PATIENCE
    while not await met():
        assert time.monotonic() < end
        await asyncio.sleep(LOOK)


def number_in(text: str) -> str:
    """The tracking number in a receipt."""
    found = re.search(r"单号：((?:TS|ZX|JY)\d{14})", text)
    assert found, text
    return found[1]


def code_in(text: str) -> str:
    """The query code in a receipt."""
    found = re.search(r"查询码：(\d{6})", text)
    assert found, text
    return found[1]


@pytest.fixture
async def rasa() -> AsyncIterator[FakeRasa]:
    fake = FakeRasa()
    app = web.Application()
    app.router.add_post("/model/parse", fake.parse)
    app.router.add_get("/status", fake.status)
    async with listening(app) as url:
        fake.url = url
        yield fake
        fake.go_on.set()


@asynccontextmanager
async def listening(app: web.Application) -> AsyncIterator[str]:
    """The application on a free port of loopback; its address."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    try:
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


class Opener:
    """Opens doors onto one database: several processes, or one after the other."""

    def __init__(self, database_url: str, clock: HandClock, rasa_url: str, folder: Path) -> None:
        self._database_url, self.clock, self._rasa_url = database_url, clock, rasa_url
        self._folder = folder
        account = Account.of(APP_ID, APP_SECRET, TOKEN, AES_KEY)
        self.platform = Platform(account, now=clock.now, wall=lambda: clock.wall().timestamp())

    @asynccontextmanager
    async def open(self, mode: Mode = Mode.SAFE, **changes: str) -> AsyncIterator[Door]:
        """A process of its own; ``changes`` are settings. The platform is the same for all."""
        platform = self.platform
        platform.account = replace(platform.account, mode=mode)
        async with AsyncExitStack() as stack:
            tencent = web.Application()
            courier = add_simulator(tencent, platform, MemoryClock(self.clock.now), "")
            api = await stack.enter_async_context(listening(tencent))
            settings = load(self._environment(api, mode) | changes, wechat=True)
            database = databases.opened(self._database_url)
            stack.push_async_callback(database.close)
            opened = city.opened(settings, database, clock=self.clock)
            process = await stack.enter_async_context(opened)
            turns = Turns(process)
            url = await stack.enter_async_context(listening(make_app(process, turns)))
            courier.callback_url = f"{url}/wechat"
            http = await stack.enter_async_context(aiohttp.ClientSession())
            yield Door(process, turns, platform, courier, http, url, self.clock)
            await turns.finish(5)

    def _environment(self, api: str, mode: Mode) -> dict[str, str]:
        values = {
            "DATABASE_URL": self._database_url,
            "PUBLIC_URL": "https://example.test",
            "WECHAT_APP_ID": APP_ID,
            "WECHAT_APP_SECRET": APP_SECRET,
            "WECHAT_TOKEN": TOKEN,
            "WECHAT_AES_KEY": "" if mode is Mode.PLAIN else AES_KEY,
            "WECHAT_API_URL": f"{api}/simulator/api",
            "NLU_URL": self._rasa_url,
            "FILES_URL": str(self._folder / "files"),
            "SECRET_KEY": city.SECRET_KEY,
            "IDENTITY_KEY": city.IDENTITY_KEY,
        }
        return {f"JIANNUO_{name}": value for name, value in values.items()}


@pytest.fixture
def opener(database_url: str, clock: HandClock, rasa: FakeRasa, tmp_path: Path) -> Opener:
    return Opener(database_url, clock, rasa.url, tmp_path)


@pytest.fixture
async def door(opener: Opener) -> AsyncIterator[Door]:
    """In safe mode, with a Rasa that takes everything for a complaint."""
    async with opener.open() as opened:
        yield opened


@pytest.fixture
async def town(door: Door, rasa: FakeRasa) -> Door:
    """With a registry to ask, and a Rasa that takes everything for an inquiry."""
    await door.stock()
    rasa.intent = "inquiry"
    return door
