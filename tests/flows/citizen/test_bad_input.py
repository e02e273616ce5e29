"""What a citizen fills in wrongly on a page: it says why, keeps what was typed, and changes nothing."""

from io import BytesIO

import pytest
from aiohttp import FormData
from sqlalchemy import func, select

from bot.simulator.samples import photo
from intake.cases import seeing
from storage.stores.cases import CaseRow
from storage.tables.files import files
from tests.flows.api.service import Service
from tests.flows.console.reader import Browser, browser
from tests.flows.intake.people import DISPATCHER
from tests.proofs.standing import digest

from .conftest import enter, filed_by_chat
from .test_own_cases import LAMP, answered, do
from .test_telling import TOLD, cases, opened

LONG = "长" * 10_000


async def found(service: Service, number: str) -> CaseRow:
    async with service.process.database.read() as unit:
        return await seeing.find(service.process.desk(unit), DISPATCHER, number)


async def standing(service: Service, number: str) -> tuple[str, int]:
    case = await found(service, number)
    async with service.process.database.read() as unit:
        kept = await unit.connection.execute(select(func.count()).select_from(files))
        return await digest(service.process.desk(unit), [case.id]), kept.scalar_one()


async def refuses(page: Browser, number: str, action: str, typed: dict[str, str], said: str) -> None:
    """Send a form of the case's page with what is typed; the page says so and still shows the case."""
    await page.open(f"/m/cases/{number}")
    await page.post(f"/m/cases/{number}/{action}", page.form(f"/{action}") | typed)
    assert (page.status, said in page.text) == (422, True), (action, typed, page.text)
    assert number in page.text


async def test_what_is_wrong_with_an_open_case_is_said(service: Service) -> None:
    number = await filed_by_chat(service, LAMP)
    async with browser(service) as page:
        await enter(service, page, f"/m/cases/{number}")
        before = await standing(service, number)
        await refuses(page, number, "supplement", {"text": " \u3000"}, "补充内容是空的")
        await refuses(page, number, "supplement", {"text": LONG}, "最多 5000 个字")
        await refuses(page, number, "withdraw", {"sure": ""}, "请先勾选")
        await refuses(page, number, "withdraw", {"sure": "1", "reason": LONG}, "最多 5000 个字")
        assert await standing(service, number) == before
        await page.open(f"/m/cases/{number}")
        form = page.form("/urge")
        await page.post(f"/m/cases/{number}/urge", form)
        assert page.status == 200
        await page.post(f"/m/cases/{number}/urge", form)
        assert (page.status, "刚刚有了新进展" in page.text) == (409, True)
        await refuses(page, number, "urge", {}, "一个工作日只能催一次")


async def test_what_is_wrong_with_an_answer_is_said(service: Service) -> None:
    number = await filed_by_chat(service, LAMP)
    await answered(service, number)
    async with browser(service) as page:
        await enter(service, page, f"/m/cases/{number}")
        before = await standing(service, number)
        for stars in ("", "0", "6", "五", "1.5"):
            await refuses(page, number, "rate", {"stars": stars}, "请选 1 到 5")
        await refuses(page, number, "rate", {"stars": "1", "words": LONG}, "最多 5000 个字")
        await refuses(page, number, "reopen", {"reason": " "}, "请写明原因")
        await refuses(page, number, "reopen", {"reason": LONG}, "最多 5000 个字")
        assert await standing(service, number) == before
        form = page.form("/rate")
        await page.post(f"/m/cases/{number}/rate", form | {"stars": "1"})
        assert page.status == 200
        rated = await standing(service, number)
        version = {"version": str((await found(service, number)).version)}
        await page.post(f"/m/cases/{number}/rate", form | version | {"stars": "5"})
        assert (page.status, "已经评价过了" in page.text) == (422, True)
        assert await standing(service, number) == rated


async def test_an_appeal_wants_a_reason(service: Service) -> None:
    number = await filed_by_chat(service, "投诉政府去年承诺的事到现在没有兑现，说话不算数")
    assert (await found(service, number)).state == "received"
    await do(service, DISPATCHER, number, "decline", code="litigation", reason="已经起诉")
    async with browser(service) as page:
        await enter(service, page, f"/m/cases/{number}")
        before = await standing(service, number)
        await refuses(page, number, "appeal", {"reason": " "}, "请写明原因")
        await refuses(page, number, "appeal", {"reason": LONG}, "最多 5000 个字")
        assert await standing(service, number) == before


NOT_TAKEN = {
    "exe": (b"MZ\x90\x00" + b"\0" * 99, 422, "不是能接收的类型"),
    "svg": (
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        422,
        "不是能接收的类型",
    ),
    "html": (b"<!doctype html><script>alert(1)</script>", 422, "不是能接收的类型"),
    "31 MB": (b"%PDF-1.4" + b"\0" * (31 * 1024 * 1024), 413, "附件合在一起太大"),
}


@pytest.mark.parametrize("what", NOT_TAKEN)
async def test_a_file_that_is_not_taken_keeps_none(service: Service, what: str) -> None:
    data, status, said = NOT_TAKEN[what]
    number = await filed_by_chat(service, LAMP)
    async with browser(service) as page:
        await enter(service, page, f"/m/cases/{number}")
        before = await standing(service, number)
        form = with_files(page.form("/supplement") | {"text": "见附件"}, photo(), data)
        await page.post(f"/m/cases/{number}/supplement", form)
        assert (page.status, said in page.text) == (status, True)
        assert await standing(service, number) == before


async def test_a_hundred_files_are_too_many(service: Service) -> None:
    number = await filed_by_chat(service, LAMP)
    many = [b"%PDF-1.4\n%%EOF\n"] * 100
    async with browser(service) as page:
        await enter(service, page, f"/m/cases/{number}")
        before = await standing(service, number)
        form = with_files(page.form("/supplement") | {"text": "见附件"}, *many)
        await page.post(f"/m/cases/{number}/supplement", form)
        assert (page.status, "一次最多 20 个附件" in page.text) == (422, True)
        assert await standing(service, number) == before
        await page.open("/m/tell")
        await page.post("/m/tell", with_files(page.form("/m/tell") | TOLD | {"step": "file"}, *many))
        assert (page.status, "一次最多 20 个附件" in page.text) == (422, True)
        assert TOLD["text"] in page.text
        assert await cases(service) == []
        assert await standing(service, number) == before


async def test_a_form_that_tells_is_registered_once(service: Service) -> None:
    async with browser(service) as page:
        await opened(service, page)
        form = page.form("/m/tell") | TOLD | {"step": "file"}
        for _ in range(2):
            await page.post("/m/tell", form)
            assert "已登记" in page.text
        assert len(await cases(service)) == 1


def with_files(form: dict[str, str], *given: bytes) -> FormData:
    data = FormData(list(form.items()))
    for n, content in enumerate(given):
        data.add_field("attachments", BytesIO(content), filename=f"{n}.jpg", content_type="image/jpeg")
    return data
