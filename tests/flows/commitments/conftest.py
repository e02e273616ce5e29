"""The application with one commitment at hand."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.engine import Database
from tests.flows.api.service import Service, running
from tests.flows.commitments.office import Office


@pytest.fixture
async def service(database: Database, database_url: str, tmp_path: Path) -> AsyncIterator[Service]:
    async with running(database, database_url, tmp_path) as opened:
        yield opened


@pytest.fixture
def at(service: Service) -> Office:
    """Whoever works on the commitment."""
    return Office(service)
