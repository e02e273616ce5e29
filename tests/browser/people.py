"""A citizen at a phone of the chat page, and staff at the console, as hands and eyes would have it."""

import re
import time
from urllib.parse import urlsplit

from playwright.async_api import Locator, Page, expect

from tests.browser.town import Town
from tests.browser.watch import PATIENCE

NUMBER = re.compile(r"[A-Z]{2}\d{14}")


class Phone:
    """One phone of the chat page."""

    def __init__(self, root: Locator) -> None:
        self.root = root
        self.chat = root.locator(".chat")

    @classmethod
    async def new(cls, page: Page) -> "Phone":
        """Opens the chat page where it is not open and adds a citizen of this test's own."""
        if urlsplit(page.url).path != "/simulator":
            await page.goto("/simulator")
        phones = page.locator(".phone")
        await expect(phones).not_to_have_count(0)
        before = await phones.count()
        await page.get_by_role("button", name="加市民").click()
        await expect(phones).to_have_count(before + 1)
        return cls(phones.last)

    async def say(self, text: str) -> None:
        await self.root.get_by_label("要发送的文字").fill(text)
        await self.root.get_by_role("button", name="发送", exact=True).click()

    async def send(self, kind: str) -> None:
        """Photo, voice, video, location, link or file, from the drawer below the field."""
        drawer = self.root.locator(f"[data-send={kind}]")
        if not await drawer.is_visible():
            await self.root.get_by_label("发送图片、语音等").click()
        await drawer.click()

    async def press(self, option: str) -> None:
        """The newest option of this name."""
        await self.chat.get_by_role("button", name=option, exact=True).last.click()

    async def reads(self, *words: str) -> None:
        """All of it appears in the chat, without loading anything anew."""
        for each in words:
            await expect(self.chat.get_by_text(each).last).to_be_visible(timeout=PATIENCE)

    async def number(self) -> str:
        """The number of the newest filing."""
        await self.reads("查询码：")
        return NUMBER.findall(await self.chat.inner_text())[-1]


async def sign_in(page: Page, town: Town, login: str) -> None:
    """To the start page of somebody's console."""
    await page.goto("/console")
    await page.get_by_label("登录名").fill(login)
    await page.get_by_label("密码").fill(town.passwords[login])
    await page.get_by_role("button", name="登录").click()
    await expect(page.get_by_role("button", name="退出")).to_be_visible()


async def open_case(page: Page, number: str) -> None:
    await page.goto(f"/console/cases/{number}")
    await expect(page.get_by_role("heading", level=1)).to_have_text(number)


def form(page: Page, action: str) -> Locator:
    """The form of an action; for dispatching the one where a unit is typed."""
    at = f"/actions/{action}"
    return page.locator(f"form:is([action$='{at}'], [action*='{at}?'])").last


async def unfold(page: Page, action: str) -> Locator:
    """The action's form, unfolded."""
    found = form(page, action)
    if not await found.locator("button").first.is_visible():
        await found.locator("xpath=ancestor::details/summary").click()
    return found


async def answer(page: Page, text: str, outcome: str) -> None:
    """Fill in an answer and hand it over."""
    asked = await unfold(page, "answer")
    await asked.get_by_label("答复").fill(text)
    await asked.get_by_label("办理结果").select_option(label=outcome)
    await asked.locator("button").first.click()


async def until(page: Page, seen: Locator, patience: int = PATIENCE) -> None:
    """Load the page anew until it shows something that the workers bring; ``patience`` in milliseconds."""
    end = time.monotonic() + patience / 1000
    while not await seen.count():
        assert time.monotonic() < end, await page.locator("main").inner_text()
        await page.reload()
