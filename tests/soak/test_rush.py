"""A thousand citizens at once: everybody hears within the platform's five seconds, nobody is lost.

Who comes too late for a reply over the wire is told ``success`` at once and gets the reply as a push.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import pytest
from aiohttp import web

from bot.simulator.app import add_simulator
from bot.simulator.clock import MemoryClock
from bot.simulator.deliver import Courier
from bot.simulator.followers import openid_of
from bot.simulator.load import FIRST, load
from bot.simulator.platform import Account, Platform
from storage.engine import Database
from tests.perf.workload import conversations
from tests.soak.conftest import WHOLE
from tests.support.service import AES_KEY, APP_ID, APP_SECRET, TOKEN, Settings, Stand

pytestmark = [pytest.mark.soak, pytest.mark.timeout(3600), *([pytest.mark.rasa] if WHOLE else [])]

LIMIT = 5.0  # seconds, the platform's
PUSHED = 180  # seconds until the last late reply is out


@pytest.fixture
def nlu_url(request: pytest.FixtureRequest, settings: Settings) -> str:
    """The real Rasa in the whole run; in its tenth nobody listens there and the rules answer."""
    return str(request.getfixturevalue("rasa_url")) if WHOLE else settings.values["nlu_url"]


@pytest.fixture
async def platform(settings: Settings) -> AsyncIterator[tuple[Platform, Courier]]:
    """The platform in this process, where the service's pushes arrive."""
    account = Account.of(APP_ID, APP_SECRET, TOKEN, AES_KEY)
    opened = Platform(account, now=lambda: datetime.now(UTC))
    app = web.Application()
    courier = add_simulator(app, opened, MemoryClock(), f"{settings.url}/wechat")
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(settings.platform_port), backlog=1024).start()
    yield opened, courier
    await runner.cleanup()


async def test_a_thousand_at_once(
    stand: Stand,
    settings: Settings,
    nlu_url: str,
    platform: tuple[Platform, Courier],
    database: Database,
    size: Callable[[int], int],
    noted: Callable[..., None],
) -> None:
    settings, citizens = settings.but(nlu_url=nlu_url), size(1000)
    if database.embedded:
        await asyncio.to_thread(stand.all, settings)
    else:
        await asyncio.to_thread(stand.serve, settings)
        await asyncio.to_thread(stand.work, settings)
    tencent, courier = platform
    texts = [text for pair in conversations(citizens) for text in pair[:2]]
    measured = await load(tencent, courier, citizens=citizens, messages=2, concurrency=citizens, texts=texts)

    assert (measured.failures, measured.tips, measured.retried) == (0, 0, 0)
    assert measured.slowest <= LIMIT
    late = measured.statuses.get("silent", 0)
    pushed = await _pushed(tencent, citizens, late)
    assert pushed == late
    async with database.read() as unit:
        cases, inbox = await unit.cases.open_counts(), await unit.inbox.counts()
    assert (sum(cases.values()), inbox["open"]) == (citizens, 0)
    noted(
        citizens=citizens,
        messages=measured.messages,
        lost=0,
        over_wire=measured.statuses.get("replied", 0),
        pushed=pushed,
        rate=measured.rate,
        p50=measured.p50,
        p99=measured.p99,
        slowest=measured.slowest,
    )


async def _pushed(platform: Platform, citizens: int, wanted: int) -> int:
    """How many pushes the citizens got, once ``wanted`` are there or no more come."""

    def count() -> int:
        who = (openid_of(FIRST + number) for number in range(citizens))
        return sum(len(platform.transcript.of(openid, kinds={"service"})) for openid in who)

    with platform.transcript.listen() as queue:
        async with asyncio.timeout(PUSHED):
            while count() < wanted:
                await queue.get()
    return count()
