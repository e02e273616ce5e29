"""Fifty thousand messages: the service is no larger at the end than after the first five thousand."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.perf.memory import GROWTH_MB, MOST_MB, follow
from tests.support.databases import copy_sqlite
from tests.support.service import Settings, Stand

pytestmark = [pytest.mark.soak, pytest.mark.timeout(3600)]


async def test_memory_over_many_messages(
    tmp_path: Path, stand: Stand, size: Callable[[int], int], noted: Callable[..., None]
) -> None:
    settings = Settings.of(copy_sqlite(tmp_path), tmp_path)
    child = stand.all(settings)
    found = await follow(settings, child.pid, settle=size(5_000), messages=size(50_000))
    noted(**found)
    assert max(found["settled_mb"], found["last_mb"]) <= MOST_MB
    assert found["growth_mb"] <= GROWTH_MB
