"""The platform as a process of its own, and how to speak to it."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.simulator.remote import Remote
from tests.flows.service.post import Post
from tests.support.service import Settings, Stand


@pytest.fixture
async def remote(stand: Stand, settings: Settings) -> AsyncIterator[Remote]:
    """The running platform's control."""
    await asyncio.to_thread(stand.platform, settings)
    async with aiohttp.ClientSession() as session:
        yield Remote(f"http://127.0.0.1:{settings.platform_port}/simulator", session)


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        yield Post(session)
