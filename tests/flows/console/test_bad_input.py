"""What is filled in wrongly in the console: the page comes back and says why, nothing is done, and no file is
kept of a form that is not taken."""

from io import BytesIO

import pytest
from aiohttp import FormData
from sqlalchemy import func, select

from bot.simulator.samples import photo
from storage.stores.cases import CaseRow
from storage.tables.files import files
from storage.vocab import Role
from tests.flows.api.service import Service
from tests.flows.console.reader import Browser, signed_in
from tests.proofs.standing import digest

PROMISE = "市住建局承诺今年六月交付安置房，到现在还没有动静，请督促兑现。"
LONG, BLANK = "长" * 10_000, " \u3000 "
ANSWER = {"text": "好了", "outcome": "resolved"}
HELP = {"department": "市教育局", "text": "请协助", "due_on": "2099-01-01"}
RETURN = {"reason": "不归我们", "basis": "三定", "proposed_department": "市教育局"}

WRONG = [
    ("answer", ANSWER | {"text": BLANK}, "要填写"),
    ("answer", ANSWER | {"text": LONG}, "太长"),
    ("answer", ANSWER | {"outcome": "planned"}, "列入计划要写日期"),
    ("answer", ANSWER | {"outcome": "planned", "planned_on": "2020-01-01"}, "计划日期已经过去"),
    ("answer", ANSWER | {"claim-2-outcome": "resolved", "claim-2-text": "好"}, "每项诉求都要答复"),
    ("request_extension", {"reason": "会商", "days": "0"}, "太小"),
    ("request_extension", {"reason": "会商", "days": "-1"}, "太小"),
    ("request_extension", {"reason": "会商", "days": "11"}, "最多延 10 个工作日"),
    ("request_extension", {"reason": BLANK, "days": "3"}, "要填写"),
    ("request_return", RETURN | {"proposed_department": "没有的局"}, "没有这个单位"),
    ("request_return", RETURN | {"reason": LONG}, "太长"),
    ("ask_unit", HELP | {"due_on": "2020-01-01"}, "这一天已经过去"),
    ("ask_unit", HELP | {"department": "市住建局"}, "这件事就在这个单位"),
    ("assign", {"handler": "nobody"}, "本单位没有这个承办人"),
    ("note", {"text": LONG}, "太长"),
    ("ask_citizen", {"text": BLANK}, "要填写"),
]


async def standing(service: Service, case: CaseRow) -> tuple[str, int]:
    async with service.process.database.read() as unit:
        kept = await unit.connection.execute(select(func.count()).select_from(files))
        return await digest(service.process.desk(unit), [case.id]), kept.scalar_one()


async def at_work(service: Service, handler: Browser) -> CaseRow:
    """A case that the handler has signed for, open before them."""
    filed = (await service.file(PROMISE, department="zhujian")).case
    await handler.open(f"/console/cases/{filed.tracking_no}")
    await handler.send("/actions/sign")
    return filed


def with_files(form: dict[str, str], *given: tuple[str, bytes]) -> FormData:
    data = FormData([*form.items(), *ANSWER.items()])
    for name, content in given:
        data.add_field("attachments", BytesIO(content), filename=name, content_type="image/jpeg")
    return data


async def test_what_is_wrong_is_said_and_changes_nothing(service: Service) -> None:
    async with signed_in(service, Role.HANDLER, "zhujian") as handler:
        case = await at_work(service, handler)
        before = await standing(service, case)
        for action, typed, said in WRONG:
            await handler.open(f"/console/cases/{case.tracking_no}")
            await handler.send(f"/actions/{action}", **typed)
            assert (handler.status, said in handler.text) == (422, True), (action, said)
            assert "办理中" in handler.text
            assert handler.form("/actions/answer"), "what may be done is offered again"
        assert await standing(service, case) == before


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        (b"MZ\x90\x00" + b"\0" * 99, 422, "不是能接收的类型"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", 422, "不是能接收的类型"),
        (b"<!doctype html><script>alert(1)</script>", 422, "不是能接收的类型"),
        (b"\xff\xd8\xff" + b"\0" * (11 * 1024 * 1024), 422, "文件太大"),
        (b"%PDF-1.4" + b"\0" * (31 * 1024 * 1024), 413, "附件合在一起太大"),
    ],
    ids=["exe", "svg", "html", "11 MB picture", "31 MB"],
)
async def test_one_file_that_is_not_taken_keeps_none_of_the_form(
    service: Service, data: bytes, status: int, said: str
) -> None:
    async with signed_in(service, Role.HANDLER, "zhujian") as handler:
        case = await at_work(service, handler)
        before = await standing(service, case)
        path = f"/console/cases/{case.tracking_no}/actions/answer"
        form = with_files(handler.form("/actions/answer"), ("good.jpg", photo()), ("bild.jpg", data))
        await handler.post(path, form)
        assert (handler.status, said in handler.text) == (status, True)
        assert await standing(service, case) == before


async def test_a_hundred_files_are_too_many(service: Service) -> None:
    async with signed_in(service, Role.HANDLER, "zhujian") as handler:
        case = await at_work(service, handler)
        before = await standing(service, case)
        many = [(f"{n}.pdf", b"%PDF-1.4\n%%EOF\n") for n in range(100)]
        path = f"/console/cases/{case.tracking_no}/actions/answer"
        await handler.post(path, with_files(handler.form("/actions/answer"), *many))
        assert (handler.status, "一次最多 20 个附件" in handler.text) == (422, True)
        assert await standing(service, case) == before
