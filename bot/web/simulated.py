"""The platform's stand-in inside our own application, and the clock that it may turn forward."""

from datetime import date, datetime

from aiohttp import web

from bot.factory import Process
from bot.simulator.app import add_simulator
from bot.simulator.notices import Template
from bot.simulator.platform import Account, Platform
from bot.wechat.menu import account_menu


class DatabaseClock:
    """The simulated time as every process follows it: the seconds it is ahead stand in the database."""

    def __init__(self, process: Process) -> None:
        self._process = process

    def now(self) -> datetime:
        return self._process.clock.now()

    async def set(self, now: datetime) -> datetime:
        """Turn the clock forward to ``now``; raises ``ValueError`` for a time gone by."""
        process = self._process
        await process.refresh()
        if now < process.clock.now():
            raise ValueError("the clock moves forward only")
        ahead = (now - process.clock.wall()).total_seconds()
        await process.database.run(lambda unit: unit.operations.set_clock_ahead(ahead))
        process.clock.set_ahead(ahead)
        return process.clock.now()

    def is_workday(self, day: date) -> bool:
        """By the city's own calendar."""
        return self._process.city.workdays.is_workday(day)


def own_address(process: Process) -> str:
    """Where this process is reached on the loopback."""
    settings = process.settings
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


def add_simulated_platform(app: web.Application, process: Process) -> None:
    """Mount ``/simulator``: chat page, control, and the API that our own client then calls.

    The account's menu is there from the start: the stand-in forgets it with its process, and nobody should
    have to push it again.
    """
    settings, here = process.settings, own_address(process)
    account = Account.of(
        settings.wechat_app_id,
        settings.wechat_app_secret.get_secret_value(),
        settings.wechat_token.get_secret_value(),
        settings.wechat_aes_key.get_secret_value(),
        settings.wechat_aes_key_previous.get_secret_value(),
    )
    platform = Platform(account, now=process.clock.now, base_url=here)
    for notice in process.notices.values():
        platform.notices.register(Template(notice.template_id))
    platform.menu.create(account_menu(settings.public_url))
    add_simulator(app, platform, DatabaseClock(process), here + "/wechat")
