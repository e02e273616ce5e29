"""The application and people who use its pages."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from intake import staffing
from storage.engine import Database
from tests.flows.api.service import Service, running


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests look at the door, not at what a password's hash costs."""
    monkeypatch.setattr(staffing, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    staffing._nobody.cache_clear()


@pytest.fixture
async def service(database: Database, database_url: str, tmp_path: Path) -> AsyncIterator[Service]:
    async with running(database, database_url, tmp_path) as opened:
        yield opened
