"""A day at the desk: keys instead of a mouse, several cases at once, and a page that hears what happens."""

from itertools import pairwise

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.people import form, open_case, sign_in, unfold
from tests.browser.town import Town
from tests.browser.watch import NARROW, WIDE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

MATTER = "市住建局承诺今年六月交付的示例小区还没有动静。"
UNSURE = "政府答应给示例村修的路到现在没修。"


async def test_a_clerk_signs_for_several_cases_with_keys(visit: Visit, town: Town) -> None:
    numbers = [await town.file(MATTER, department="zhujian") for _ in range(3)]
    async with visit(WIDE) as page:
        await sign_in(page, town, "zhujian-handler")
        await page.goto("/console/cases?state=dispatched")
        await page.keyboard.press("?")
        await expect(page.get_by_role("dialog")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_be_hidden()
        for key in ("j", "x", "j", "j", "k", "x"):
            await page.keyboard.press(key)
        await expect(page.get_by_text("已选 2 件")).to_be_visible()
        await expect(page.get_by_label(f"选 {numbers[2]}")).to_be_checked()
        await expect(page.get_by_label(f"选 {numbers[1]}")).to_be_checked()
        await page.get_by_role("button", name="批量签收").click()
        await page.get_by_role("button", name="签收 2 件").click()
        await expect(page.get_by_role("heading", name="办好了 2 件")).to_be_visible()
        await page.get_by_role("link", name="回到列表").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("办件")
        await page.wait_for_load_state("load")
        await page.keyboard.press("/")
        await expect(page.get_by_label("单号或内容")).to_be_focused()
        await page.keyboard.type(numbers[0])
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("link", name=numbers[0])).to_be_visible()
        await page.keyboard.press("j")
        await page.keyboard.press("o")
        await expect(page.get_by_role("heading", level=1)).to_have_text(numbers[0])
    states = [(await town.case(number))["state"] for number in numbers]
    assert states == ["dispatched", "handling", "handling"]


async def test_a_dispatcher_empties_the_queue_with_one_key_a_case(visit: Visit, town: Town) -> None:
    number = await town.file(UNSURE)
    async with visit(WIDE) as page:
        await sign_in(page, town, "dispatcher")
        queued = page.locator(f"#queued-{number}")
        for _ in range(12):
            await page.keyboard.press("j")
            if await queued.evaluate("element => element.contains(document.activeElement)"):
                break
        await page.keyboard.press("1")
        await expect(page.get_by_role("status").first).to_contain_text(f"已派单：{number}")
        await expect(queued).to_have_count(0)
    assert (await town.case(number))["state"] == "dispatched"


async def test_pages_that_stay_open_hear_what_happens(visit: Visit, town: Town) -> None:
    number = await town.file(MATTER, department="zhujian")
    async with visit(WIDE) as home, visit(NARROW) as listed, visit(WIDE) as opened:
        for page in (home, listed, opened):
            await sign_in(page, town, "zhujian-handler")
        tile = home.locator(".tile", has_text="待签收").locator("b")
        before = int(await tile.inner_text())
        await listed.goto("/console/cases?state=dispatched")
        await open_case(opened, number)
        note = await unfold(opened, "note")
        await note.get_by_label("备注").fill("写到一半")
        await town.file(MATTER, department="zhujian")
        await expect(tile).to_have_text(str(before + 1))
        await expect(listed.locator("#count")).to_contain_text("有变化，刷新")
        await expect(listed.locator("#count")).to_contain_text(f"共 {before + 1} 件")
        await _supervise(listed, town, number)
        await expect(opened.locator("#news")).to_contain_text("此件已有新进展：督办员 督办")
        await expect(opened.locator("#headline")).to_contain_text("督办")
        await expect(opened.locator("#timeline")).to_contain_text("三日内办结")
        await expect(form(opened, "note").get_by_label("备注")).to_have_value("写到一半")


async def test_on_a_phone_what_is_pressing_is_read_before_what_is_past(visit: Visit, town: Town) -> None:
    number = await town.file(MATTER, department="zhujian")
    async with visit(NARROW) as page:
        await sign_in(page, town, "zhujian-handler")
        await open_case(page, number)
        tops = await page.locator("main section.card > h2").evaluate_all(
            "names => names.map(name => [name.innerText, name.getBoundingClientRect().top])"
        )
        assert tops == sorted(tops, key=lambda card: card[1]), "read in another order than seen"
        seen = [name for name, _ in tops]
        assert seen.index("办理") < seen.index("时限") < seen.index("办理经过")
        stops = await page.evaluate(
            "[...document.querySelectorAll('main :is(a, button, summary, input, textarea)')].filter("
            "one => one.checkVisibility()).map(one => one.getBoundingClientRect().top)"
        )
        assert all(below >= above - 40 for above, below in pairwise(stops)), "a stop of Tab leads upwards"


async def _supervise(page: Page, town: Town, number: str) -> None:
    await page.get_by_role("button", name="退出").click()
    await sign_in(page, town, "supervisor")
    await open_case(page, number)
    demand = await unfold(page, "supervise")
    await demand.get_by_label("督办要求").fill("三日内办结")
    await demand.get_by_label("期限").fill("2099-01-01")
    await demand.locator("button").click()
    await expect(page.get_by_role("status").first).to_have_text("已完成：督办")
