"""What every test may ask for: a seeded database of its own on both engines, a clock, Rasa, a browser.

``--db sqlite|postgres|both`` chooses the engines of tests that use ``database_url`` or what rests on it.
"""

import gc
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser

from intake.city import City
from intake.clock import Clock
from intake.desk import Desk
from intake.identity import Vault
from storage.engine import Database
from tests.support import browser, city, databases, network, rasa, shared
from tests.support.service import Settings, Stand
from tests.support.time import HandClock

ENGINES = {"both": ["sqlite", "postgres"], "sqlite": ["sqlite"], "postgres": ["postgres"]}
Office = Callable[[], AbstractAsyncContextManager[Desk]]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--db", choices=list(ENGINES), default="both", help="engines to run on (both)")


def pytest_configure(config: pytest.Config) -> None:
    gc.set_threshold(100_000, 50, 50)  # thousands of tests stay in memory: looking through them takes a tenth
    if shared.begin():
        config.add_cleanup(_clear_up)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine" in metafunc.fixturenames:
        metafunc.parametrize("engine", ENGINES[metafunc.config.getoption("db")], scope="session")


def _clear_up() -> None:
    rasa.stop()
    databases.stop_postgres()
    shared.end()


@pytest.fixture(autouse=True)
def _no_network_inside_a_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    network.guard(monkeypatch)


@pytest.fixture(scope="session")
def _prepared(engine: str) -> str:
    """The engine's template, before any event loop of a test runs; where PostgreSQL listens."""
    return databases.postgres_address() if engine == "postgres" else str(databases.sqlite_template())


@pytest.fixture
async def database_url(engine: str, _prepared: str, tmp_path: Path) -> AsyncIterator[str]:
    """A migrated and seeded database of this test alone."""
    if engine == "sqlite":
        yield databases.copy_sqlite(tmp_path)
        return
    async with databases.copy_postgres(_prepared) as url:
        yield url


@pytest.fixture
async def empty_url(engine: str, _prepared: str, tmp_path: Path) -> AsyncIterator[str]:
    """A database that was never migrated."""
    if engine == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
        return
    async with databases.empty_postgres(_prepared) as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = databases.opened(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def vault() -> Vault:
    return city.make_vault()


@pytest.fixture
def office(database: Database, clock: Clock, vault: Vault) -> Office:
    """``async with office() as desk:`` is one unit of work that commits at the end."""
    known: list[City] = []

    @asynccontextmanager
    async def opened() -> AsyncIterator[Desk]:
        async with database.write() as unit:
            if not known:
                known.append(await city.snapshot(unit))
            yield Desk(unit, clock, vault, known[0])

    return opened


@pytest.fixture(scope="session")
def rasa_url() -> str:
    """The real Rasa server; its tests carry the mark ``rasa``."""
    return rasa.address()


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """A real browser; its tests carry the mark ``browser``."""
    async with browser.launched() as running:
        yield running


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """The environment of a service on this test's database, with the simulator of its own process."""
    return Settings.of(database_url, tmp_path)


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    """Starts the service and the platform as processes; all are ended after the test."""
    opened = Stand(tmp_path)
    yield opened
    opened.close()
