"""What must be true of every page that any browser test opens, whatever the test is about.

Nothing asks another host, nothing fails, the console stays empty, no dialog opens; nothing is wider than the
window, and every field, button and picture has a name.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Request, Response

WIDE, NARROW = (1440, 900), (390, 844)
PATIENCE = 10_000  # milliseconds
LOADED = "Failed to load resource"  # the console's echo of a status that `response` sees itself
LEFT = "net::ERR_ABORTED"  # the browser went on before it had all of the last page
LOOK = """
addEventListener("load", () => {
  if (document.contentType !== "text/html") return;
  const fault = (words, element) =>
    console.error(`${words}: ${location.pathname} ${element.outerHTML.slice(0, 200)}`);
  const named = (element) => (element.getAttribute("aria-label") || element.textContent || "").trim();
  if (document.documentElement.scrollWidth > innerWidth) fault("wider than the window", document.body);
  for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea"))
    if (!field.labels.length && !field.getAttribute("aria-label")) fault("field without a label", field);
  for (const element of document.querySelectorAll("button, a[href], summary"))
    if (!named(element) && !element.querySelector("img[alt]")) fault("nothing to call it by", element);
  for (const picture of document.querySelectorAll("img:not([alt])")) fault("picture without words", picture);
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  if (new Set(ids).size < ids.length) fault("an id twice", document.body);
  if (!document.documentElement.lang || !document.title) fault("no language or title", document.head);
});
"""


class Watch:
    """Notes what goes wrong on the pages of a context; ``expected``: statuses that the test causes."""

    def __init__(self, context: BrowserContext, url: str, expected: set[int]) -> None:
        self.faults: list[str] = []
        self._host, self._expected = urlsplit(url).netloc, expected
        context.on("request", self._asked)
        context.on("requestfailed", self._failed)
        context.on("response", self._answered)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.faults.append(f"error: {error.error}"))
        context.on("page", lambda page: page.on("dialog", self._dialog))

    async def _dialog(self, dialog: Dialog) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        await dialog.dismiss()

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme != "data" and parts.netloc != self._host:
            self.faults.append(f"another host: {request.url}")

    def _failed(self, request: Request) -> None:
        if request.failure != LEFT:
            self.faults.append(f"failed: {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self._expected:
            self.faults.append(f"{response.status}: {response.url}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(LOADED):
            self.faults.append(f"console: {message.text}")


@asynccontextmanager
async def watched(
    browser: Browser,
    url: str,
    size: tuple[int, int],
    *,
    expected: set[int] | None = None,
    scripts: bool = True,
) -> AsyncIterator[Page]:
    """A page of a browser of its own at ``url``; what went wrong on any of its pages fails at the end."""
    context = await browser.new_context(
        base_url=url,
        viewport={"width": size[0], "height": size[1]},
        has_touch=size == NARROW,
        java_script_enabled=scripts,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )
    context.set_default_timeout(PATIENCE)
    watch = Watch(context, url, expected or set())
    await context.add_init_script(LOOK)
    yield await context.new_page()
    await context.close()
    assert not watch.faults, "\n".join(watch.faults)
