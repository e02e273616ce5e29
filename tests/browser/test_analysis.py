"""The charts draw on phone and desk, and a page without scripts lacks nothing but them."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.people import sign_in
from tests.browser.town import Town
from tests.browser.watch import NARROW, WIDE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_the_charts_draw(visit: Visit, town: Town, size: tuple[int, int]) -> None:
    await town.file("红旗区市住建局承诺今年六月交付的示例小区还没有动静。", department="zhujian")
    async with visit(size) as page:
        await sign_in(page, town, "supervisor")
        await page.goto("/console/analysis")
        for name in ("days", "types", "states", "departments", "places"):
            await expect(page.locator(f"[data-chart={name}] svg")).to_be_visible()
        await page.locator("[data-chart=types] svg").hover(position={"x": 200, "y": 60})
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await expect(page.get_by_role("button", name="打印")).to_be_visible()
        await page.get_by_role("link", name="今年").click()
        await expect(page.locator("[data-chart=days] svg")).to_be_visible()
        await page.emulate_media(media="print")
        await expect(page.get_by_role("navigation")).to_be_hidden()


async def test_the_page_without_scripts(visit: Visit, town: Town) -> None:
    async with visit(NARROW, scripts=False) as page:
        await sign_in(page, town, "supervisor")
        await page.goto("/console/analysis")
        await expect(page.locator("figure.chart").first).to_be_hidden()
        await expect(page.get_by_role("heading", name="三率和按时率")).to_be_visible()
