from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from bot.wechat.client import WeChatClient
from bot.wechat.token import TokenManager, stable_token
from bot.wechat.transport import Transport
from tests.unit.wechat.platform_double import Platform, SqliteStore, Wall


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def store(wall: Wall) -> SqliteStore:
    return SqliteStore(wall)


@pytest.fixture
def platform() -> Platform:
    return Platform()


@pytest.fixture
async def api_url(platform: Platform) -> AsyncIterator[str]:
    server = TestServer(platform.app)
    await server.start_server()
    yield str(server.make_url("")).rstrip("/")
    await server.close()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as open_session:
        yield open_session


@pytest.fixture
def manager(api_url, session, store, wall):
    """Makes the token manager of one process; call again for another process."""

    def make() -> TokenManager:
        return TokenManager(stable_token(Transport(api_url, session), "wx1", "s3cr3t-value"), store, wall)

    return make


@pytest.fixture
def client(api_url, session, manager) -> WeChatClient:
    return WeChatClient(api_url, "wx1", "s3cr3t-value", session, manager())
