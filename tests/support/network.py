"""The house rule as a guard: nothing goes over the network while a unit of work is open in the task."""

from typing import Any

import aiohttp
import pytest

from storage.unit import inside_unit


class NetworkInUnit(AssertionError):
    """A request was made inside an open transaction."""


def guard(patch: pytest.MonkeyPatch) -> None:
    """Make every request and every connection of aiohttp raise :class:`NetworkInUnit` inside a unit."""
    _watch(patch, aiohttp.ClientSession, "_request")
    _watch(patch, aiohttp.BaseConnector, "connect")


def _watch(patch: pytest.MonkeyPatch, owner: type, name: str) -> None:
    genuine = getattr(owner, name)

    async def watched(self: Any, *args: Any, **options: Any) -> Any:
        if inside_unit.get():
            raise NetworkInUnit("network inside a unit of work")
        return await genuine(self, *args, **options)

    patch.setattr(owner, name, watched)
