"""A citizen's own cases on a page: the story, what may be done, and nobody else's."""

import aiohttp
import pytest
from yarl import URL

from bot.simulator.samples import photo
from intake.actor import Actor
from intake.cases import actions, seeing
from storage.unit import Unit
from storage.vocab import Role
from tests.flows.api.service import Service
from tests.flows.console.reader import browser
from tests.flows.intake.people import DISPATCHER

from .conftest import asked_of_wechat, enter, filed_by_chat

LAMP = "红旗区平原路的路灯坏了一个月，城管局说10月底前修好"
OTHER = "oSimulatorCitizen00000000002"


async def do(service: Service, actor: Actor, number: str, action: str, **body: object) -> None:
    """A member of staff acts on the case as it stands."""

    async def work(unit: Unit) -> None:
        desk = service.process.desk(unit)
        case = await seeing.find(desk, DISPATCHER, number)
        who = Actor(actor.role, actor.name, actor.department or case.department)
        await actions.perform(desk, who, number, action, {"version": case.version, **body})

    await service.process.database.run(work)


async def answered(service: Service, number: str) -> None:
    handler, head = Actor(Role.HANDLER, "h"), Actor(Role.HEAD, "l")
    async with service.process.database.read() as unit:
        state = (await seeing.find(service.process.desk(unit), DISPATCHER, number)).state
    if state == "received":
        await do(service, DISPATCHER, number, "dispatch", department="chengguan")
    await do(service, handler, number, "sign")
    await do(service, handler, number, "answer", text="草稿之后的正式答复：路灯已修好。", outcome="resolved")
    await do(service, head, number, "approve")


async def test_the_page_asks_wechat_who_reads_and_comes_back_to_the_case(service: Service) -> None:
    number = await filed_by_chat(service, LAMP)
    async with browser(service) as page:
        await enter(service, page, f"/m/cases/{number}")
        assert page.at == f"/m/cases/{number}"
        for words in (LAMP, "下一步", "您登记了这件事", "为什么是这一天", "工作日"):
            assert words in page.text
        await page.open("/m")
        assert page.at == "/m/cases"
        assert number in page.text


async def test_the_story_hides_what_the_office_does_among_itself(service: Service) -> None:
    number = await filed_by_chat(service, LAMP)
    await do(service, DISPATCHER, number, "note", text="只给同事看的备注")
    async with browser(service) as page:
        await enter(service, page, f"/m/cases/{number}")
        assert "只给同事看的备注" not in page.text
        await answered(service, number)
        await page.open(f"/m/cases/{number}")
        assert "正式答复：路灯已修好。" in page.text
        assert page.text.index("承办单位已签收") < page.text.rindex("答复您了")


async def test_rating_once_closes_and_a_second_click_says_so(service: Service) -> None:
    number = await filed_by_chat(service, LAMP)
    await answered(service, number)
    async with browser(service) as page:
        await enter(service, page, f"/m/cases/{number}")
        form = page.form("/rate")
        await page.send("/rate", stars="5", words="修得好")
        assert "谢谢您的评价" in page.text
        assert "已经办结" in page.text
        await page.post(f"/m/cases/{number}/rate", form | {"stars": "1"})
        assert page.status == 409
        assert "刚刚有了新进展" in page.text


async def test_not_satisfied_on_the_page_reopens_once(service: Service) -> None:
    number = await filed_by_chat(service, LAMP)
    await answered(service, number)
    async with browser(service) as page:
        await enter(service, page, f"/m/cases/{number}")
        await page.send("/rate", stars="2")
        assert "一个工作日内联系您" in page.text
        await page.send("/reopen", reason="")
        assert page.status == 422
        await page.send("/reopen", reason="还是不亮")
        assert "已要求重新办理" in page.text
        assert "还是不亮" in page.text
        assert "要求重新办理（一次）" not in page.text


async def test_words_and_photos_are_added_and_seen_again(service: Service) -> None:
    number = await filed_by_chat(service, LAMP)
    async with browser(service) as page:
        await enter(service, page, f"/m/cases/{number}")
        data = aiohttp.FormData(page.form("/supplement") | {"text": "<script>alert(1)</script>又坏了一盏"})
        data.add_field("attachments", photo(), filename="王示例的照片.jpg", content_type="image/jpeg")
        await page.post(f"/m/cases/{number}/supplement", data)
        assert "已补充" in page.text
        assert "<script>alert" not in page.html
        assert "又坏了一盏" in page.text
        picture = page.html.split('<img src="')[1].split('"')[0]
        await page.open(picture)
        assert page.headers["Content-Type"] == "image/jpeg"
        await page.open(f"/m/cases/{number}")
        broken = aiohttp.FormData(page.form("/supplement") | {"text": "这句话不能丢"})
        broken.add_field("attachments", b"MZ\x90\x00 not a picture", filename="x.jpg")
        await page.post(f"/m/cases/{number}/supplement", broken)
        assert page.status == 422
        assert "不是能接收的类型" in page.text
        assert "这句话不能丢" in page.text


async def test_urging_twice_a_day_is_refused_in_plain_words(service: Service) -> None:
    number = await filed_by_chat(service, LAMP)
    async with browser(service) as page:
        await enter(service, page, f"/m/cases/{number}")
        await page.send("/urge")
        assert "已替您催办" in page.text
        await page.send("/urge")
        assert page.status == 422
        assert "一个工作日只能催一次" in page.text


async def test_withdrawing_needs_to_be_meant(service: Service) -> None:
    number = await filed_by_chat(service, LAMP)
    async with browser(service) as page:
        await enter(service, page, f"/m/cases/{number}")
        form = page.form("/withdraw")
        form.pop("sure")
        await page.post(f"/m/cases/{number}/withdraw", form)
        assert page.status == 422
        assert "先勾选" in page.text
        await page.send("/withdraw", sure="yes")
        assert "您已撤回" in page.text


async def test_the_receipt_carries_the_hash_of_the_archive(service: Service) -> None:
    number = await filed_by_chat(service, LAMP)
    async with service.process.database.read() as unit:
        case = await seeing.find(service.process.desk(unit), DISPATCHER, number)
    async with browser(service) as page:
        await enter(service, page, f"/m/cases/{number}/receipt")
        assert case.last_hash in page.text


@pytest.mark.parametrize("path", ["", "/receipt"])
async def test_nobody_elses_case_is_there(service: Service, path: str) -> None:
    number = await filed_by_chat(service, LAMP)
    await filed_by_chat(service, "建议公园早点开门", openid=OTHER)
    async with browser(service) as page:
        await enter(service, page, f"/m/cases/{number}{path}", OTHER)
        assert page.status == 404
        assert LAMP not in page.text
        await page.open("/m/cases")
        assert number not in page.text


async def test_who_never_registered_anything_is_told_how(service: Service) -> None:
    async with browser(service) as page:
        await enter(service, page, "/m/cases")
        assert "还没有登记过" in page.text


async def test_a_form_that_comes_too_late_gives_the_words_back(service: Service) -> None:
    number = await filed_by_chat(service, LAMP)
    async with browser(service) as page:
        await enter(service, page, f"/m/cases/{number}")
        form = page.form("/supplement")
    async with browser(service) as later:
        await later.post(f"/m/cases/{number}/supplement", form | {"text": "打了很久的字"})
        assert later.status == 401
        assert "打了很久的字" in later.text
        assert f'href="/m/cases/{number}"' in later.html


async def test_a_form_drawn_for_another_is_refused(service: Service) -> None:
    number = await filed_by_chat(service, LAMP)
    async with browser(service) as page:
        await enter(service, page, f"/m/cases/{number}")
        await page.send("/urge", csrf="0" * 64)
        assert page.status == 403


@pytest.mark.parametrize("to", ["https://example.invalid/", "//example.invalid", "/console", "/m/\\\\x"])
async def test_the_way_back_from_wechat_stays_here(service: Service, to: str) -> None:
    async with browser(service) as page:
        back = URL(await asked_of_wechat(service, page, "/m/cases"))
        await page.open(str(back.update_query(to=to)))
        assert page.at == "/m/cases"


async def test_a_deadline_that_has_passed_is_called_so(service: Service) -> None:
    number = await filed_by_chat(service, LAMP)
    async with browser(service) as page:
        await enter(service, page, f"/m/cases/{number}")
        assert "已经超期" not in page.text
        service.process.clock.set_ahead(30 * 86400)
        await page.open(f"/m/cases/{number}")
        assert "前，已经超期，督办人员看得到" in page.text
