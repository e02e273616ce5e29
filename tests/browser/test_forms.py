"""Forms under real hands: two tabs, a double click, an ended session, no JavaScript, the keyboard alone."""

import pytest
from playwright.async_api import FilePayload, Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.people import answer, form, open_case, sign_in, unfold
from tests.browser.town import Town
from tests.browser.watch import NARROW, WIDE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

MATTER = "市住建局承诺今年六月交付的示例小区还没有动静。"
UNSURE = "政府答应给示例村修的路到现在没修。"
LONG = "我已经到现场看过，施工队说材料下周到，到了就接着干。"
CONTENT = b"%PDF-1.4\n" + b" " * 3_000_000 + b"\n%%EOF\n"
PDF = FilePayload(name="示例.pdf", mimeType="application/pdf", buffer=CONTENT)


async def test_the_second_tab_is_told_what_changed_and_keeps_its_words(visit: Visit, town: Town) -> None:
    number = await town.file(MATTER, department="zhujian")
    async with visit(WIDE, expected={409}) as first:
        await sign_in(first, town, "zhujian-handler")
        await open_case(first, number)
        second = await first.context.new_page()
        await open_case(second, number)
        await first.get_by_role("button", name="签收").click()
        await expect(first.get_by_role("status")).to_have_text("已完成：签收")
        note = await unfold(second, "note")
        await note.get_by_label("备注").fill(LONG)
        await note.locator("button").click()
        alert = second.get_by_role("alert")
        await expect(alert).to_contain_text("这件事已经有了变化，请看过再办")
        await expect(alert).to_contain_text("承办人 签收，现在是“办理中”")
        await expect(form(second, "note").get_by_label("备注")).to_have_value(LONG)
        await form(second, "note").locator("button").click()
        await expect(second.get_by_role("status")).to_have_text("已完成：内部备注")


async def test_words_for_an_action_that_is_gone_are_still_there_to_copy(visit: Visit, town: Town) -> None:
    number = await town.file(MATTER, department="zhujian")
    async with visit(WIDE, expected={409}) as first:
        await sign_in(first, town, "zhujian-handler")
        await open_case(first, number)
        await first.get_by_role("button", name="签收").click()
        second = await first.context.new_page()
        await open_case(second, number)
        await answer(first, "先到的答复。", "已解决")
        await answer(second, LONG, "已解决")
        await expect(second.get_by_role("alert")).to_contain_text("您填写的内容")
        await expect(second.get_by_role("alert")).to_contain_text(LONG)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
async def test_a_double_click_does_it_once(visit: Visit, town: Town, scripts: bool) -> None:
    number = await town.file(MATTER, department="zhujian")
    async with visit(WIDE, expected=set() if scripts else {409}, scripts=scripts) as page:
        await sign_in(page, town, "zhujian-handler")
        await open_case(page, number)
        await page.get_by_role("button", name="签收").dblclick()
        await expect(page.locator(".headline")).to_contain_text("办理中")
        if scripts:
            await expect(page.get_by_role("status")).to_have_text("已完成：签收")
            note = await unfold(page, "note")
            await note.get_by_label("备注").fill(LONG)
            await note.locator("button").dblclick()
            await expect(page.get_by_role("status")).to_have_text("已完成：内部备注")
    actions = [event["action"] for event in (await town.case(number))["events"]]
    assert actions.count("sign") == 1
    assert actions.count("note") == int(scripts)


async def test_what_was_typed_outlives_the_session(visit: Visit, town: Town) -> None:
    number = await town.file(MATTER, department="zhujian")
    async with visit(NARROW, expected={401, 422}) as page:
        await sign_in(page, town, "zhujian-handler")
        await open_case(page, number)
        await page.get_by_role("button", name="签收").click()
        asked = await unfold(page, "answer")
        await asked.get_by_label("答复").fill(LONG)
        await asked.get_by_label("办理结果").select_option(label="部分解决")
        await asked.get_by_label("附件").set_input_files(PDF)
        await _end_session(page)
        await asked.locator("button").first.click()
        await expect(page.get_by_role("alert")).to_contain_text("您填写的内容还在")
        await _type_password(page, "not this one")
        await expect(page.get_by_role("alert")).to_have_text("登录名或密码不对")
        await _type_password(page, town.passwords["zhujian-handler"])
        await expect(page.get_by_label("内容")).to_have_value(LONG)
        await expect(page.locator("main")).to_contain_text("办理结果：部分解决")
        assert (await town.case(number))["state"] == "handling"
        await page.get_by_label("内容").fill(f"{LONG}月底前完成。")
        await page.get_by_role("button", name="提交").click()
        await expect(page.get_by_role("status")).to_have_text("已完成：提交答复")
        await expect(page.locator("main")).to_contain_text(f"{LONG}月底前完成。")


async def test_a_bare_action_after_the_session_leads_back_to_its_case(visit: Visit, town: Town) -> None:
    number = await town.file(MATTER, department="zhujian")
    async with visit(WIDE) as page:
        await sign_in(page, town, "zhujian-handler")
        await open_case(page, number)
        await _end_session(page)
        await page.get_by_role("button", name="签收").click()
        await _type_password(page, town.passwords["zhujian-handler"])
        await expect(page.get_by_role("heading", level=1)).to_have_text(number)
        await expect(page.locator(".headline")).to_contain_text("已派单待签收")


async def test_the_whole_path_of_the_console_without_scripts(visit: Visit, town: Town) -> None:
    number = await town.file(UNSURE)
    async with visit(NARROW, scripts=False, expected={422}) as page:
        await sign_in(page, town, "dispatcher")
        await page.get_by_label("单号，或内容里的词").fill(number)
        await page.get_by_role("button", name="查找").click()
        await page.get_by_role("link", name=number).click()
        dispatch = await unfold(page, "dispatch")
        await dispatch.get_by_label("承办单位").fill("没有这样的单位")
        await dispatch.locator("button").click()
        await expect(form(page, "dispatch").locator(".fault")).to_have_text("没有这个单位")
        await form(page, "dispatch").get_by_label("承办单位").fill("市住建局")
        await form(page, "dispatch").locator("button").click()
        await expect(page.get_by_role("status")).to_have_text("已完成：派单")
        await page.get_by_role("button", name="退出").click()
        await sign_in(page, town, "zhujian-handler")
        await open_case(page, number)
        await page.get_by_role("button", name="签收").click()
        await answer(page, LONG, "已列入计划")
        await expect(form(page, "answer").locator(".fault").first).to_contain_text("列入计划要写日期")
        await form(page, "answer").get_by_label("列入计划时的完成日期").fill("2099-06-30")
        await form(page, "answer").locator("button").first.click()
        await expect(page.locator(".headline")).to_contain_text("答复待审核")
        await page.get_by_role("button", name="退出").click()
        await sign_in(page, town, "zhujian-head")
        await open_case(page, number)
        back = await unfold(page, "send_back")
        await back.get_by_label("理由").fill("请写明分几步。")
        await back.locator("button").click()
        await expect(page.get_by_role("status")).to_have_text("已完成：退回修改")
        await expect(form(page, "answer").get_by_label("答复")).to_have_value(LONG)
        await form(page, "answer").get_by_label("列入计划时的完成日期").fill("")
        await answer(page, LONG, "已解释说明")
        await page.get_by_role("button", name="审核通过").click()
        await expect(page.locator(".headline")).to_contain_text("已答复待评价")


async def test_a_dispatcher_needs_no_mouse(visit: Visit, town: Town) -> None:
    number = await town.file(UNSURE)
    async with visit(WIDE) as page:
        await page.goto("/console")
        await _reach(page, page.get_by_label("登录名"))
        await page.keyboard.type("dispatcher")
        await _reach(page, page.get_by_label("密码"))
        await page.keyboard.type(town.passwords["dispatcher"])
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("button", name="退出")).to_be_visible()
        await _reach(page, page.get_by_label("单号，或内容里的词"))
        await page.keyboard.type(number)
        await page.keyboard.press("Enter")
        await _reach(page, page.get_by_role("link", name=number))
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", level=1)).to_have_text(number)
        await _reach(page, form(page, "dispatch").locator("xpath=ancestor::details/summary"))
        await page.keyboard.press("Enter")
        await _reach(page, form(page, "dispatch").get_by_label("承办单位"))
        await page.keyboard.type("市教育局")
        await _reach(page, form(page, "dispatch").locator("button"))
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_have_text("已完成：派单")


async def _reach(page: Page, wanted: Locator) -> None:
    """Press Tab until it has the focus, and see that the focus shows."""
    await wanted.wait_for()
    for _ in range(40):
        await page.keyboard.press("Tab")
        if await wanted.evaluate("element => element === document.activeElement"):
            assert await wanted.evaluate("element => getComputedStyle(element).outlineStyle") != "none"
            return
    raise AssertionError(f"no Tab leads to {wanted}")


async def _end_session(page: Page) -> None:
    """As twelve hours or a sign-out at another tab would."""
    other = await page.context.new_page()
    await other.goto("/console")
    await other.get_by_role("button", name="退出").click()
    await expect(other.get_by_role("button", name="登录")).to_be_visible()
    await other.close()


async def _type_password(page: Page, password: str) -> None:
    await page.get_by_label("登录名").fill("zhujian-handler")
    await page.get_by_label("密码").fill(password)
    await page.get_by_role("button", name="登录").click()
