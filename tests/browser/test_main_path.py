"""The main job by hand: said in the chat, worked in the console, answered live in the chat, rated, closed."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.people import Phone, answer, open_case, sign_in, unfold, until
from tests.browser.town import Town
from tests.browser.watch import NARROW, WIDE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

NAMED = "市住建局承诺示例小区今年六月交房，到现在还没有动静。"
REPLY = "示例小区已经复工，八月底前交房。"
PLAY = """audio => new Promise((loaded, failed) => {
  audio.onloadedmetadata = () => loaded(audio.duration);
  audio.onerror = () => failed(audio.error.message);
  audio.preload = "metadata";
  audio.load();
})"""


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_a_complaint_is_filed_answered_and_rated_by_clicking(
    visit: Visit, town: Town, size: tuple[int, int]
) -> None:
    async with visit(size) as chat, visit(size) as desk:
        phone = await Phone.new(chat)
        await phone.say(NAMED)
        await phone.reads("类型：投诉举报", "单位：新乡市住房和城乡建设局", "谁会看到")
        await phone.press("确认")
        number = await phone.number()
        await phone.reads("签收", "前答复您")

        await sign_in(desk, town, "dispatcher")
        await desk.get_by_label("单号，或内容里的词").fill(number)
        await desk.get_by_role("button", name="查找").click()
        await desk.get_by_role("link", name=number).click()
        await expect(desk.locator(".headline")).to_contain_text("已派单待签收")

        async with visit(size) as handler:
            await sign_in(handler, town, "zhujian-handler")
            await open_case(handler, number)
            await handler.get_by_role("button", name="签收").click()
            await expect(handler.get_by_role("status")).to_have_text("已完成：签收")
            await answer(handler, REPLY, "部分解决")
            await expect(handler.locator(".headline")).to_contain_text("答复待审核")

        async with visit(size) as head:
            await sign_in(head, town, "zhujian-head")
            await open_case(head, number)
            await expect(head.locator("main")).to_contain_text(REPLY)
            await head.get_by_role("button", name="审核通过").click()
            await expect(head.locator(".headline")).to_contain_text("已答复待评价")

        await phone.reads(REPLY, "请打个分")
        await phone.press("5 非常满意")
        await phone.reads(f"谢谢您打5分，{number}办结了。")
        await desk.reload()
        await expect(desk.locator(".headline")).to_contain_text("已办结")
        await expect(desk.locator("main")).to_contain_text("评价 5 分")


async def test_a_voice_message_alone_becomes_a_case_that_is_heard_and_dispatched(
    visit: Visit, town: Town
) -> None:
    async with visit(WIDE) as chat, visit(NARROW) as desk:
        phone = await Phone.new(chat)
        await phone.send("voice")
        await phone.reads("收到语音")
        await phone.press("确认")
        number = await phone.number()
        await phone.reads("待听写")

        await sign_in(desk, town, "dispatcher")
        await open_case(desk, number)
        await expect(desk.get_by_text("只有录音，还没有听写")).to_be_visible()
        await expect(desk.get_by_text("点一下就派单")).to_have_count(0)
        await until(desk, desk.locator("audio"))
        assert await desk.locator("audio").evaluate(PLAY) > 1
        written = await unfold(desk, "transcribe")
        await written.get_by_label("录音里说的话").fill(NAMED)
        await written.locator("button").first.click()
        await phone.reads("您的语音已听写", NAMED)

        await desk.get_by_role("button", name="派单给新乡市住房和城乡建设局").click()
        await expect(desk.locator(".headline")).to_contain_text("已派单待签收")
        await phone.reads("已受理并交给新乡市住房和城乡建设局办理")


async def test_photos_and_places_go_along_and_are_seen_at_the_desk(visit: Visit, town: Town) -> None:
    async with visit(NARROW) as chat, visit(WIDE) as desk:
        phone = await Phone.new(chat)
        await phone.send("photo")
        await phone.reads("收到照片")
        await phone.say(NAMED)
        await phone.reads("材料：照片1份")
        await phone.send("location")
        await phone.press("确认")
        number = await phone.number()
        await sign_in(desk, town, "dispatcher")
        await open_case(desk, number)
        picture = desk.get_by_role("img", name="图片 1")
        await until(desk, picture)
        await expect(picture).to_have_js_property("complete", value=True)
        assert await picture.evaluate("picture => picture.naturalWidth") > 0
        await expect(desk.locator("main")).to_contain_text("示例路与示例街交叉口")


async def test_an_empty_phone_greets_and_the_menu_answers(visit: Visit) -> None:
    async with visit(NARROW) as chat:
        phone = await Phone.new(chat)
        await phone.chat.get_by_role("button", name="关注公众号").click()
        await phone.reads("关注了公众号", "专门听您说政府答应的事办没办好")
        await phone.root.get_by_role("button", name="查进度").click()
        await phone.root.get_by_role("button", name="我的进度").click()
        await phone.reads("点了菜单 我的进度", "您还没有登记过事情")
        async with chat.expect_popup() as opened:
            await phone.root.get_by_role("button", name="承诺帮助").click()
            await phone.root.get_by_role("button", name="承诺公开").click()
        await expect((await opened.value).get_by_role("heading", name="政府承诺")).to_be_visible()


async def test_a_dispatcher_types_a_unit_where_nothing_was_sure(visit: Visit, town: Town) -> None:
    number = await town.file("政府答应给示例村修的路到现在没修。")
    async with visit(NARROW) as desk:
        await sign_in(desk, town, "dispatcher")
        await open_case(desk, number)
        typed = await unfold(desk, "dispatch")
        await typed.get_by_label("承办单位").fill("市教育局")
        await typed.locator("button").click()
        await expect(desk.locator(".headline")).to_contain_text("已派单待签收")
        await expect(desk.locator(".facts").first).to_contain_text("新乡市教育局")
