"""The application with the sample in it, a commitment at hand, and a count of what a page asks for."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

from intake import registry
from storage.engine import Database
from tests.flows.api.service import Service, running
from tests.flows.commitments.office import Office
from tests.flows.console.reader import Browser, browser

Counted = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
async def service(database: Database, database_url: str, tmp_path: Path) -> AsyncIterator[Service]:
    async with running(database, database_url, tmp_path) as opened:
        process = opened.process
        at = process.clock.now()
        await database.run(lambda unit: registry.seed_sample(unit, process.city, at))
        yield opened


@pytest.fixture
def at(service: Service) -> Office:
    """Whoever works on the commitment."""
    return Office(service)


@pytest.fixture
async def anybody(service: Service) -> AsyncIterator[Browser]:
    """Somebody who is known to nobody."""
    async with browser(service) as opened:
        yield opened


@pytest.fixture
def counted(service: Service) -> Counted:
    """``with counted() as asked:`` gathers the statements of reading."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        asked: list[str] = []
        engine = service.process.database._reader.sync_engine

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            if statement != "BEGIN":
                asked.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            yield asked
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return counting
