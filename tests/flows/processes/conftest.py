"""The office running as processes, started once for each engine: its tests leave each other's cases alone.

On each engine they run in one process of pytest, in their order: the clock only goes forward.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import yaml

from bot.settings import ROOT
from tests.flows.processes.running import Running, Started, start
from tests.support import databases
from tests.support.service import Settings, Stand

SAMPLE = ROOT / "bot" / "wechat" / "notices.sample.yml"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if isinstance(item, pytest.Function) and "started" in item.fixturenames:
            item.add_marker(pytest.mark.xdist_group(f"town on {item.callspec.params['engine']}"))


@pytest.fixture(scope="session")
def started(engine: str, _prepared: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    folder = tmp_path_factory.mktemp(engine)
    stand, held = Stand(folder), AsyncExitStack()
    with asyncio.Runner() as runner:
        if engine == "sqlite":
            url = databases.copy_sqlite(folder)
        else:
            url = runner.run(held.enter_async_context(databases.copy_postgres(_prepared)))
        yield start(stand, Settings.of(url, folder), wechat_notices=str(_notices(folder)))
        stand.close()
        runner.run(held.aclose())


def _notices(folder: Path) -> Path:
    """The sample's notices, but reopening is told by a template message."""
    notices = yaml.safe_load(SAMPLE.read_text("utf-8"))
    notices["reopened"]["via"] = "template"
    file = folder / "notices.yml"
    file.write_text(yaml.safe_dump(notices, allow_unicode=True), "utf-8")
    return file


@pytest.fixture
async def town(started: Started) -> AsyncIterator[Running]:
    async with started.visited() as running:
        yield running
