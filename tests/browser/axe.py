"""What axe-core finds on a page: nothing serious or critical may be left, contrast included."""

from functools import cache
from typing import Any

from playwright.async_api import Page

from bot.http.assets import FETCHED

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
GRAVE = {"serious", "critical"}
RUN = "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})"


@cache
def _script() -> str:
    return (FETCHED / "axe-core" / "axe.min.js").read_text("utf-8")


async def grave_findings(page: Page) -> list[str]:
    """Serious and critical findings on the page as it stands: rule, address, element."""
    if not await page.evaluate("typeof axe === 'object'"):
        await page.evaluate(_script())
    found: dict[str, Any] = await page.evaluate(RUN, RULES)
    return [
        f"{one['id']} {page.url} {node['html'][:160]} {node['failureSummary'][:300]}"
        for one in found["violations"]
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]
