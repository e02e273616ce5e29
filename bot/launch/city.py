"""The run itself: database, Rasa and service in their order, what to print, and the end of all of it."""

import asyncio
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import aiohttp

from bot.launch import choice, rasa
from bot.launch.children import Child
from bot.launch.prepared import is_prepared, note_prepared
from bot.launch.values import LOGINS, RUN, without_settings
from bot.settings import PREFIX, ROOT

BOT = (sys.executable, "-m", "bot")
READY_WITHIN = 60.0


class Stopped(Exception):
    """Something that the run cannot do without has failed; the message says what."""


class City:
    """A run with ``values``, the content of ``folder/run.env``, under the launcher's own ``environment``."""

    def __init__(self, values: dict[str, str], environment: Mapping[str, str], folder: Path) -> None:
        self.values = values
        self._folder = folder
        self._run_file = folder / RUN
        self._logins = folder / LOGINS
        self.url = values[PREFIX + "PUBLIC_URL"]
        self._local = f"http://{values[PREFIX + 'HOST']}:{values[PREFIX + 'PORT']}"
        self._environment = without_settings(environment) | {f"{PREFIX}ENV_FILE": str(self._run_file)}
        self._children: list[Child] = []
        self._began = time.monotonic()

    async def prepare(self) -> None:
        """Migrate the database and seed the sample where that was not done; raises :class:`Stopped`."""
        if self._logins.exists() and is_prepared(self._folder, self.values):
            return
        await self._step("升级数据库", ["migrate"])
        profile = self.values[PREFIX + "PROFILE"]
        await self._step("写入示例城市", ["seed", profile, "--sample", "--logins", str(self._logins)])
        note_prepared(self._folder, self.values)

    async def live(self) -> None:
        """Start everything and stay until cancelled; raises :class:`Stopped` where the service ends."""
        keeper = rasa.Keeper(self.values, self._start, tell)
        beside = [asyncio.create_task(keeper.keep())]
        try:
            await self.prepare()
            await choice.begin(self.values)
            service = await self._start("service", [*BOT, "all"])
            ended = asyncio.create_task(service.wait())
            await self._until_ready(ended)
            self._print_addresses()
            beside.append(asyncio.create_task(choice.follow(self.values, keeper, tell)))
            raise Stopped(f"服务已退出（代码 {await ended}）")
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)

    async def stop(self) -> None:
        """End every process that this run has started."""
        await asyncio.gather(*(child.stop() for child in self._children))

    async def _start(self, name: str, command: Sequence[str]) -> Child:
        child = await Child.start(name, command, self._environment, show)
        self._children.append(child)
        return child

    async def _step(self, what: str, words: Sequence[str]) -> None:
        began = time.monotonic()
        lines: list[str] = []
        child = await Child.start(
            words[0], [*BOT, *words], self._environment, lambda _, line: lines.append(line)
        )
        self._children.append(child)
        if await child.wait() != 0:
            raise Stopped("\n".join([f"{what}没有成功：", *lines]))
        tell(f"{what}：完成（{time.monotonic() - began:.1f} 秒）")

    async def _until_ready(self, ended: asyncio.Task[int]) -> None:
        end = time.monotonic() + READY_WITHIN
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as http:
            while not await rasa.answers(http, f"{self._local}/readyz"):
                if ended.done():
                    raise Stopped(f"服务没有启动（代码 {ended.result()}），请看上面的输出")
                if time.monotonic() > end:
                    raise Stopped(f"服务在 {READY_WITHIN:.0f} 秒内没有就绪，请看上面的输出")
                await asyncio.sleep(0.1)
        tell(f"服务已就绪，用时 {time.monotonic() - self._began:.1f} 秒")

    def _print_addresses(self) -> None:
        for words, path in (
            ("微信模拟器（市民聊天）", "/simulator"),
            ("工作台（工作人员）", "/console"),
            ("公示页（所有人）", "/"),
            ("运行状态", "/readyz"),
        ):
            tell(f"{self.url + path:<40} {words}")
        for line in login_lines(self._logins):
            tell(line)
        run_file = os.path.relpath(self._run_file, ROOT)
        tell(f"命令行：{PREFIX}ENV_FILE={run_file} .venv/bin/python -m bot --help")
        tell("按 Ctrl-C 停止全部进程")


def login_lines(file: Path) -> list[str]:
    """The sample logins as a table, a line each; nothing where no sample was seeded."""
    if not file.exists():
        return []
    logins = json.loads(file.read_text("utf-8"))
    rows = [{"login": "账号", "password": "密码", "role": "角色", "department": "单位"}, *logins]
    return [
        f"{row['login']:<24} {row['password']:<18} {row['role']:<12} {row['department'] or ''}".rstrip()
        for row in rows
    ]


def tell(line: str) -> None:
    """A line of the launcher's own."""
    show("践诺", line)


def show(name: str, line: str) -> None:
    """A line on the terminal, with who says it before it."""
    sys.stdout.write(f"[{name}] {line}\n")
    sys.stdout.flush()
