"""登记为承诺: a commitment written down from a complaint, with nothing of who complained."""

import re
import secrets

from intake import archive
from storage.stores.events import EventRow
from storage.unit import Unit
from storage.vocab import Mode, Role
from tests.flows.api.service import Service
from tests.flows.console.reader import Browser, signed_in

UNIT = "jiaoyu"
TOLD = (
    "市教育局在会议纪要里答应给我们学校的补助两年没有兑现（新教〔2024〕12号）。我叫张三丰，电话13800001234。"
)
TRACES = ("张三丰", "13800001234")
TYPED = {"title": "【示例】补助兑现", "text": "两年内付清补助。", "category": "policy", "public": "true"}


async def _photo(service: Service, case_id: str) -> str:
    file_id = secrets.token_hex(16)
    stored = await service.process.files.put(b"%PDF-1.4\n%%EOF\n")
    row = {"id": file_id, "case_id": case_id, "kind": "document", "state": "stored"}
    row |= {"location": stored.location, "content_type": "application/pdf", "size": 15}
    at = service.process.clock.now()
    await service.process.database.run(lambda unit: unit.files.add(row | {"created_at": at}))
    return file_id


async def _started(page: Browser, number: str, **typed: str) -> str:
    """The new commitment's code."""
    await page.open(f"/console/cases/{number}")
    assert f"/console/commitments/new?case={number}" in page.html
    await page.open(f"/console/commitments/new?case={number}")
    await page.send("/console/commitments", **TYPED, **typed)
    assert page.status == 200, page.text
    return page.at.partition("?")[0].rpartition("/")[2]


async def test_a_draft_linked_to_its_case(service: Service) -> None:
    case = (await service.file(TOLD, name="张三丰", phone="13800001234")).case
    assert case.department == UNIT
    photo = await _photo(service, case.id)
    async with signed_in(service, Role.DISPATCHER) as page:
        await page.open(f"/console/commitments/new?case={case.tracking_no}")
        filled = page.form("/console/commitments")
        assert (filled["department"], filled["source_document"], filled["source_number"]) == (
            "新乡市教育局",
            "会议纪要",
            "新教〔2024〕12号",
        )
        assert "答应给我们学校的补助" in page.html
        assert [trace for trace in TRACES if trace in page.html] == []
        assert f"evidence-{photo}" in page.html
        code = await _started(page, case.tracking_no, historical="false")
        assert "拟定" in page.text
        assert photo in page.html
        await page.open(f"/console/cases/{case.tracking_no}")
        assert code in page.html
        assert "登记为承诺" not in page.text.partition("办理经过")[0]
    told = await (await service.ask("GET", f"/cases/{case.tracking_no}", Role.HEAD, UNIT)).json()
    assert (told["commitment"]["code"], told["about_commitment"]) == (code, 1.0)
    assert told["events"][-1]["reason"] == "由这件登记为承诺"
    for who, sees in (
        ((Role.HANDLER, UNIT), True),
        ((Role.HANDLER, "zhujian"), False),
        ((Role.ADMIN, None), False),
    ):
        answer = await service.ask("GET", f"/commitments/{code}", *who)
        words, one = await answer.text(), await answer.json()
        assert [file["id"] for file in one["evidence"]] == ([photo] if sees else [])
        assert (case.tracking_no in words) is sees
        assert [trace for trace in TRACES if trace in words] == []
        assert (await service.ask("GET", f"/files/{photo}", *who)).status == (200 if sees else 404)
    assert (await _events(service, code))[0].to_state == "draft"


async def test_a_promise_of_before_is_in_force_at_once(service: Service) -> None:
    case = (await service.file(TOLD)).case
    async with signed_in(service, Role.DISPATCHER) as page:
        await page.open(f"/console/commitments/new?case={case.tracking_no}")
        await page.send("/console/commitments", **TYPED, historical="true", source_document="")
        assert page.status == 422
        assert "历史承诺要填写" in page.text
        more = {"source_document": "【示例】合作协议", "made_on": "2024-01-05", "due_on": "2099-12-31"}
        code = await _started(page, case.tracking_no, historical="true", **more)
        for words in ("历史承诺", "履行中", "没有记录", "2099年12月31日"):
            assert words in page.text
    public = await (await service.ask("GET", f"/commitments/{code}")).json()
    assert (public["historical"], public["state"], public["complaints"]["few"]) == (True, "active", True)
    assert case.tracking_no not in str(public)
    told = await (await service.ask("GET", f"/commitments/{code}", Role.AUDITOR)).json()
    assert [(clock["kind"], clock["state"]) for clock in told["clocks"]] == [("fulfil", "running")]
    async with service.process.database.read() as unit:
        assert await archive.verify(unit, service.process.vault.archive_key) == []


async def test_of_a_case_that_goes_around_there_are_no_words_to_start_from(service: Service) -> None:
    case = (await service.file(TOLD, mode=Mode.CONFIDENTIAL)).case
    assert case.department != UNIT
    async with signed_in(service, Role.DISPATCHER) as page:
        await page.open(f"/console/commitments/new?case={case.tracking_no}")
        assert "补助" not in page.html
        assert "避开了被反映的单位" in page.text
        code = await _started(page, case.tracking_no, historical="false", department="教育局")
    answer = await service.ask("GET", f"/commitments/{code}", Role.HEAD, UNIT)
    told = await answer.json()
    assert (told["complaints"]["total"], told["evidence"]) == (0, [])
    assert not re.search(r"TS\d{14}", await answer.text())
    told = await (await service.ask("GET", f"/commitments/{code}", Role.DISPATCHER)).json()
    assert told["complaints"]["total"] == 1


async def test_who_may_not_and_what_is_refused(service: Service) -> None:
    case, other = (await service.file(TOLD)).case, (await service.file(TOLD)).case
    foreign = await _photo(service, other.id)
    async with signed_in(service, Role.HEAD, UNIT) as page:
        await page.open(f"/console/cases/{case.tracking_no}")
        assert "登记为承诺" not in page.text
        await page.open(f"/console/commitments/new?case={case.tracking_no}")
        assert page.status == 404
        await page.open("/console/commitments/new")
        typed = page.form("/console/commitments") | TYPED | {"case": case.tracking_no}
        await page.post("/console/commitments", typed)
        assert page.status == 404
    async with signed_in(service, Role.DISPATCHER) as page:
        await page.open(f"/console/commitments/new?case={case.tracking_no}")
        form = page.form("/console/commitments") | TYPED | {"historical": "false"}
        await page.post("/console/commitments", form | {f"evidence-{foreign}": "true"})
        assert page.status == 422
        assert "有的附件不是这一件的" in page.text
        await page.post("/console/commitments", form)
        assert page.status == 200
        await page.post("/console/commitments", form | {"text": "我写了很久的原文。"})
        assert page.status == 422
        assert "已经关联了承诺" in page.text
        assert "我写了很久的原文。" in page.html
    assert len((await (await service.ask("GET", "/commitments", Role.DISPATCHER)).json())["items"]) == 1


async def test_over_the_api(service: Service) -> None:
    case, other = (await service.file(TOLD)).case, (await service.file(TOLD)).case
    photo, foreign = await _photo(service, case.id), await _photo(service, other.id)
    path = f"/cases/{case.tracking_no}/commitments"
    body = TYPED | {"public": True, "department": UNIT, "historical": True, "evidence": [photo]}
    refused = await service.ask("POST", path, Role.DISPATCHER, json=body | {"evidence": [foreign]})
    assert refused.status == 422
    assert (await refused.json())["fields"].keys() == {"source_document", "made_on", "evidence"}
    assert (await service.ask("POST", path, Role.HEAD, UNIT, json=body)).status == 403
    body |= {"source_document": "【示例】合作协议", "made_on": "2024-01-05"}
    made = await service.ask("POST", path, Role.DISPATCHER, json=body)
    told = await made.json()
    assert (made.status, told["state"], told["historical"]) == (201, "active", True)
    assert [file["id"] for file in told["evidence"]] == [photo]
    linked = await (await service.ask("GET", f"/cases/{case.tracking_no}", Role.AUDITOR)).json()
    assert (linked["commitment"]["code"], linked["about_commitment"]) == (told["code"], 1.0)
    again = await service.ask("POST", path, Role.DISPATCHER, json=body)
    assert (again.status, (await again.json())["code"]) == (422, "invalid")


async def _events(service: Service, code: str) -> list[EventRow]:
    async def work(unit: Unit) -> list[EventRow]:
        return await unit.events.of("commitment", code)

    return await service.process.database.run(work)
