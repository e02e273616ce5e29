"""The browser of the tests: Chromium of the PATH, else the one that Playwright installs.

``python -m tests.support.browser`` makes sure that one starts, or says what to run.
"""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Error, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
REMEDY = "apt-get install -y chromium fonts-noto-cjk"


def on_path() -> str | None:
    """The Chromium of this machine, if there is one."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """A running browser; raises Playwright's ``Error`` where none starts."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=on_path(), args=list(OPTIONS))
        yield browser
        await browser.close()


async def starts() -> bool:
    try:
        async with launched() as browser:
            return browser.is_connected()
    except Error:
        return False


def main() -> int:
    if asyncio.run(starts()):
        return 0
    if on_path() is None:
        command = [sys.executable, "-m", "playwright", "install", "chromium"]
        if subprocess.run(command, check=False).returncode == 0 and asyncio.run(starts()):
            return 0
    print(f"No browser starts here. Run: {REMEDY}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
