"""Rasa beside the service: set up, trained, started, started again when it ends by itself, and exchanged."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urlsplit

import aiohttp

from bot.launch.children import Child
from bot.launch.values import free_port
from bot.settings import PREFIX, ROOT

BUILD = str(ROOT / "nlu_data" / "build.py")
RESTARTS = 3
READY_WITHIN = 120.0  # seconds in which another Rasa has to answer
REMEDY = (
    "语义识别没有准备好，服务先按关键词规则工作。请看上面的提示；常见原因是没有 Python 3.10 或网络不通：\n"
    "    装上 Python 3.10（如 uv python install 3.10，或 apt-get install -y python3.10），"
    "再运行 make nlu-train，然后重新 make run"
)

Start = Callable[[str, Sequence[str]], Awaitable[Child]]


def serve_command(values: dict[str, str], name: str = "", url: str = "") -> list[str]:
    """Rasa's server with the model ``name`` (empty: the code's own) at ``url``, else ``JIANNUO_NLU_URL``."""
    port = urlsplit(url or values[PREFIX + "NLU_URL"]).port or 5005
    token = values.get(PREFIX + "NLU_TOKEN", "")
    more = [*(["--token", token] if token else []), *(["--model", name] if name else [])]
    return [sys.executable, BUILD, "serve", "--port", str(port), *more]


class Keeper:
    """Keeps one Rasa up, and exchanges it for another without a gap (:meth:`exchange`).

    ``name`` is the model that was asked for (empty: the code's own), ``url`` where it answers.
    """

    def __init__(self, values: dict[str, str], start: Start, say: Callable[[str], None]) -> None:
        self._values, self._start, self._say = values, start, say
        self._child: Child | None = None
        self.name, self.url = "", values[PREFIX + "NLU_URL"]
        self.up = asyncio.Event()

    async def keep(self) -> None:
        """Train where needed and keep Rasa up; returns when it cannot be had. The service lives on."""
        if await (await self._start("nlu", [sys.executable, BUILD, "train", "--base"])).wait() != 0:
            self._say(REMEDY)
            return
        self._child = await self._served(self.name, self.url)
        greeting = asyncio.create_task(self._greet())
        try:
            await self._keep_up()
        finally:
            greeting.cancel()

    async def exchange(self, name: str, moved: Callable[[str, str], Awaitable[None]]) -> bool:
        """Start another Rasa with the model ``name``; once it answers call ``moved(model, url)``, which
        returns when nobody asks the old one any more, and end that. False where the new one did not come up.
        """
        url = f"http://127.0.0.1:{free_port()}"
        fresh = await self._served(name, url)
        taken = False
        ended = asyncio.create_task(fresh.wait())
        try:
            if model := await self._model_at(url, ended):
                await moved(model, url)
                taken = True
        finally:
            ended.cancel()
            if not taken:
                await fresh.stop()
        if taken:
            old, self._child, self.name, self.url = self._child, fresh, name, url
            if old is not None:
                await old.stop()
        return taken

    async def model(self) -> str:
        """The name of the model that answers now; empty while none does."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as http:
            return await _loaded(http, self.url, self._token)

    async def _keep_up(self) -> None:
        restarts = 0
        while self._child is not None:
            child = self._child
            code = await child.wait()
            if child is not self._child:
                continue
            self._say(f"Rasa 已退出（代码 {code}），服务先按关键词规则工作")
            if restarts == RESTARTS:
                break
            restarts += 1
            self._say(f"重新启动 Rasa（第 {restarts} 次，共 {RESTARTS} 次）")
            self._child = await self._served(self.name, self.url)
        self._say("Rasa 多次退出，不再启动；请看上面的输出，或运行 make nlu-serve 查看")

    async def _served(self, name: str, url: str) -> Child:
        return await self._start("rasa", serve_command(self._values, name, url))

    async def _greet(self) -> None:
        began = time.monotonic()
        if await self._model_at(self.url, None, within=float("inf")):
            self._say(f"语义识别（Rasa）已就绪，用时 {time.monotonic() - began:.0f} 秒")
            self.up.set()

    async def _model_at(
        self, url: str, ended: asyncio.Task[int] | None, *, within: float = READY_WITHIN
    ) -> str:
        """The model's name once Rasa answers at ``url``; empty where its process ends or time passes."""
        end = time.monotonic() + within
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as http:
            while time.monotonic() < end and not (ended and ended.done()):
                if model := await _loaded(http, url, self._token):
                    return model
                await asyncio.sleep(0.5)
        return ""

    @property
    def _token(self) -> str:
        return self._values.get(PREFIX + "NLU_TOKEN", "")


async def _loaded(http: aiohttp.ClientSession, url: str, token: str) -> str:
    try:
        async with http.get(f"{url}/status", params={"token": token}) as response:
            file = (await response.json()).get("model_file") if response.status == 200 else None
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return ""
    return str(file or "").rpartition("/")[2].removesuffix(".tar.gz")


async def answers(http: aiohttp.ClientSession, url: str, query: dict[str, str] | None = None) -> bool:
    """True where ``url`` answers 200."""
    try:
        async with http.get(url, params=query) as response:
            return response.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False
