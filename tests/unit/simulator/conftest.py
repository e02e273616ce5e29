"""A platform in safe mode, alone and mounted beside a small account."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from bot.simulator.app import add_simulator
from bot.simulator.clock import MemoryClock
from bot.simulator.deliver import Timing
from bot.simulator.platform import Account, Mode, Platform
from tests.unit.simulator.simulator_stand import AES_KEY, HandClock, Service


@pytest.fixture
def hand() -> HandClock:
    return HandClock()


@pytest.fixture
def platform(hand: HandClock) -> Platform:
    account = Account("wx0123456789abcdef", "secret", "token123", AES_KEY, mode=Mode.SAFE)
    return Platform(account, now=hand.now, wall=hand.wall)


@pytest.fixture
async def service(platform: Platform) -> AsyncIterator[Service]:
    app = web.Application()
    clock = MemoryClock(platform.now)
    quick = Timing(attempts=3, timeout=0.15, interval=0.02)
    service = Service(platform, add_simulator(app, platform, clock, "", timing=quick))
    app.router.add_post("/wechat", service.receive)
    app.router.add_get("/wechat", _echo)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    service.address = f"http://{host}:{port}"
    service.courier.callback_url = service.address + "/wechat"
    async with aiohttp.ClientSession() as service.http:
        yield service
    await runner.cleanup()


async def _echo(request: web.Request) -> web.Response:
    return web.Response(text=request.query["echostr"])
