"""Rasa beside the service: set up, trained, started, and started again when it ends by itself."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urlsplit

import aiohttp

from bot.launch.children import Child
from bot.settings import PREFIX, ROOT

BUILD = str(ROOT / "nlu_data" / "build.py")
RESTARTS = 3
REMEDY = (
    "语义识别没有准备好，服务先按关键词规则工作。请看上面的提示；常见原因是没有 Python 3.10 或网络不通：\n"
    "    装上 Python 3.10（如 uv python install 3.10，或 apt-get install -y python3.10），"
    "再运行 make nlu-train，然后重新 make run"
)

Start = Callable[[str, Sequence[str]], Awaitable[Child]]


def serve_command(values: dict[str, str]) -> list[str]:
    """Rasa's server on the port of ``JIANNUO_NLU_URL``."""
    port = urlsplit(values[PREFIX + "NLU_URL"]).port or 5005
    token = values.get(PREFIX + "NLU_TOKEN", "")
    return [sys.executable, BUILD, "serve", "--port", str(port), *(["--token", token] if token else [])]


async def keep(values: dict[str, str], start: Start, say: Callable[[str], None]) -> None:
    """Train where needed and keep Rasa up; returns when it cannot be had. The service lives on without it."""
    if await (await start("nlu", [sys.executable, BUILD, "train"])).wait() != 0:
        say(REMEDY)
        return
    for attempt in range(1 + RESTARTS):
        began = time.monotonic()
        child = await start("rasa", serve_command(values))
        ready = asyncio.create_task(_tell_when_ready(values, began, say))
        try:
            code = await child.wait()
        finally:
            ready.cancel()
        say(f"Rasa 已退出（代码 {code}），服务先按关键词规则工作")
        if attempt < RESTARTS:
            say(f"重新启动 Rasa（第 {attempt + 1} 次，共 {RESTARTS} 次）")
    say("Rasa 多次退出，不再启动；请看上面的输出，或运行 make nlu-serve 查看")


async def _tell_when_ready(values: dict[str, str], began: float, say: Callable[[str], None]) -> None:
    url = values[PREFIX + "NLU_URL"] + "/status"
    query = {"token": values.get(PREFIX + "NLU_TOKEN", "")}
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as http:
        while True:
            if await answers(http, url, query):
                break
            await asyncio.sleep(0.5)
    say(f"语义识别（Rasa）已就绪，用时 {time.monotonic() - began:.0f} 秒")


async def answers(http: aiohttp.ClientSession, url: str, query: dict[str, str] | None = None) -> bool:
    """True where ``url`` answers 200."""
    try:
        async with http.get(url, params=query) as response:
            return response.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False
