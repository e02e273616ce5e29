"""The pictures of the documentation, from a real run: ``python -m tests.browser.screenshots [FOLDER]``."""

import asyncio
import io
import sys
import tempfile
from pathlib import Path

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
REPLY = "示例小区已经复工，八月底前交房。工程进度每周五在小区门口公示，欢迎监督。"


async def draw(town: Town, chromium: Browser, folder: Path) -> None:
    """Two citizens in the chat, one of them answered; the answer at the head's desk."""
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
        await desk.get_by_role("button", name="退出").click()
        await sign_in(desk, town, "zhujian-head")
        await open_case(desk, number)
        await _take(desk, folder / "console.png")
        await _narrow(desk)
        await _take(desk, folder / "console-narrow.png")
        await desk.get_by_role("button", name="审核通过").click()
        await second.reads("请打个分")
        await second.press("5 非常满意")
        await second.reads("办结了")
        await _take(chat, folder / "chat.png")
        await _narrow(chat)
        await chat.get_by_role("navigation").get_by_role("button").nth(1).click()
        await _take(chat, folder / "chat-narrow.png")


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
