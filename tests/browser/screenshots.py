"""The pictures of the documentation, from a real run: ``python -m tests.browser.screenshots [FOLDER]``."""

import asyncio
import io
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode, urljoin

from PIL import Image
from playwright.async_api import Browser, Page

from bot.settings import ROOT
from tests.browser.people import Phone, answer, open_case, sign_in
from tests.browser.town import Town, build
from tests.browser.watch import NARROW, WIDE, watched
from tests.support import browser, shared
from tests.support.service import Stand

HOUSES = "市住建局承诺示例小区今年六月交房，到现在还没有动静。"
SCHOOL = "市教育局说9月1日示例小学开学，到现在楼还没盖好，孩子没地方上学。"
COLOURS = 64  # flat pages need no more; a quarter of the size
MATTERS = (
    ("市住建局承诺示例小区今年六月交房，到现在还没有动静。", "zhujian"),
    ("示例小区的电梯说好七月修好，现在还停着。", "zhujian"),
    ("市教育局承诺的课后服务，我们学校还没有开。", "jiaoyu"),
    ("政府答应给示例村修的路到现在没修。", ""),
    ("示例路的路灯说两天修好，一个星期了还不亮。", "chengguan"),
    ("示例街的井盖丢了，打过电话没人来。", ""),
)
DESKS = {
    "dispatcher": {"dispatcher": "/console", "cases": "/console/cases"},
    "supervisor": {"supervisor": "/console", "analysis": "/console/analysis?period=year"},
}
PUBLIC = {"public": "/", "public-promise": "/commitments/SL-JY-001"}
REPLY = "示例小区已经复工，八月底前交房。工程进度每周五在小区门口公示，欢迎监督。"


async def draw(town: Town, chromium: Browser, folder: Path) -> None:
    """Three citizens in the chat, one of them answered; two weeks later the desks, and the pages for all."""
    await _busy(town)
    async with watched(chromium, town.url, WIDE) as chat, watched(chromium, town.url, WIDE) as desk:
        await chat.goto("/simulator")
        second, third = Phone(chat.locator(".phone").nth(1)), Phone(chat.locator(".phone").nth(2))
        first = Phone(chat.locator(".phone").first)
        await first.say(SCHOOL)
        await first.reads("请核对")
        await second.say(HOUSES)
        await second.press("确认")
        number = await second.number()
        await third.chat.get_by_role("button", name="关注公众号").click()
        await third.reads("专门听您说")

        await sign_in(desk, town, "zhujian-handler")
        await open_case(desk, number)
        await desk.get_by_role("button", name="签收").click()
        await answer(desk, REPLY, "部分解决")
        await _desk(desk, town, folder, "zhujian-head", {"console": f"/console/cases/{number}"})
        await desk.get_by_role("button", name="审核通过").click()
        await second.reads("请打个分")
        await second.press("5 非常满意")
        await second.reads("办结了")
        await _take(chat, folder / "chat.png")
        await _narrow(chat)
        await chat.get_by_role("navigation").get_by_role("button").nth(1).click()
        await _take(chat, folder / "chat-narrow.png")
        await _later(desk)
        for login, pages in DESKS.items():
            await _desk(desk, town, folder, login, pages)
        await _both(desk, folder, PUBLIC)
        await _citizen(chat, folder, number)


async def _busy(town: Town) -> None:
    """Some dozens of cases, so that lists and figures show what a week leaves."""
    for n in range(36):
        text, department = MATTERS[n % len(MATTERS)]
        kind = ("complaint", "inquiry", "suggestion")[n % 3]
        await town.file(text, type=kind, **({"department": department} if department else {}))


async def _later(page: Page) -> None:
    """Two weeks on: some of it is late, as at every office."""
    now = datetime.fromisoformat((await (await page.request.get("/simulator/clock")).json())["now"])
    await page.request.post("/simulator/clock", data={"now": (now + timedelta(days=14)).isoformat()})


async def _desk(page: Page, town: Town, folder: Path, login: str, pages: dict[str, str]) -> None:
    """Somebody's pages, as whoever was there before has left."""
    if await page.get_by_role("button", name="退出").count():
        await page.get_by_role("button", name="退出").click()
    await sign_in(page, town, login)
    await _both(page, folder, pages)


async def _citizen(page: Page, folder: Path, number: str) -> None:
    """Pages of whoever reported, opened from WeChat."""
    known = await (await page.request.get("/simulator/state")).json()
    openid = known["citizens"][1]["openid"]
    door = "/simulator/browse?" + urlencode({"url": urljoin(page.url, "/m/cases"), "openid": openid})
    await page.goto(door)
    await _both(page, folder, {"citizen-case": f"/m/cases/{number}", "citizen-promises": "/m/commitments"})


async def _both(page: Page, folder: Path, pages: dict[str, str]) -> None:
    """Each page at both widths, as ``name`` and ``name-narrow``; charts have drawn by then."""
    for name, path in pages.items():
        for size, ending in ((WIDE, ""), (NARROW, "-narrow")):
            await page.set_viewport_size({"width": size[0], "height": size[1]})
            await page.goto(path, wait_until="networkidle" if "analysis" in path else "load")
            await _take(page, folder / f"{name}{ending}.png")
        await page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})


async def _narrow(page: Page) -> None:
    await page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})


async def _take(page: Page, file: Path) -> None:
    taken = await page.screenshot(animations="disabled")
    Image.open(io.BytesIO(taken)).quantize(COLOURS).save(file, optimize=True)


async def main(folder: Path) -> None:
    made = Path(tempfile.mkdtemp(prefix="jiannuo-"))
    stand = Stand(made)
    try:
        town = await asyncio.to_thread(build, stand, made)
        async with browser.launched() as chromium:
            await draw(town, chromium, folder)
    finally:
        stand.close()


if __name__ == "__main__":
    shared.begin()
    try:
        asyncio.run(main(Path(sys.argv[1]) if sys.argv[1:] else ROOT / "docs" / "images"))
    finally:
        shared.end()
