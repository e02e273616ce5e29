"""Tencent's own script in a real browser under our policy; the bridge to the app is a stand-in."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from storage.engine import Database
from tests.browser.watch import NARROW, PATIENCE
from tests.flows.citizen.test_consent_in_wechat import WECHAT, in_wechat

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
]
BRIDGE = """
window.asked = {};
window.WeixinJSBridge = {
  on() {},
  invoke(name, given, done) {
    window.asked[name] = given;
    setTimeout(() => done({ err_msg: name === "preVerifyJSAPI" ? VERDICT : `${name}:ok` }), 0);
  },
};
"""


@pytest.mark.parametrize("verdict", ["preVerifyJSAPI:ok", "preVerifyJSAPI:fail_invalid signature"])
async def test_the_signature_reaches_wechat_and_its_answer_the_citizen(
    chromium: Browser, database: Database, database_url: str, tmp_path: Path, verdict: str
) -> None:
    async with in_wechat(database, database_url, tmp_path) as (service, _):
        here = str(service.client.make_url("/")).rstrip("/")
        context = await chromium.new_context(
            base_url=here, user_agent=WECHAT["User-Agent"], viewport={"width": NARROW[0], "height": NARROW[1]}
        )
        context.set_default_timeout(PATIENCE)
        left: list[str] = []
        context.on(
            "request", lambda request: None if request.url.startswith(here) else left.append(request.url)
        )
        await context.add_init_script(BRIDGE.replace("VERDICT", f'"{verdict}"'))
        page = await context.new_page()
        await page.goto("/m/notices")
        await _asked(page)
        failed, told = page.get_by_text("现在不能在这里选择"), page.get_by_text("微信已经记下您的选择")
        await expect(failed).to_be_visible(visible=not verdict.endswith(":ok"))
        await page.locator("wx-open-subscribe").dispatch_event("success")
        await expect(told).to_be_visible()
        await expect(failed).to_be_hidden()
        assert left == []
        await context.close()


async def _asked(page: Page) -> None:
    """JS-SDK handed the page's own parameters to the app."""
    asked = await page.evaluate("window.asked.preVerifyJSAPI")
    consent = page.locator("#consent")
    assert asked["verifyOpenTagList"] == ["wx-open-subscribe"]
    assert asked["verifySignature"] == await consent.get_attribute("data-signature")
    assert asked["verifyNonceStr"] == await consent.get_attribute("data-nonce")
