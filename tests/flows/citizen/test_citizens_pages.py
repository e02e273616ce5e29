"""What citizens read: the public page, who sees what, and consent to notices through the stand-in."""

import re
from pathlib import Path

import pytest

from bot.wechat.menu import account_menu
from intake import registry
from storage.engine import Database
from storage.unit import Unit
from tests.flows.api.service import Service, running
from tests.flows.console.reader import browser

from .conftest import CITIZEN, enter


async def test_the_public_page_shows_commitments_guides_and_units(service: Service) -> None:
    process = service.process

    async def seed(unit: Unit) -> None:
        await registry.seed_sample(unit, process.city, process.clock.now())

    await process.database.run(seed)
    async with browser(service) as page:
        await page.open("/")
        for words in ("公开承诺", "查看全部", "办事指南", "新乡市教育局", "示例监督电话"):
            assert words in page.text
        await page.open("/", params={"q": "路灯"})
        assert "路灯故障限时修复" in page.text
        assert "学位扩充" not in page.text


async def test_guides_are_listed_looked_for_and_read(service: Service) -> None:
    process = service.process

    async def seed(unit: Unit) -> None:
        await registry.seed_sample(unit, process.city, process.clock.now())

    async with browser(service) as page:
        await page.open("/guides")
        assert "还没有办事指南" in page.text
        await process.database.run(seed)
        await page.open("/guides")
        assert "二手房转移登记" in page.text
        await page.open("/guides", params={"q": "借书正"})
        assert "图书馆借书证办理" in page.text
        assert "二手房转移登记" not in page.text
        await page.open("/guides", params={"q": "鲸鱼"})
        assert "没有找到" in page.text
        await page.open("/guides/ZN-WL-DZ")
        for words in ("图书馆借书证办理", "自助机借还", "身份证或社保卡", "市图书馆服务台", "当场办结"):
            assert words in page.text
        await page.open("/guides/ZN-NOTHING")
        assert page.status == 404


@pytest.mark.parametrize("path", ["/", "/guides"])
@pytest.mark.parametrize("words", ["<script>alert(1)</script>", '"><svg onload=alert(1)>', "%", "\x00"])
async def test_what_is_searched_for_is_shown_as_text(service: Service, path: str, words: str) -> None:
    async with browser(service) as page:
        await page.open(path, params={"q": words})
        assert page.status == 200
        assert "<script>" not in page.html
        assert "<svg onload" not in page.html


async def test_who_sees_what_is_told_for_every_mode(service: Service) -> None:
    async with browser(service) as page:
        await page.open("/m/privacy")
        for words in ("实名", "保密", "匿名", "身份保管员", "30 天"):
            assert words in page.text


async def test_outside_wechat_the_page_says_where_to_agree(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    async with running(database, database_url, tmp_path) as service, browser(service) as page:
        await page.open("/m/notices")
        assert "要在微信里同意" in page.text
        assert "<form" not in page.html
        await page.post("/m/notices", {"answer": "accept"})
        assert page.status == 404


async def test_consent_reaches_the_stand_in_and_can_be_taken_back(service: Service) -> None:
    async with browser(service) as page:
        await enter(service, page, "/m/notices/begin")
        assert page.at == "/m/notices"
        await page.send("/m/notices", answer="accept")
        assert "已同意接收通知" in page.text
        state = await (await service.client.get("/simulator/state")).json()
        mine = next(one for one in state["citizens"] if one["openid"] == CITIZEN)
        assert "长期" in mine["consents"].values()
        await page.send("/m/notices", answer="reject")
        assert "已停止接收通知" in page.text
        assert CITIZEN not in page.html


async def test_a_return_without_its_state_is_refused(service: Service) -> None:
    async with browser(service) as page:
        await page.open("/m/notices/back", params={"code": "x", "state": "y"})
        assert page.status == 422
        assert "从公众号重新打开" in page.text


async def test_the_simulated_clock_goes_forward_only_and_stands_in_the_database(service: Service) -> None:
    before = (await (await service.client.get("/simulator/clock")).json())["now"]
    moved = await service.client.post("/simulator/clock", json={"advance_seconds": 86400})
    assert moved.status == 200
    assert (await moved.json())["now"] > before
    back = await service.client.post("/simulator/clock", json={"advance_seconds": -60})
    assert back.status == 409
    async with service.process.database.read() as unit:
        assert await unit.operations.clock_ahead() == pytest.approx(86400, abs=5)


async def test_every_page_that_the_menu_and_the_replies_lead_to_is_there(service: Service) -> None:
    menu = account_menu("https://example.invalid")
    views = re.findall(r"https://example\.invalid(/m/\w+)", str(menu))
    assert views
    async with browser(service) as page:
        for path in {*views, "/m/notices", "/m/commitments"}:
            await page.open(path)
            assert page.status == 200, path
