"""Messages in a second: whole turns against the floor, in one run, all server processes on one core."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.simulator.deliver import Courier
from bot.simulator.load import Load, load
from bot.simulator.platform import Account, Platform
from storage.engine import Database
from tests.perf.cores import cpu_seconds
from tests.perf.ground import Ground
from tests.perf.workload import TURNS, conversations, matter
from tests.support.processes import Child
from tests.support.service import AES_KEY, APP_ID, APP_SECRET, TOKEN, Settings

AT_ONCE = 16  # citizens who write at the same time
WARM_UP = 50  # conversations


class Unsound(Exception):
    """A run that measured something else than it should."""


@dataclass(frozen=True, slots=True)
class Measured:
    """``cpu_ms``: processor time of all server processes for one message, in milliseconds."""

    load: Load
    cpu_ms: float

    def shown(self) -> dict[str, object]:
        return {**self.load.shown(), "cpu_ms": self.cpu_ms}


async def measure(ground: Ground, engine: str, messages: int) -> dict[str, object]:
    """``messages`` to each: to the floor free texts alone, to the service whole conversations."""
    whole = list(conversations(messages // TURNS))
    async with ground.database(engine, f"floor_{engine}", seeded=False) as url:
        with ground.floor(url) as (settings, running):
            floor = await _measured(ground, settings, running, [(matter(n),) for n in range(messages)])
    async with ground.database(engine, f"service_{engine}") as url:
        with ground.service(url) as (settings, running):
            service = await _measured(ground, settings, running, whole)
        await _check(url, cases=WARM_UP + len(whole))
    return {
        "floor": floor.shown(),
        "service": service.shown(),
        "ratio": service.load.rate / floor.load.rate,
    }


async def drive(settings: Settings, spoken: Sequence[Sequence[str]]) -> Load:
    """Each citizen writes one conversation, in order, through the platform. Raises :class:`Unsound`."""
    account = Account.of(APP_ID, APP_SECRET, TOKEN, AES_KEY)
    platform = Platform(account, now=lambda: datetime.now(UTC))
    courier = Courier(platform, f"{settings.url}/wechat")
    texts = [text for conversation in spoken for text in conversation]
    try:
        measured = await load(
            platform, courier, citizens=len(spoken), messages=len(spoken[0]), concurrency=AT_ONCE, texts=texts
        )
    finally:
        await courier.close()
    if measured.failures or measured.statuses.get("silent"):
        raise Unsound(f"answers: {measured.statuses}")
    return measured


async def _measured(
    ground: Ground, settings: Settings, running: Iterable[Child], spoken: Sequence[Sequence[str]]
) -> Measured:
    pids = [*ground.servers(), *(child.pid for child in running)]
    await drive(settings, spoken[:WARM_UP])
    before = cpu_seconds(pids)
    found = await drive(settings, spoken)
    return Measured(found, (cpu_seconds(pids) - before) / found.messages * 1000)


async def _check(url: str, *, cases: int) -> None:
    """Every conversation filed its case, and Rasa understood every matter."""
    database = Database(url)
    async with database.read() as unit:
        filed, by_rules = await unit.cases.open_counts(), (await unit.inbox.counts())["by_rules"]
    await database.close()
    if sum(filed.values()) != cases or by_rules:
        raise Unsound(f"{sum(filed.values())} cases of {cases}, {by_rules} understood by rules")
