"""Mounts the whole simulator into an application, the service's own or one of its own."""

from collections.abc import AsyncIterator

from aiohttp import web

from bot.simulator import api
from bot.simulator.chat import Chat
from bot.simulator.clock import ClockControl
from bot.simulator.control import Control
from bot.simulator.deliver import Courier, Timing
from bot.simulator.platform import Platform
from bot.simulator.playing import Plays

PREFIX = "/simulator"
COURIER = web.AppKey("simulator_courier", Courier)
SAMPLE_CITIZENS = 3


def add_simulator(
    app: web.Application,
    platform: Platform,
    clock: ClockControl,
    callback_url: str,
    *,
    timing: Timing | None = None,
) -> Courier:
    """Adds ``/simulator`` (page, control), ``/simulator/api`` (api.weixin.qq.com) and ``/simulator/open``.

    Pushes go to ``callback_url`` over HTTP, also when it is this very application. The courier that is
    answered (also ``app[COURIER]``) takes a new ``callback_url`` at any time, for a port known later only.
    """
    courier = Courier(platform, callback_url, timing)
    app[COURIER] = courier
    for _ in range(SAMPLE_CITIZENS):
        platform.followers.meet()
    app.add_routes(api.routes(PREFIX + "/api", platform, courier))
    app.add_routes(Control(platform, courier, clock).routes(PREFIX))
    app.add_routes(Chat(platform, PREFIX).routes())
    plays = Plays(platform, PREFIX)
    app.add_routes(plays.routes())

    async def let_go(_: web.Application) -> None:
        platform.transcript.close()

    async def running(_: web.Application) -> AsyncIterator[None]:
        yield
        await plays.close()
        await courier.close()

    app.on_shutdown.append(let_go)
    app.cleanup_ctx.append(running)
    return courier
