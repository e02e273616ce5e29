"""Running a process: the web, the workers, or both, until it is told to stop."""

import asyncio
import ctypes
import errno
import gc
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import structlog
from aiohttp import web

from bot.factory import Process, open_process
from bot.settings import Settings
from bot.turn import Turns
from bot.web.app import make_app
from bot.workers.run import run_workers
from intake.commitments.asking import prepare
from storage.engine import DatabaseAway
from storage.migrate import current, newest

M_ARENA_MAX = -8  # malloc.h

log = structlog.get_logger(__name__)

FINISH_WITHIN = 3.0  # seconds that running turns get to end; their doors then have the answer
CLOSE_WITHIN = 1.0  # seconds for connections that are still open, such as a page that listens
FLUSH_EVERY = 0.5
REFRESH_EVERY = 5.0
REFRESH_SIMULATED = 1.0  # a clock that somebody turns is followed at once


class NotMigrated(Exception):
    """The database's tables are older or newer than this code: ``python -m bot migrate`` comes first."""


class NotListening(Exception):
    """The web's address is taken or not this machine's."""


async def run(settings: Settings, *, web_too: bool, workers_too: bool) -> None:
    """Serve and work until SIGTERM or SIGINT.

    Raises :class:`NotMigrated`, :class:`storage.engine.DatabaseAway`, :class:`intake.city.NotSeeded`;
    :class:`NotListening` in a group.
    """
    _share_heaps()
    await require_migrated(settings.database_url)
    name = "all" if web_too and workers_too else "serve" if web_too else "work"
    async with open_process(settings, name=name) as process:
        if web_too:
            async with process.database.read() as unit:
                await prepare(unit)
        _spare_the_collector()
        _stop_on_signals(process)
        async with asyncio.TaskGroup() as parts:
            if web_too:
                parts.create_task(_serve(process))
            if workers_too:
                parts.create_task(run_workers(process))


def _spare_the_collector() -> None:
    """What stands at the start stays: looking through it for garbage, a turn of every few would wait."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


async def require_migrated(url: str) -> None:
    """Refuse to start on tables that are not this code's."""
    have, want = await current(url), newest()
    if have != want:
        raise NotMigrated(f"数据库版本是 {have or '空'}，程序要求 {want}：请先运行 python -m bot migrate")


async def _serve(process: Process) -> None:
    turns = Turns(process)
    app = make_app(process, turns)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=CLOSE_WITHIN)
    await runner.setup()
    try:
        await _listen(runner, process.settings)
        async with _beside(process, turns):
            await process.stopping.wait()
        await turns.finish(FINISH_WITHIN)
    finally:
        await runner.cleanup()
        log.info("stopped")


async def _listen(runner: web.AppRunner, settings: Settings) -> None:
    host, port = settings.host, settings.port
    try:
        await web.TCPSite(runner, host, port, backlog=1024).start()
    except OSError as error:
        why = "端口已被占用" if error.errno == errno.EADDRINUSE else str(error)
        raise NotListening(f"不能在 {host}:{port} 上监听：{why}（JIANNUO_HOST、JIANNUO_PORT）") from error
    log.info("serving", host=host, port=port)


@asynccontextmanager
async def _beside(process: Process, turns: Turns) -> AsyncIterator[None]:
    """What the web does beside answering: note the replies that were taken, follow the database."""
    refresh = REFRESH_SIMULATED if process.settings.simulator else REFRESH_EVERY
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(_every(FLUSH_EVERY, turns.flush)),
            group.create_task(_every(refresh, process.refresh)),
        ]
        yield
        for task in tasks:
            task.cancel()


async def _every(seconds: float, do: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await do()
        except DatabaseAway as error:
            log.warning("database_away", reason=str(error))


def _stop_on_signals(process: Process) -> None:
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, process.stopping.set)


def _share_heaps() -> None:
    """Two heaps for all threads instead of one for each: with a thread for every connection to SQLite that is
    ten megabytes less. Only glibc keeps heaps in this way."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").mallopt(M_ARENA_MAX, 2)
