"""The consent page inside the real WeChat: what it hands to JS-SDK, and what it says when it cannot."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.http import assets
from bot.http.middlewares import POLICY
from bot.wechat.jsapi import signature
from storage.engine import Database
from tests.flows.api.service import Service, running
from tests.flows.console.reader import Browser, browser
from tests.support.processes import free_port

WECHAT = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0.49.2600 Language/zh_CN"}
HERE = "https://jiannuo.example"


@pytest.fixture(params=[True, False], ids=["fetched", "not fetched"])
def script(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[bool]:
    """Tencent's script as set-up leaves it, or absent."""
    monkeypatch.setattr(assets, "FETCHED", tmp_path)
    if request.param:
        file = tmp_path / assets.PACKAGES[assets.JWEIXIN].path
        file.parent.mkdir()
        file.write_text("module.exports = {};", encoding="utf-8")
    assets.forget()
    yield request.param
    assets.forget()


@asynccontextmanager
async def in_wechat(database: Database, url: str, folder: Path) -> AsyncIterator[tuple[Service, Browser]]:
    """The service as at a real account, whose platform is the stand-in of a neighbour."""
    port = free_port()
    near = f"http://127.0.0.1:{port}"
    beside = {
        "PORT": str(port),
        "PUBLIC_URL": near,
        "SIMULATOR": "1",
        "WECHAT_API_URL": f"{near}/simulator/api",
    }
    async with running(database, url, folder, **beside):
        here = {"PUBLIC_URL": HERE, "WECHAT_API_URL": f"{near}/simulator/api"}
        async with running(database, url, folder, **here) as service, browser(service) as page:
            yield service, page


@pytest.mark.parametrize("script", [True], indirect=True)
async def test_the_page_carries_a_signature_of_its_own_address(
    database: Database, database_url: str, tmp_path: Path, script: bool
) -> None:
    async with in_wechat(database, database_url, tmp_path) as (service, page):
        await page.open("/m/notices?from=groupmessage&isappinstalled=0", headers=WECHAT)
        given = dict(re.findall(r'data-([a-z-]+)="([^"]*)"', page.html))
        assert given["app-id"] == service.process.settings.wechat_app_id
        ticket, url = (
            await service.process.tickets.get(),
            f"{HERE}/m/notices?from=groupmessage&isappinstalled=0",
        )
        assert given["signature"] == signature(ticket, given["nonce"], given["timestamp"], url)
        assert 'template="sample-answered,' in page.html
        assert ticket not in page.html
        assert page.headers["Content-Security-Policy"] == f"{POLICY}; frame-src https://*.qq.com webcompt:"
        first = given["nonce"]
        await page.open("/m/notices", headers=WECHAT)
        assert first not in page.html


@pytest.mark.parametrize("script", [True], indirect=True)
async def test_everything_the_page_loads_is_ours(
    database: Database, database_url: str, tmp_path: Path, script: bool
) -> None:
    async with in_wechat(database, database_url, tmp_path) as (_, page):
        await page.open("/m/notices", headers=WECHAT)
        sources = re.findall(r'(?:src|<link[^>]* href)="([^"]*)"', page.html)
        assert {re.sub(r"-[0-9a-f]{12}\.", ".", source) for source in sources} == {
            *("/assets/mark.svg", "/assets/pages.css", "/assets/pages.js"),
            *("/assets/jweixin.js", "/assets/consent.js"),
        }
        assert re.findall(r"<script(?! src=| type=\"text/wxtag-template\")", page.html) == []
        for source in sources:
            await page.open(source)
            assert page.status == 200
            if "jweixin" in source:
                assert "window.wx = window.jWeixin = module.exports" in page.html


async def test_without_the_script_or_a_ticket_the_page_says_so_and_tries_nothing(
    database: Database, database_url: str, tmp_path: Path, script: bool
) -> None:
    closed = f"http://127.0.0.1:{free_port()}"
    async with (
        running(database, database_url, tmp_path, WECHAT_API_URL=closed) as service,
        browser(service) as page,
    ):
        await page.open("/m/notices", headers=WECHAT)
        assert page.status == 200
        assert "现在不能在这里选择" in page.text
        _tries_nothing(page)


async def test_outside_wechat_nothing_of_wechat_is_there(
    database: Database, database_url: str, tmp_path: Path, script: bool
) -> None:
    async with in_wechat(database, database_url, tmp_path) as (_, page):
        await page.open("/m/notices")
        assert "要在微信里同意" in page.text
        _tries_nothing(page)


def _tries_nothing(page: Browser) -> None:
    for part in ("wx-open-subscribe", "jweixin", "consent", "data-signature"):
        assert part not in page.html
    assert page.headers["Content-Security-Policy"] == POLICY


async def test_where_no_notice_needs_consent_none_is_asked_for(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    mapping = tmp_path / "notices.yml"
    mapping.write_text(
        'filed:\n  via: template\n  id: T1\n  fields:\n    thing2: "{what}"\n', encoding="utf-8"
    )
    async with (
        running(database, database_url, tmp_path, WECHAT_NOTICES=str(mapping)) as service,
        browser(service) as page,
    ):
        await page.open("/m/notices", headers=WECHAT)
        assert "不用另外同意" in page.text
        _tries_nothing(page)
