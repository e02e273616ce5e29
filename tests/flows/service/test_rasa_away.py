"""Rasa away, silent and back: replies stay quick, and what the rules understood is understood anew."""

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from bot.settings import ROOT
from bot.simulator.remote import Remote
from storage.engine import Database
from tests.perf.workload import matter
from tests.support.processes import Child, answers, free_port
from tests.support.rasa import PATIENCE
from tests.support.service import Settings, Stand

pytestmark = [pytest.mark.rasa, pytest.mark.xdist_group("own rasa")]

LIMIT = 3.0  # seconds for a reply, whatever Rasa does
ANEW = 60  # seconds until everything is understood again
STEP = 0.5
CITIZENS = 10


class Rasa:
    """A real Rasa server of this test alone, which may be stopped."""

    def __init__(self, log: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = log
        self._running: Child | None = None

    def start(self) -> None:
        command = [sys.executable, str(ROOT / "nlu_data" / "build.py"), "serve", "--port", str(self.port)]
        self._running = Child(command, os.environ, self._log, ROOT)
        self._running.until(lambda: answers(f"{self.url}/status"), "Rasa", PATIENCE)

    def silence(self) -> None:
        """It takes connections and answers nothing."""
        for process in self._processes():
            process.suspend()

    def wake(self) -> None:
        for process in self._processes():
            process.resume()

    def stop(self) -> None:
        if self._running is not None:
            self._running.kill()
            self._running = None

    def _processes(self) -> list[psutil.Process]:
        assert self._running is not None
        top = psutil.Process(self._running.pid)
        return [top, *top.children(recursive=True)]


@pytest.fixture
def own_rasa(tmp_path: Path) -> Iterator[Rasa]:
    rasa = Rasa(tmp_path / "rasa.log")
    yield rasa
    rasa.stop()


async def test_rasa_goes_and_comes_back(
    stand: Stand, settings: Settings, remote: Remote, own_rasa: Rasa, database: Database
) -> None:
    await asyncio.to_thread(stand.all, settings.but(nlu_url=own_rasa.url))
    await all_answered(remote, first=0)
    assert await by_rules(database) == CITIZENS

    await asyncio.to_thread(own_rasa.start)
    await understood_anew(database)

    own_rasa.silence()
    await all_answered(remote, first=CITIZENS)
    assert await by_rules(database) == CITIZENS
    own_rasa.wake()
    await understood_anew(database)

    own_rasa.stop()
    await all_answered(remote, first=2 * CITIZENS)


async def all_answered(remote: Remote, *, first: int) -> None:
    """Citizens write at once; each is answered over the wire and in time."""

    async def write(number: int) -> None:
        delivery = await remote.say(await remote.citizen(), matter(number))
        assert (delivery["status"], delivery["attempts"]) == ("replied", 1)
        assert delivery["seconds"] <= LIMIT

    await asyncio.gather(*(write(number) for number in range(first, first + CITIZENS)))


async def by_rules(database: Database) -> int:
    async with database.read() as unit:
        return (await unit.inbox.counts())["by_rules"]


async def understood_anew(database: Database) -> None:
    for _ in range(round(ANEW / STEP)):
        if not await by_rules(database):
            return
        await asyncio.sleep(STEP)
    raise AssertionError(f"still understood by rules: {await by_rules(database)}")
