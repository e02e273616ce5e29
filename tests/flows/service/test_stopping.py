"""SIGTERM: what runs is finished, what comes is refused, and all is over within five seconds."""

import asyncio
import socket
import time
from collections.abc import Iterator

import aiohttp
import pytest

from bot.simulator.remote import Remote
from tests.support.processes import free_port
from tests.support.service import Settings, Stand

STOP = 5.0


@pytest.fixture
def silent_nlu() -> Iterator[str]:
    """An address that takes every connection and never answers: a turn there lasts a second and a half."""
    with socket.create_server(("127.0.0.1", free_port())) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize("command", ["all", "serve"])
async def test_a_running_turn_is_finished(
    stand: Stand, settings: Settings, remote: Remote, silent_nlu: str, command: str
) -> None:
    settings = settings.but(nlu_url=silent_nlu)
    service = await asyncio.to_thread(getattr(stand, command), settings)
    openid = await remote.citizen()
    said = asyncio.create_task(remote.say(openid, "卫滨区小区门口的路灯坏了半个多月"))
    await _received(settings)

    began = time.monotonic()
    code = await asyncio.to_thread(service.stop, STOP)
    assert (code, time.monotonic() - began < STOP) == (0, True)
    delivery = await said
    assert (delivery["status"], delivery["attempts"]) == ("replied", 1)
    assert "路灯坏了" in delivery["words"]


async def test_workers_stop(stand: Stand, settings: Settings) -> None:
    workers = stand.work(settings)
    await asyncio.to_thread(workers.until, lambda: "working" in workers.output(), "workers")
    began = time.monotonic()
    assert await asyncio.to_thread(workers.stop, STOP) == 0
    assert time.monotonic() - began < STOP


async def _received(settings: Settings) -> None:
    """Until the service has taken a message: its own metric says so."""
    async with aiohttp.ClientSession() as session, asyncio.timeout(5):
        while True:
            async with session.get(f"{settings.url}/metrics") as response:
                if 'jiannuo_inbound_total{kind="text"} 1.0' in await response.text():
                    return
