"""Processes die again and again while citizens write: nothing is lost, nothing is filed twice.

The platform is a process of its own that repeats as the real one does. Citizens come in groups; while a group
writes, a process is killed with SIGKILL after a random number of its messages, started again, and mostly
killed once more soon after, when the platform's repeats are on their way.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import aiohttp
import pytest

from bot.simulator.followers import openid_of
from bot.simulator.remote import Remote
from intake.city import City, load_city
from intake.clock import Clock
from intake.desk import Desk
from intake.identity import Vault
from intake.notices import queue
from storage.engine import Database
from storage.stores.cases import CaseRow
from storage.stores.outbox import OutboxRow
from storage.unit import Unit
from tests.perf.workload import matter
from tests.soak.town import PUSHED, Service, Town
from tests.support.service import Settings, Stand

pytestmark = [pytest.mark.soak, pytest.mark.timeout(3600)]

ACCOUNT = "gh_0123456789ab"
SOON = 3.0  # seconds until a group's second death
DEATHS = 2  # of each group


@dataclass
class Office:
    """The database as the test reads and writes it beside the running service."""

    database: Database
    vault: Vault
    city: City

    async def cases_of(self, number: int) -> list[CaseRow]:
        async with self.database.read() as unit:
            digest = self.vault.lookup(ACCOUNT, openid_of(number))
            reporter = (await unit.identities.by_openids([digest]))[digest]
            return await unit.cases.of_reporter(reporter)

    async def tell(self, number: int) -> None:
        """Queue one push that no other looks like."""
        case = (await self.cases_of(number))[0]

        async def told(unit: Unit) -> None:
            desk = Desk(unit, Clock(), self.vault, self.city)
            await queue(desk, case.reporter_id, "desk_reply", {"text": news(number)}, case=case)

        await self.database.run(told)

    async def pushes_of(self, case: CaseRow) -> list[OutboxRow]:
        async with self.database.read() as unit:
            return await unit.outbox.of_case(case.id)


@pytest.fixture
async def town(stand: Stand, settings: Settings) -> AsyncIterator[Town]:
    await asyncio.to_thread(stand.platform, settings)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        yield Town(Remote(f"http://127.0.0.1:{settings.platform_port}/simulator", session))


def news(number: int) -> str:
    return f"第{number + 1}网格的事有了进展，请放心。"


async def test_killed_at_random_moments(
    stand: Stand,
    settings: Settings,
    town: Town,
    database: Database,
    vault: Vault,
    size: Callable[[int], int],
    noted: Callable[..., None],
) -> None:
    async with database.read() as unit:
        office = Office(database, vault, await load_city(unit))
    service = Service(stand, settings)
    for name in ("all",) if database.embedded else ("serve", "work"):
        await service.start(name)
    citizens, kills = size(500), max(3, size(20))
    await _live_through(service, town, office, citizens=citizens, kills=kills)
    assert service.killed.total() == kills

    again = 0
    for number in range(citizens):
        (case,) = await office.cases_of(number)
        assert case.text == matter(number)
        heard = await town.heard(number)
        assert any(case.tracking_no in words for words in heard)
        again += await _came(town, office, number, case) - 1
    async with database.read() as unit:
        assert (await unit.inbox.counts())["open"] == 0
    assert '"ok": true' in await asyncio.to_thread(stand.command, settings, "archive", "verify")
    noted(
        citizens=citizens,
        messages=town.said,
        kills=kills,
        lost=0,
        filed_twice=0,
        said_again=town.again,
        told=citizens,
        told_never=0,
        told_again=again,
        start_seconds=service.slowest_start,
    )


async def _live_through(service: Service, town: Town, office: Office, *, citizens: int, kills: int) -> None:
    """Citizens write, processes die; returns when everybody was answered."""
    chance = random.Random(20261123)
    groups = -(-kills // DEATHS)
    for first in range(groups):
        numbers = range(first, citizens, groups)
        writing = [asyncio.create_task(town.complain(number)) for number in numbers]
        await town.until_said(town.said + chance.randint(1, len(numbers)))
        for _ in range(min(DEATHS, kills - service.killed.total())):
            await service.kill(chance.choice(sorted(service.running)))
            await asyncio.sleep(chance.uniform(0, SOON))
        await asyncio.gather(*writing)
        await asyncio.gather(*(office.tell(number) for number in numbers))


async def _came(town: Town, office: Office, number: int, case: CaseRow) -> int:
    """How often the push came: once at least, and again only where its sender died before noting it."""
    openid = openid_of(number)
    for _ in range(10):
        came = sum(news(number) in words for words in await town.heard(number, kinds=("service",)))
        if came:
            break
        last = (await town.remote.entries(openid))[-1]["seq"]
        await town.remote.entries(openid, after=last, kinds=["service"], wait=PUSHED / 10)
    (row,) = [row for row in await office.pushes_of(case) if row.notice == "desk_reply"]
    assert 1 <= came <= row.attempts
    return came
