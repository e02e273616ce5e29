"""Every page of every role at both widths: what must be true of all of them is seen by the watch."""

import re
from collections import deque
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
from playwright.async_api import Page, expect

from tests.browser.axe import grave_findings
from tests.browser.conftest import Visit
from tests.browser.people import Phone, sign_in
from tests.browser.town import Town
from tests.browser.watch import NARROW, WIDE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
PROMISE = "/commitments/SL-JY-001"
GUIDE = "/guides/ZN-WL-DZ"
TELLING = ("privacy", "report", "progress", "commitments", "more", "contacts", "notices")
PUBLIC = (
    *("/", "/?q=承诺", "/commitments", "/commitments?page=2", "/commitments?department=没有", PROMISE),
    *("/departments/jiaoyu", "/guides", "/guides?q=证", GUIDE, *(f"/m/{name}" for name in TELLING)),
)
OFFICE = ("dispatcher", "supervisor", "auditor", "custodian", "admin", "leader", "liaison")
LOGINS = (*OFFICE, "zhujian-handler", "zhujian-head")
MOST = 24
"""Pages of one role."""
NUMBERED = re.compile(r"[A-Z]{2}\d{14}|[A-Z]{2}(-[A-Z0-9]+)+")
ADMIN = (
    *(
        "departments",
        "departments/new",
        "departments/of/zhujian",
        "staff",
        "staff/new",
        "staff/of/zhujian-head",
    ),
    *("rules", "calendar", "calendar?year=2027", "calendar/2026-12-03", "menu", "state", "log"),
)
LINKS = "links => links.map(link => link.href)"
BUTTONS = "main :is(button, .button, summary, select, .pickable .box):visible"
SMALL = "all => all.filter(one => one.getBoundingClientRect().height < 43.5).map(one => one.outerHTML)"
"""What a thumb does not hit (WCAG 2.2 asks for 24, hands for 44)."""


@SIZES
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
async def test_what_everyone_may_read(visit: Visit, size: tuple[int, int], scripts: bool) -> None:
    async with visit(size, scripts=scripts) as page:
        for path in PUBLIC:
            await page.goto(path)
            await expect(page.get_by_role("heading", level=1)).to_be_visible()
            if scripts:
                await _readable(page)
        await page.goto("/api/v1/openapi.json")


@SIZES
async def test_what_is_not_there_says_so(visit: Visit, town: Town, size: tuple[int, int]) -> None:
    async with visit(size, expected={404, 422}) as page:
        for path in ("/nothing", "/m/nothing", "/console/nothing", "/simulator/media/nothing"):
            answer = await page.goto(path)
            assert answer is not None
            assert answer.status == 404, path
            await expect(page.get_by_role("heading", level=1)).to_have_text("没有这个地址")
        await sign_in(page, town, "dispatcher")
        await page.goto("/console/cases/TS20260101000015")
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.goto("/console/cases?state=nothing")
        await expect(page.get_by_role("heading", level=1)).to_be_visible()


@SIZES
async def test_every_page_of_every_role(visit: Visit, town: Town, size: tuple[int, int]) -> None:
    number = await town.file("市住建局承诺今年六月交付的示例小区还没有动静。", department="zhujian")
    looked_at: set[str] = set()
    async with visit(size) as page:
        for login in LOGINS:
            looked_at -= {path for path in looked_at if path.startswith("/console/cases/")}
            await sign_in(page, town, login)
            seen = await _walk(page, "/console", looked_at)
            assert login not in ("dispatcher", "zhujian-handler") or f"/console/cases/{number}" in seen
            for path in ("/commitments", PROMISE, "/guides", GUIDE):
                await page.goto(f"/console{path}")
                await expect(page.get_by_role("heading", level=1)).to_be_visible()
            await page.goto("/console")
            await page.get_by_role("button", name="退出").click()


@SIZES
async def test_every_page_of_administration(visit: Visit, town: Town, size: tuple[int, int]) -> None:
    async with visit(size) as page:
        await sign_in(page, town, "admin")
        for path in ("/me", "/me/password", "/me/code-app", "/admin", *(f"/admin/{part}" for part in ADMIN)):
            await page.goto(f"/console{path}")
            await expect(page.get_by_role("heading", level=1)).to_be_visible()


@SIZES
async def test_a_citizen_agrees_to_notices(visit: Visit, size: tuple[int, int]) -> None:
    async with visit(size) as chat:
        phone = await Phone.new(chat)
        await phone.chat.get_by_role("button", name="关注公众号").click()
        await phone.say("市住建局承诺示例小区今年六月交房，到现在还没有动静。")
        await phone.press("确认")
        await phone.number()
        async with chat.expect_popup() as opened:
            await phone.chat.get_by_role("link", name="打开通知，办理有进展就告诉您").last.click()
        page = await opened.value
        await page.get_by_role("link", name="继续").click()
        await page.get_by_role("button", name="同意接收").click()
        await expect(page.get_by_role("status")).to_have_text("已同意接收通知。")
        await page.get_by_role("button", name="不再接收").click()
        await expect(page.get_by_role("status")).to_contain_text("已停止接收通知")


@SIZES
async def test_a_citizen_fills_in_the_form_and_follows_the_case(visit: Visit, size: tuple[int, int]) -> None:
    async with visit(size) as chat:
        phone = await Phone.new(chat)
        await phone.say("你好")
        await phone.reads("您好")
        known = await (await chat.request.get("/simulator/state")).json()
        openid = known["citizens"][-1]["openid"]
        await chat.goto(
            f"/simulator/browse?{urlencode({'url': urljoin(chat.url, '/m/tell'), 'openid': openid})}"
        )
        await _readable(chat)
        await chat.get_by_label("什么事").fill("市住建局承诺示例小区今年六月交房，到现在还没有动静。")
        await chat.get_by_role("button", name="下一步").click()
        await expect(chat.get_by_role("heading", level=1)).to_have_text("请核对，还没有登记")
        await chat.get_by_role("button", name="确认登记").click()
        await chat.get_by_role("link", name="看办理进度").click()
        await expect(chat.get_by_role("heading", name="办理经过")).to_be_visible()
        await _readable(chat)
        await chat.get_by_text("催一催").click()
        await chat.get_by_role("button", name="催办").click()
        await expect(chat.get_by_role("status")).to_contain_text("已替您催办")
        await chat.get_by_role("link", name="我的事").click()
        await _readable(chat)
        await chat.get_by_role("link", name="投诉举报").click()
        await chat.get_by_role("link", name="查看回执").click()
        await expect(chat.get_by_role("heading", level=1)).to_have_text("登记回执")
        await _readable(chat)
        assert await chat.evaluate("document.documentElement.scrollWidth <= innerWidth")


@SIZES
async def test_a_citizen_follows_a_commitment_and_votes(
    visit: Visit, town: Town, size: tuple[int, int]
) -> None:
    code = await town.disclose("示例课后服务收费标准")
    async with visit(size, scripts=size == WIDE) as page:
        await page.goto("/m/commitments?q=课后服务")
        await expect(page.get_by_role("heading", level=1)).to_have_text("政府承诺")
        await page.goto(f"/commitments/{code}")
        await expect(page.get_by_role("link", name="在微信里投票、提意见")).to_be_visible()
    async with visit(size) as chat:
        phone = await Phone.new(chat)
        await phone.say("你好")
        await phone.reads("您好")
        known = await (await chat.request.get("/simulator/state")).json()
        openid = known["citizens"][-1]["openid"]
        page_ = urljoin(chat.url, f"/m/commitments/{code}")
        await chat.goto(f"/simulator/browse?{urlencode({'url': page_, 'openid': openid})}")
        await chat.get_by_role("button", name="关注", exact=True).click()
        await expect(chat.get_by_role("status")).to_contain_text("已关注")
        await chat.locator("label", has_text="赞成").click()  # WeUI draws the dot itself
        await chat.get_by_role("button", name="投票").click()
        await expect(chat.get_by_label("赞成")).to_be_checked()
        await chat.get_by_label("您的意见").fill("建议按学期收")
        await chat.get_by_role("button", name="提意见").click()
        await expect(chat.get_by_role("status")).to_contain_text("已收到您的意见")
        assert await chat.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await chat.get_by_role("main").get_by_role("link", name="我的关注").click()
        await expect(chat.get_by_role("heading", level=1)).to_have_text("我的关注")
        assert await chat.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await chat.get_by_role("button", name="取消关注").click()
        await expect(chat.get_by_text("还没有关注承诺")).to_be_visible()


@SIZES
async def test_the_simulators_tools(visit: Visit, size: tuple[int, int]) -> None:
    async with visit(size) as chat:
        phone = await Phone.new(chat)
        await chat.locator("#tools summary").click()
        await expect(chat.locator("#arranged")).to_have_text("现在没有故障")
        await chat.get_by_role("button", name="下一条推送两遍").click()
        await expect(chat.locator("#arranged")).to_contain_text("推送两遍")
        await chat.get_by_role("button", name="恢复正常").click()
        await expect(chat.locator("#arranged")).to_have_text("现在没有故障")
        assert await chat.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await chat.locator("#tools summary").click()
        await phone.say("你好")
        await phone.reads("您好")
        await phone.root.get_by_label("更多").click()
        await phone.root.get_by_role("button", name="重复推送上一条").click()
        await expect(chat.locator("#toast")).to_contain_text("已重复推送")


@SIZES
async def test_a_script_is_played_recorded_and_notices_are_listed(
    visit: Visit, size: tuple[int, int]
) -> None:
    async with visit(size) as chat:
        await chat.goto("/simulator")
        await chat.locator("#plays summary").click()
        await chat.get_by_label("剧本", exact=True).select_option("withdraw")
        await expect(chat.locator("#steps li")).to_have_count(3)
        await chat.get_by_role("button", name="走一步").click()
        await expect(chat.locator("#score")).to_have_text("还有 2 步")
        await chat.get_by_role("button", name="播放").click()
        await expect(chat.locator("#score")).to_have_text("放完了，都对")
        await expect(chat.locator("#steps li.good")).to_have_count(3)
        await expect(chat.locator("#steps li").nth(1)).to_contain_text("应当：回复里有“查询码：”")
        assert await chat.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await chat.locator("#plays summary").click()
        await chat.locator(".phone.current .more summary").click()
        async with chat.expect_download() as loading:
            await chat.locator(".phone.current").get_by_text("录成剧本").click()
        file = await (await loading.value).path()
        await chat.locator(".phone.current .more summary").click()
        await chat.locator("#plays summary").click()
        await chat.get_by_label("自己的剧本文件").set_input_files(file)
        await expect(chat.locator("#steps li").last).to_contain_text("撤回")
        await chat.get_by_role("button", name="播放").click()
        await expect(chat.locator("#score")).to_have_text("放完了，都对")
        await chat.locator("#notices summary").click()
        await expect(chat.locator("#received li").first).to_be_visible()


async def _walk(page: Page, start: str, looked_at: set[str]) -> set[str]:
    """Follow the links below ``start``, each path once; the paths that were opened.

    Of each sort of page one is looked at closely; ``looked_at`` keeps which sorts were.
    """
    waiting, opened = deque([start]), {start}
    while waiting:
        path = waiting.popleft()
        await page.goto(path)
        if (sort := NUMBERED.sub("*", path)) not in looked_at:
            looked_at.add(sort)
            await _readable(page)
            assert await page.locator(BUTTONS).evaluate_all(SMALL) == [], path
        for href in await page.locator("a[href]:not([download])").evaluate_all(LINKS):
            path = urlsplit(href).path
            if path not in opened and path.startswith(start) and len(opened) < MOST:
                opened.add(path)
                waiting.append(path)
    return opened


async def _readable(page: Page) -> None:
    """By whoever cannot see it, sees little, or has letters twice as large."""
    assert not await grave_findings(page)
    await page.evaluate("document.documentElement.style.fontSize = '200%'")
    wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth + 1")
    assert not wide, f"too wide with large letters: {page.url}"
    await page.evaluate("document.documentElement.style.fontSize = ''")
