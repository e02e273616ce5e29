"""A platform over real HTTP, an office on a real database, and a process whose clock the test holds."""

import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from bot.factory import Process
from bot.settings import load
from bot.simulator.app import add_simulator
from bot.simulator.clock import MemoryClock
from bot.simulator.followers import Trigger, openid_of
from bot.simulator.platform import Account, Platform
from bot.wechat.client import WeChatClient
from bot.wechat.parse import parse
from bot.wechat.token import TokenManager, stable_token
from bot.wechat.tokenrows import SqlTokenStore
from bot.wechat.transport import Transport
from bot.workers.gates import Gates
from bot.workers.outbox import Outbox
from intake.actor import citizen
from intake.cases.opening import NewCase, file_case
from intake.consents import record
from intake.identity import new_reporter_id
from intake.notices import queue, tell
from intake.reporters import OPENID
from storage.engine import Database
from storage.stores.cases import CaseRow
from storage.stores.outbox import OutboxRow
from storage.vocab import CaseType, Channel
from tests.support import city
from tests.support.service import APP_ID, APP_SECRET, TOKEN
from tests.support.time import HandClock

ACCOUNT = "gh_0123456789ab"
PUSHES = frozenset({"service", "subscribe", "template"})


@dataclass
class Tencent:
    """The platform's stand-in, where it listens, and what it said to our callback."""

    platform: Platform
    url: str = ""
    told: list[str] = field(default_factory=list)

    def heard(self, openid: str) -> list[str]:
        """What the account pushed to a citizen, in order."""
        return [entry.text for entry in self.platform.transcript.of(openid, kinds=PUSHES)]

    def kinds(self, openid: str) -> list[str]:
        return [entry.kind for entry in self.platform.transcript.of(openid, kinds=PUSHES)]

    def calls(self, path: str) -> int:
        return self.platform.quotas.used(path)


@pytest.fixture
async def tencent(clock: HandClock) -> AsyncIterator[Tencent]:
    account = Account.of(APP_ID, APP_SECRET, TOKEN)
    tencent = Tencent(Platform(account, now=clock.now, wall=lambda: clock.wall().timestamp()))
    app = web.Application()

    async def receive(request: web.Request) -> web.Response:
        tencent.told.append(parse(await request.text()).event)
        return web.Response(text="success")

    courier = add_simulator(app, tencent.platform, MemoryClock(clock.now), "")
    app.router.add_post("/wechat", receive)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    tencent.url = f"http://{host}:{port}"
    courier.callback_url = f"{tencent.url}/wechat"
    yield tencent
    await runner.cleanup()


@pytest.fixture
async def process(
    database: Database, database_url: str, tencent: Tencent, clock: HandClock, tmp_path: Path
) -> AsyncIterator[Process]:
    values = {
        "DATABASE_URL": database_url,
        "WECHAT_APP_ID": APP_ID,
        "WECHAT_APP_SECRET": APP_SECRET,
        "WECHAT_TOKEN": TOKEN,
        "WECHAT_API_URL": f"{tencent.url}/simulator/api",
        "FILES_URL": str(tmp_path / "files"),
        "SECRET_KEY": city.SECRET_KEY,
        "IDENTITY_KEY": city.IDENTITY_KEY,
    }
    settings = load({f"JIANNUO_{name}": value for name, value in values.items()}, wechat=True)
    async with city.opened(settings, database) as opened:
        opened.clock = clock
        opened.tokens = TokenManager(
            stable_token(Transport(settings.wechat_api_url, opened.http), APP_ID, APP_SECRET),
            SqlTokenStore(database, opened.vault, APP_ID, clock.wall),
            clock.wall,
        )
        opened.wechat = WeChatClient(settings.wechat_api_url, APP_ID, APP_SECRET, opened.http, opened.tokens)
        yield opened


@pytest.fixture
def outbox(process: Process) -> Outbox:
    return Outbox(process, Gates(process.clock), batch=50)


@dataclass
class Town:
    """Citizens who wrote to the account, and what the office has for them."""

    process: Process
    tencent: Tencent
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)
    keys: "itertools.count[int]" = field(default_factory=itertools.count)

    async def citizen(self, *, wrote: bool = True) -> tuple[str, str]:
        """(reporter, openid) of a new citizen; one who ``wrote`` may be answered five times in 48 hours."""
        openid, now = openid_of(next(self.numbers)), self.process.clock.now()
        vault = self.process.vault
        self.tencent.platform.followers.meet(openid)
        async with self.process.database.write() as unit:
            reporter = await unit.identities.add_citizen(
                reporter_id=new_reporter_id(),
                account=ACCOUNT,
                openid_hmac=vault.lookup(ACCOUNT, openid),
                openid=vault.seal(openid, OPENID),
                at=now,
            )
            await unit.conversations.add_if_missing(reporter, b"", now)
        if wrote:
            await self.writes(reporter, openid)
        return reporter, openid

    async def writes(self, reporter: str, openid: str) -> None:
        """The citizen sends a message: five customer-service messages in 48 hours, on both sides."""
        self.tencent.platform.followers.contacted(openid, Trigger.MESSAGE)
        grant = self.tencent.platform.followers.get(openid).grants[Trigger.MESSAGE]
        async with self.process.database.write() as unit:
            values = {"message_left": grant.left, "message_until": grant.until}
            await unit.conversations.set_allowance(reporter, values)

    async def notes(self, reporter: str, *texts: str) -> list[int]:
        """Messages noted in the inbox under a lease of ten seconds; their rows' ids."""
        clock, keys = self.process.clock, [f"m{next(self.keys)}" for _ in texts]
        rows: list[dict[str, object]] = [
            {
                "account": ACCOUNT,
                "message_key": key,
                "reporter_id": reporter,
                "kind": "text",
                "body": self.process.vault.seal_json({"text": text}, "inbox"),
                "received_at": clock.now(),
                "leased_until": clock.wall() + timedelta(seconds=10),
            }
            for key, text in zip(keys, texts, strict=True)
        ]
        async with self.process.database.write() as unit:
            await unit.inbox.add_missing(rows)
            found = await unit.inbox.by_keys([(ACCOUNT, key) for key in keys])
        return [found[ACCOUNT, key].id for key in keys]

    async def reply(self, reporter: str, *texts: str) -> None:
        """Late replies, queued in this order."""
        async with self.process.database.write() as unit:
            for text in texts:
                await queue(self.process.desk(unit), reporter, "reply", {"text": text})

    async def case(self, reporter: str) -> CaseRow:
        async with self.process.database.write() as unit:
            new = NewCase(CaseType.INQUIRY, Channel.WECHAT, "请问居住证怎么办理", reporter)
            return (await file_case(self.process.desk(unit), citizen(reporter), new)).case

    async def tell(self, case: CaseRow, notice: str) -> None:
        """A push about a case."""
        async with self.process.database.write() as unit:
            await tell(self.process.desk(unit), case, notice, {}, key=f"{case.id}:{notice}")

    async def agrees(self, reporter: str, openid: str, notice: str) -> None:
        """The citizen accepts the subscription notice for good."""
        template = self.process.notices[notice].template_id
        self.tencent.platform.notices.accept(openid, template)
        async with self.process.database.write() as unit:
            await record(self.process.desk(unit), reporter, template, accepted=True)

    async def rows(self, *reporters: str) -> list[OutboxRow]:
        """The outbox of these reporters, oldest first."""
        async with self.process.database.read() as unit:
            found = [await unit.outbox.get(number) for number in range(1, 500)]
        return [row for row in found if row is not None and row.reporter_id in reporters]

    async def faults(self) -> dict[str, str]:
        async with self.process.database.read() as unit:
            return await unit.operations.faults()


@pytest.fixture
def town(process: Process, tencent: Tencent) -> Town:
    return Town(process, tencent)
