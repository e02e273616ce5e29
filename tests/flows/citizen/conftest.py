"""The service with the simulator beside it, and a citizen's browser that WeChat knows."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.simulator.remote import Remote
from storage.engine import Database
from tests.flows.api.service import Service, running
from tests.flows.console.reader import Browser
from tests.support.processes import free_port

CITIZEN = "oSimulatorCitizen00000000001"


@pytest.fixture
async def service(database: Database, database_url: str, tmp_path: Path) -> AsyncIterator[Service]:
    port = free_port()
    here = f"http://127.0.0.1:{port}"
    settings = {
        "PORT": str(port),
        "PUBLIC_URL": here,
        "SIMULATOR": "1",
        "WECHAT_API_URL": f"{here}/simulator/api",
        "WECHAT_OPEN_URL": f"{here}/simulator/open",
    }
    async with running(database, database_url, tmp_path, **settings) as opened:
        yield opened


async def asked_of_wechat(service: Service, page: Browser, begin: str, openid: str = CITIZEN) -> str:
    """Open a page that asks WeChat who reads; the path that WeChat sends this citizen back to."""
    await service.client.post("/simulator/citizens", json={"openid": openid})
    async with aiohttp.ClientSession() as outside:
        await page.open(begin, allow_redirects=False)
        target = page.headers["Location"].partition("#")[0]
        cookies = {"simulator_citizen": openid}
        async with outside.get(target, cookies=cookies, allow_redirects=False) as answer:
            back = answer.headers["Location"]
    return back[back.index("/m/") :]


async def enter(service: Service, page: Browser, begin: str, openid: str = CITIZEN) -> None:
    """Open a page that asks WeChat who reads, and come back as this citizen."""
    await page.open(await asked_of_wechat(service, page, begin, openid))


async def receipt_by_chat(service: Service, text: str, *then: str, openid: str = CITIZEN) -> str:
    """File a case as this citizen, by talking; what the chat says of it."""
    await service.client.post("/simulator/citizens", json={"openid": openid})
    async with aiohttp.ClientSession() as session:
        remote = Remote(str(service.client.make_url("/simulator")), session)
        for words in (text, *then, "确认"):
            said = await remote.say(openid, words)
    return str(said["words"])


async def filed_by_chat(service: Service, text: str, *then: str, openid: str = CITIZEN) -> str:
    """The same; its tracking number."""
    said = await receipt_by_chat(service, text, *then, openid=openid)
    found = re.search(r"(?:TS|ZX|JY)\d{14}", said)
    assert found, said
    return found[0]
