"""The web application of one process: every door, behind the same middlewares."""

from aiohttp import web

from bot.citizen.pages import add_citizen
from bot.console.routes import add_console
from bot.factory import Process
from bot.http.assets import add_assets
from bot.http.keys import PROCESS, TURNS
from bot.http.middlewares import error_door, guarded, packed, told, unslashed
from bot.public.pages import add_public
from bot.turn import Turns
from bot.web.api.table import add_api
from bot.web.health import add_health
from bot.web.simulated import add_simulated_platform
from bot.web.wechat import add_wechat

MAX_BODY = 1024 * 1024
"""Of a body read at once; uploads are read in pieces under their own limit."""


def make_app(process: Process, turns: Turns) -> web.Application:
    """Mount everything; the simulator only where the settings have it on."""
    app = web.Application(
        middlewares=[told, guarded, packed, error_door, unslashed], client_max_size=MAX_BODY
    )
    app[PROCESS], app[TURNS] = process, turns
    add_wechat(app)
    add_health(app)
    add_api(app)
    add_console(app)
    add_citizen(app)
    add_public(app)
    add_assets(app)
    if process.settings.simulator:
        add_simulated_platform(app, process)
    return app
