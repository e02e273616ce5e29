"""The turns that a case can take, by hand: given back, put off, merged, overdue."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urljoin

import pytest
from holidays import country_holidays
from playwright.async_api import Browser, Page, expect

from intake.clock import SHANGHAI
from tests.browser.conftest import Visit
from tests.browser.people import Phone, open_case, sign_in, unfold, until
from tests.browser.town import Town, build
from tests.browser.watch import NARROW, PATIENCE, WIDE, watched
from tests.support.service import Stand

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
NAMED = "市住建局承诺示例小区今年六月交房，到现在还没有动静。"
WEDNESDAY = 2
WHY = "按职责分工由教育部门负责。"


@SIZES
async def test_a_case_is_given_back_and_goes_to_the_right_unit(
    visit: Visit, town: Town, size: tuple[int, int]
) -> None:
    async with visit(size) as chat, visit(size) as desk:
        number = await _filed(chat)
        await _at_desk(desk, town, "zhujian-head", number)
        asked = await unfold(desk, "request_return")
        await asked.get_by_label("理由").fill(WHY)
        await asked.get_by_label("依据").fill("示例分工文件")
        await asked.get_by_label("建议改派的单位").fill("市教育局")
        await asked.locator("button").click()
        await expect(desk.get_by_role("status")).to_have_text("已完成：申请退单")
        await desk.get_by_role("button", name="退出").click()
        await _at_desk(desk, town, "dispatcher", number)
        await expect(desk.locator("main")).to_contain_text(WHY)
        ruling = await unfold(desk, "rule_return")
        await ruling.get_by_label("是否同意").select_option(label="同意")
        await ruling.get_by_label("理由").fill("同意改派。")
        await ruling.locator("button").click()
        await expect(desk.locator(".facts").first).to_contain_text("新乡市教育局")
        await Phone(chat.locator(".phone").last).reads("新乡市教育局")


@SIZES
async def test_an_answer_is_put_off_and_the_citizen_reads_the_new_date(
    visit: Visit, town: Town, size: tuple[int, int]
) -> None:
    async with visit(size) as chat, visit(size) as desk:
        number = await _filed(chat)
        await _at_desk(desk, town, "zhujian-head", number)
        await desk.get_by_role("button", name="签收").click()
        asked = await unfold(desk, "request_extension")
        await asked.get_by_label("理由").fill("要等检测结果。")
        await asked.get_by_label("延期几个工作日").fill("5")
        await asked.locator("button").click()
        await expect(desk.get_by_role("status")).to_have_text("已完成：申请延期")
        await desk.get_by_role("button", name="退出").click()
        await _at_desk(desk, town, "dispatcher", number)
        ruling = await unfold(desk, "rule_extension")
        await ruling.get_by_label("是否同意").select_option(label="同意")
        await ruling.get_by_label("理由").fill("检测要时间。")
        await ruling.locator("button").click()
        await expect(desk.get_by_role("status")).to_have_text("已完成：裁定延期")
        await Phone(chat.locator(".phone").last).reads("检测要时间。")


@SIZES
async def test_two_reports_of_one_matter_become_one(visit: Visit, town: Town, size: tuple[int, int]) -> None:
    lead = await town.file(NAMED, department="zhujian")
    async with visit(size) as chat, visit(size) as desk:
        number = await _filed(chat)
        await _at_desk(desk, town, "dispatcher", number)
        merging = await unfold(desk, "merge")
        await merging.get_by_label("并入哪一件").fill(lead)
        await merging.locator("button").click()
        await expect(desk.get_by_role("status")).to_have_text("已完成：并案")
        await expect(desk.get_by_role("link", name=lead).first).to_be_visible()
        await desk.get_by_role("button", name="解除并案").click()
        await expect(desk.get_by_role("status")).to_have_text("已完成：解除并案")


@pytest.fixture(scope="module")
def other_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town whose clock is this test's to move."""
    folder = tmp_path_factory.mktemp("later")
    stand = Stand(folder)
    try:
        yield build(stand, folder)
    finally:
        stand.close()


@SIZES
async def test_who_lets_a_case_lie_is_reminded(
    chromium: Browser, other_town: Town, size: tuple[int, int]
) -> None:
    number = await other_town.file(NAMED, department="zhujian")
    async with watched(chromium, other_town.url, size) as desk:
        await sign_in(desk, other_town, "zhujian-head")
        clock = urljoin(other_town.url, "/simulator/clock")
        now = datetime.fromisoformat((await (await desk.request.get(clock)).json())["now"])
        await desk.request.post(clock, data={"now": _later(now).isoformat()})
        await desk.goto("/console/reminders")
        await until(desk, desk.locator("main").get_by_text(number), patience=6 * PATIENCE)
        await desk.get_by_role("link", name=number).first.click()
        await expect(desk.get_by_role("heading", level=1)).to_have_text(number)
        await expect(desk.locator("main")).to_contain_text("超期")


def _later(now: datetime) -> datetime:
    """A month on, in the middle of a morning on which offices work: reminders wait for office hours."""
    later = now.astimezone(SHANGHAI).replace(hour=10, minute=0) + timedelta(days=30)
    while later.weekday() != WEDNESDAY or later.date() in country_holidays("CN"):
        later += timedelta(days=1)
    return later


async def _filed(chat: Page) -> str:
    phone = await Phone.new(chat)
    await phone.say(NAMED)
    await phone.press("确认")
    return await phone.number()


async def _at_desk(desk: Page, town: Town, login: str, number: str) -> None:
    await sign_in(desk, town, login)
    await open_case(desk, number)
