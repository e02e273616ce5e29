"""Whatever people write is shown as they wrote it, on every page that shows it, and does nothing."""

import html
from urllib.parse import urlencode

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.people import Phone, answer, open_case, sign_in, unfold
from tests.browser.town import Town
from tests.browser.watch import NARROW, WIDE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

MATTER = "市住建局承诺示例小区今年六月交房，到现在还没有动静。"
INJECTIONS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "</textarea></title><svg/onload=alert(3)>",
    "' autofocus onfocus=alert(4) x='",
    "<iframe src=//evil.example/a></iframe>",
    "<link rel=stylesheet href=//evil.example/b.css>",
    "<style>@import '//evil.example/c.css'</style>",
    '<meta http-equiv="refresh" content="0;url=//evil.example/d">',
    "<form action=//evil.example/e><button>提交</button></form>",
    '<a href="javascript:alert(5)">点我</a>',
    '<a href="weixin://bizmsgmenu?msgmenucontent=确认&msgmenuid=1">确认一下</a>',
    "{{ 7 * 7 }}{% include 'x' %}${7*7}<%= 7 %>",
    "<!--<base href=//evil.example/>-->]]>",
    "&lt;b&gt;&#x3c;u&#x3e;",
]
ALL = "\n".join(INJECTIONS)


async def test_a_citizens_words_everywhere(visit: Visit, town: Town) -> None:
    async with visit(NARROW) as chat, visit(WIDE) as desk:
        phone = await Phone.new(chat)
        await phone.say(MATTER + "\n" + ALL)
        await phone.press("确认")
        number = await phone.number()
        await phone.say(f"补充 {ALL}")
        await phone.reads("已补充到")
        await phone.say("人工")
        await phone.reads("请把想说的话发过来")
        await phone.say(ALL)
        await phone.reads("已留给工作人员")
        await _shown(chat)

        await sign_in(desk, town, "dispatcher")
        for path in (f"/console/cases/{number}", "/console/messages"):
            await desk.goto(path)
            await _shown(desk)
        await desk.goto(f"/console/commitments/new?case={number}")
        text = await desk.get_by_label("承诺的原文").input_value()
        assert text.startswith(MATTER)
        assert text in f"{MATTER}\n{ALL}", "as far as a phone's field goes"
        for words in INJECTIONS[:4]:
            for path, label in (
                ("/console/cases", "单号或内容"),
                ("/", "查找承诺"),
                ("/commitments", "查找"),
            ):
                await desk.goto(f"{path}?{urlencode({'q': words})}")
                await expect(desk.get_by_label(label)).to_have_value(words)
        await desk.goto("/console/messages")
        await desk.get_by_label("回复").first.fill(ALL)
        await desk.get_by_role("button", name="回复").first.click()
        await phone.reads("工作人员回复您")
        await _shown(desk)

        await desk.get_by_role("button", name="退出").click()
        await sign_in(desk, town, "zhujian-head")
        await open_case(desk, number)
        await desk.get_by_role("button", name="签收").click()
        note = await unfold(desk, "note")
        await note.get_by_label("备注").fill(ALL)
        await note.locator("button").click()
        await answer(desk, ALL, "已解决")
        await desk.get_by_role("button", name="审核通过").click()
        await expect(desk.locator(".headline")).to_contain_text("已答复待评价")
        await _shown(desk)
        await phone.reads("请打个分")
        await phone.say("进度")
        await _shown(chat)


async def test_an_opinion_and_its_answer(visit: Visit, town: Town) -> None:
    code = await town.disclose("示例学位 " + INJECTIONS[0])
    async with visit(NARROW) as chat, visit(WIDE) as desk:
        phone = await Phone.new(chat)
        await phone.say(f"提意见 {code}")
        await phone.reads("请说说您")
        await phone.say(ALL)
        await phone.reads("收到您")
        await phone.say(f"投票 {code}")
        await phone.reads("您赞成作出这项承诺吗")
        await sign_in(desk, town, "dispatcher")
        await desk.goto(f"/console/commitments/{code}")
        await _shown(desk)
        await desk.locator("#poll summary").click()
        await desk.get_by_label("不采纳", exact=True).check()
        await desk.get_by_label("告诉提意见的人").fill(ALL)
        await desk.get_by_role("button", name="答复意见").click()
        await expect(desk.locator("#poll")).to_contain_text("不采纳：")
        await _shown(desk)
        await desk.goto(f"/m/commitments?{urlencode({'q': '示例学位'})}")
        await expect(desk.get_by_text(INJECTIONS[0]).first).to_be_visible()


@pytest.mark.parametrize("words", INJECTIONS[:4])
async def test_names_and_numbers_of_others(visit: Visit, town: Town, words: str) -> None:
    person = {"mode": "named", "name": words}
    number = await town.file(MATTER + words, department="zhujian", source_number=words, reporter=person)
    async with visit(WIDE) as page:
        await sign_in(page, town, "dispatcher")
        await open_case(page, number)
        await page.get_by_label("查看理由").fill(words)
        await page.get_by_role("button", name="查看").click()
        await expect(page.get_by_role("definition").filter(has_text=words).first).to_be_visible()
        await page.reload()


async def test_a_question_and_its_answer_as_a_guide(visit: Visit, town: Town) -> None:
    number = await town.file("请问怎么办？" + ALL, type="inquiry")
    version = (await town.case(number))["version"]
    body = {"text": ALL, "source": "ZN-JY-RX", "version": version}
    await town.ask("POST", f"/cases/{number}/actions/answer_now", body)
    async with visit(NARROW) as page, visit(WIDE) as anybody:
        await sign_in(page, town, "dispatcher")
        await open_case(page, number)
        await page.get_by_role("link", name="存为办事指南").click()
        steps = await page.get_by_label("办事程序").input_value()
        assert steps.replace("\n", "") == ALL.replace("\n", "")
        await page.get_by_label("办什么事").fill(INJECTIONS[0])
        await page.get_by_label("办事程序").fill(ALL)
        await page.get_by_role("button", name="保存并发布").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text(INJECTIONS[0])
        await page.get_by_label("注意事项").fill(ALL)
        await page.get_by_role("button", name="保存", exact=True).click()
        await page.get_by_text("改了注意事项").click()
        await _shown(page)
        await anybody.goto("/guides")
        await anybody.get_by_role("link").filter(has_text=INJECTIONS[0]).first.click()
        await _shown(anybody)


async def test_names_of_staff_and_citizens(visit: Visit, town: Town) -> None:
    town.hire("strange", "dispatcher", ALL[:60])
    async with visit(NARROW, expected={422}) as page:
        await sign_in(page, town, "strange")
        await expect(page.get_by_role("heading", level=1)).to_contain_text(INJECTIONS[0])
        await page.goto("/simulator")
        for words in INJECTIONS[:4]:
            await page.request.post("/simulator/citizens", data={"name": words})
        answer_ = await page.goto("/m/notices/begin")
        assert answer_ is not None
        assert html.escape(INJECTIONS[0]) in await answer_.text()
        await page.goto("/m/notices/back?code=%3Cscript%3Ealert(6)%3C/script%3E&state=x", wait_until="load")


async def _shown(page: Page) -> None:
    """The page reads as it was written, to the letter."""
    text = await page.locator("body").inner_text()
    missing = [words for words in INJECTIONS if words not in text]
    assert missing == []
