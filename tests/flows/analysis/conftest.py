"""The application whose figures are compared."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.engine import Database
from tests.flows.api.service import Service, running


@pytest.fixture
async def service(database: Database, database_url: str, tmp_path: Path) -> AsyncIterator[Service]:
    async with running(database, database_url, tmp_path) as opened:
        yield opened
