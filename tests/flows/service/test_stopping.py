"""SIGTERM: what runs is finished, whoever listens is let go, and all is over within five seconds."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from tests.support.processes import Child
from tests.support.service import Settings, Stand

STOP = 5.0


class SilentRasa:
    """Takes questions and never answers; ``asked`` is set by the first."""

    def __init__(self) -> None:
        self.asked, self._over = asyncio.Event(), asyncio.Event()

    async def hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if b"/model/parse" in await reader.readline():
            self.asked.set()
        await self._over.wait()
        writer.close()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        server = await asyncio.start_server(self.hear, "127.0.0.1", 0)
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._over.set()
        server.close()


def start(stand: Stand, made: Settings) -> list[Child]:
    """On SQLite all in one process, on PostgreSQL web and workers apart; both at work."""
    if made.values["database_url"].startswith("sqlite"):
        return [stand.all(made)]
    web, worker = stand.serve(made), stand.work(made)
    worker.until(lambda: '"working"' in worker.output(), "workers")
    return [web, worker]


async def test_a_stop_finishes_what_runs_within_five_seconds(stand: Stand, settings: Settings) -> None:
    """A turn waits for an answer of Rasa and a page listens when the processes are told to stop."""
    rasa = SilentRasa()
    async with rasa.listening() as nlu_url:
        made = settings.but(
            simulator="true",
            wechat_api_url=f"{settings.url}/simulator/api",
            wechat_open_url=f"{settings.url}/simulator/open",
            nlu_url=nlu_url,
        )
        processes = start(stand, made)
        said = {"openid": "o" + "z" * 27, "text": "市城管局答应修的路灯，半年了还没修。"}
        async with aiohttp.ClientSession() as http, http.get(f"{made.url}/simulator/events"):
            turn = asyncio.create_task(http.post(f"{made.url}/simulator/say", json=said))
            await asyncio.wait_for(rasa.asked.wait(), 20)
            began = time.monotonic()
            codes = await asyncio.gather(*(asyncio.to_thread(child.stop, 20) for child in processes))
            assert time.monotonic() - began < STOP
            assert set(codes) == {0}
            async with await turn as answer:
                assert (await answer.json())["words"]
    assert '"level": "error"' not in "".join(child.output() for child in processes)
