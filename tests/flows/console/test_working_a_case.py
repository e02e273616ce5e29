"""A case through the console: found, worked, refused in plain words, and nothing done twice."""

import pytest
from aiohttp import FormData

from intake.messages import leave
from intake.reporters import add_person
from storage.unit import Unit
from storage.vocab import Mode, Role
from tests.flows.api.service import Service
from tests.flows.console.reader import signed_in

PROMISE = "市住建局承诺今年六月交付安置房，到现在还没有动静，请督促兑现。"
INJECTIONS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}{% raw %}",
    "</textarea><script>alert(1)</script>",
    "' autofocus onfocus='alert(1)",
    "javascript:alert(1)",
    "<a href=weixin://bizmsgmenu?msgmenucontent=x>点我</a>",
]


async def test_a_case_goes_from_dispatch_to_answer_through_the_pages(service: Service) -> None:
    case = (await service.file("语音反映，待听写", awaits_transcript=True)).case
    at = f"/console/cases/{case.tracking_no}"
    async with signed_in(service, Role.DISPATCHER) as desk:
        await desk.open("/console")
        assert "1 待受理派单" in desk.text
        await desk.open(at)
        assert "点一下就派单" not in desk.text
        await desk.send("/actions/transcribe", text=PROMISE)
        assert desk.text.count("点一下就派单") == 1
        await desk.send("/actions/dispatch")
        assert "已完成：派单" in desk.text
        assert "新乡市住房和城乡建设局" in desk.text
    async with signed_in(service, Role.HANDLER, "zhujian") as handler:
        await handler.open("/console")
        assert "1 待签收" in handler.text
        await handler.open(at)
        await handler.send("/actions/sign")
        assert "办理中" in handler.text
        await handler.send("/actions/answer", text="已经复工，八月交付。", outcome="partly")
        assert "答复待审核" in handler.text
    async with signed_in(service, Role.HEAD, "zhujian") as head:
        await head.open(at)
        await head.send("/actions/approve")
        assert "已答复待评价" in head.text
        assert "已经复工，八月交付。" in head.text


async def test_sending_a_form_twice_does_it_once_and_says_what_changed(service: Service) -> None:
    case = (await service.file(PROMISE, department="zhujian")).case
    async with signed_in(service, Role.HANDLER, "zhujian") as handler:
        await handler.open(f"/console/cases/{case.tracking_no}")
        form = handler.form("/actions/sign")
        path = f"/console/cases/{case.tracking_no}/actions/sign"
        await handler.post(path, form)
        assert handler.status == 200
        await handler.post(path, form)
        assert handler.status == 409
        assert "已经有了变化" in handler.text
        assert "承办人 签收，现在是“办理中”" in handler.text
    told = await (await service.ask("GET", f"/cases/{case.tracking_no}", Role.AUDITOR)).json()
    assert [event["action"] for event in told["events"]].count("sign") == 1


async def test_what_was_typed_stays_when_it_is_refused(service: Service) -> None:
    case = (await service.file(PROMISE, department="zhujian")).case
    async with signed_in(service, Role.HANDLER, "zhujian") as handler:
        await handler.open(f"/console/cases/{case.tracking_no}")
        await handler.send("/actions/sign")
        await handler.send("/actions/answer", text="已经核实，<b>排期</b>中。", outcome="planned")
        assert handler.status == 422
        assert "列入计划要写日期" in handler.text
        assert "已经核实，&lt;b&gt;排期&lt;/b&gt;中。</textarea>" in handler.html
        assert '<option value="planned" selected>' in handler.html


async def test_typed_words_survive_somebody_elses_change(service: Service) -> None:
    case = (await service.file(PROMISE, department="zhujian")).case
    async with (
        signed_in(service, Role.HANDLER, "zhujian") as handler,
        signed_in(service, Role.HEAD, "zhujian") as head,
    ):
        await handler.open(f"/console/cases/{case.tracking_no}")
        await handler.send("/actions/sign")
        await head.open(f"/console/cases/{case.tracking_no}")
        await head.send("/actions/answer", text="负责人先答复了。", outcome="resolved")
        await handler.send("/actions/answer", text="我写了很久的答复。", outcome="resolved")
        assert handler.status == 409
        assert "我写了很久的答复。" in handler.text
        assert "答复待审核" in handler.text


async def test_an_answer_takes_attachments_along(service: Service) -> None:
    case = (await service.file(PROMISE, department="zhujian")).case
    async with signed_in(service, Role.HANDLER, "zhujian") as handler:
        await handler.open(f"/console/cases/{case.tracking_no}")
        await handler.send("/actions/sign")
        form = FormData(list(handler.form("/actions/answer").items()))
        form.add_field("text", "见附件。")
        form.add_field("outcome", "resolved")
        form.add_field(
            "attachments", b"%PDF-1.4\n%%EOF\n", filename="答复.pdf", content_type="application/pdf"
        )
        await handler.post(f"/console/cases/{case.tracking_no}/actions/answer", form)
        assert handler.status == 200
    told = await (await service.ask("GET", f"/cases/{case.tracking_no}", Role.AUDITOR)).json()
    assert [file["content_type"] for file in told["attachments"]] == ["application/pdf"]


async def test_a_file_of_an_unknown_kind_is_refused_in_plain_words(service: Service) -> None:
    case = (await service.file(PROMISE, department="zhujian")).case
    async with signed_in(service, Role.HANDLER, "zhujian") as handler:
        await handler.open(f"/console/cases/{case.tracking_no}")
        await handler.send("/actions/sign")
        form = FormData(list(handler.form("/actions/answer").items()))
        form.add_field("text", "见附件。")
        form.add_field("outcome", "resolved")
        form.add_field("attachments", b"MZ\x90\x00", filename="a.jpg", content_type="image/jpeg")
        await handler.post(f"/console/cases/{case.tracking_no}/actions/answer", form)
        assert handler.status == 422
        assert "不是能接收的类型" in handler.text
        assert "见附件。" in handler.text


async def test_a_form_without_the_sessions_value_does_nothing(service: Service) -> None:
    case = (await service.file(PROMISE, department="zhujian")).case
    async with signed_in(service, Role.HANDLER, "zhujian") as handler:
        path = f"/console/cases/{case.tracking_no}/actions/sign"
        for csrf in ("", "0" * 64):
            await handler.post(path, {"version": str(case.version), "csrf": csrf})
            assert handler.status == 403
        await handler.open(f"/console/cases/{case.tracking_no}")
        assert "已派单待签收" in handler.text


@pytest.mark.parametrize("words", INJECTIONS)
async def test_what_people_write_is_shown_as_text(service: Service, words: str) -> None:
    case = (await service.file(f"{PROMISE}{words}", department="zhujian", promise=words)).case
    async with signed_in(service, Role.HANDLER, "zhujian") as handler:
        await handler.open(f"/console/cases/{case.tracking_no}")
        await handler.send("/actions/note", text=words)
        for path in (f"/console/cases/{case.tracking_no}", "/console/cases"):
            await handler.open(path, params={"q": words} if path.endswith("cases") else {})
            assert handler.status == 200
            assert "<script>" not in handler.html
            assert "<img src=x" not in handler.html
            assert "49{%" not in handler.html
            assert "<a href=weixin" not in handler.html
            assert "' autofocus onfocus='" not in handler.html


async def test_the_page_shows_nothing_of_who_reported(service: Service) -> None:
    case = (await service.file(PROMISE, department="zhujian", name="张三丰", phone="13800001234")).case
    async with signed_in(service, Role.HANDLER, "zhujian") as handler:
        for path in (f"/console/cases/{case.tracking_no}", "/console/cases", "/console"):
            await handler.open(path)
            assert "张三丰" not in handler.html
            assert "13800001234" not in handler.html
            assert case.reporter_id not in handler.html


async def test_the_custodian_opens_an_identity_with_a_reason(service: Service) -> None:
    case = (
        await service.file("市住建局拖着不办证。", mode=Mode.CONFIDENTIAL, name="张三丰", phone="13800001234")
    ).case
    async with signed_in(service, Role.CUSTODIAN) as custodian:
        await custodian.open(f"/console/cases/{case.tracking_no}")
        assert "张三丰" not in custodian.html
        await custodian.send("/identity", reason=" ")
        assert "请写明理由" in custodian.text
        await custodian.send("/identity", reason="核实线索")
        assert "张三丰" in custodian.text
        await custodian.open(f"/console/cases/{case.tracking_no}")
        assert "张三丰" not in custodian.html
        assert "查看身份" in custodian.text


async def test_units_that_must_not_have_the_case_are_not_suggested(service: Service) -> None:
    case = (await service.file("语音反映，待听写", awaits_transcript=True)).case
    async with signed_in(service, Role.DISPATCHER) as desk:
        await desk.open(f"/console/cases/{case.tracking_no}")
        await desk.send("/actions/transcribe", text="市教育局的王科长收了钱不办事。")
        assert "点一下就派单" in desk.text
        assert 'value="jiaoyu"' not in desk.html
        await desk.post(
            f"/console/cases/{case.tracking_no}/actions/dispatch",
            desk.form("/actions/dispatch") | {"department": "市教育局"},
        )
        assert desk.status == 422
        assert "不能派给被反映的单位" in desk.text


async def test_another_units_case_is_not_there(service: Service) -> None:
    case = (await service.file(PROMISE, department="zhujian")).case
    async with signed_in(service, Role.HANDLER, "jiaoyu") as other:
        await other.open(f"/console/cases/{case.tracking_no}")
        assert other.status == 404
        await other.open("/console/cases")
        assert case.tracking_no not in other.html


async def test_a_wrong_filter_is_refused_and_a_number_is_found_as_typed(service: Service) -> None:
    case = (await service.file(PROMISE, department="zhujian")).case
    async with signed_in(service, Role.AUDITOR) as reader:
        await reader.open("/console/cases?state=nothing")
        assert reader.status == 422
        typed = f" {case.tracking_no[:2].lower()} {case.tracking_no[2:10]}-{case.tracking_no[10:]}"
        await reader.open("/console/cases", params={"q": typed})
        assert case.tracking_no in reader.html


async def test_a_message_is_answered_once(service: Service) -> None:
    async def left(unit: Unit) -> None:
        desk = service.process.desk(unit)
        await leave(desk, await add_person(desk), "我想找个人说说房子的事。")

    await service.process.database.run(left)
    async with signed_in(service, Role.DISPATCHER) as desk:
        await desk.open("/console/messages")
        form = desk.form("/reply")
        await desk.send("/reply", text="请明天上午来窗口，我们等您。")
        assert "已回复" in desk.text
        await desk.post("/console/messages/1/reply", form | {"text": "再回一次"})
        assert desk.status == 422
        assert "已经回复过" in desk.text
        assert "再回一次" in desk.text
    async with signed_in(service, Role.HANDLER, "zhujian") as handler:
        await handler.open("/console/messages")
        assert handler.status == 404


async def test_each_claim_is_answered_in_the_form(service: Service) -> None:
    case = (await service.file(PROMISE, department="zhujian")).case
    path = f"/cases/{case.tracking_no}/actions"
    body = {"version": case.version, "claims": ["交房", "赔偿"]}
    assert (await service.ask("POST", f"{path}/set_claims", Role.DISPATCHER, json=body)).status == 200
    async with signed_in(service, Role.HANDLER, "zhujian") as page:
        await page.open(f"/console/cases/{case.tracking_no}")
        await page.send("/actions/sign")
        said = {"text": "分项答复如下。", "outcome": "partly", "claim-1-outcome": "resolved"}
        await page.send("/actions/answer", **said, **{"claim-1-text": "已交房"})
        assert page.status == 422
        assert "已交房" in page.text
        assert "还有诉求没有答复：2" in page.text
        rest = {"claim-1-text": "已交房", "claim-2-outcome": "explained", "claim-2-text": "合同没有约定"}
        await page.send("/actions/answer", **said, **rest)
        assert "已完成：提交答复" in page.text


async def test_numbered_matters_are_offered_as_claims_and_can_be_taken_back(service: Service) -> None:
    text = "我反映两件事：1、示例路路灯坏了一个月；2、小区东边垃圾没人清运"
    number = (await service.file(text, department="zhujian")).case.tracking_no
    path = "/actions/set_claims"
    async with signed_in(service, Role.DISPATCHER) as page:
        await page.open(f"/console/cases/{number}")
        assert "示例路路灯坏了一个月\n小区东边垃圾没人清运</textarea>" in page.html
        assert 'name="claims" maxlength="5000">' in page.html
        await page.send(path, claims="路灯\n垃圾")
        assert "路灯\n垃圾</textarea>" in page.html
        await page.send(path, claims="")
        assert page.status == 200
        assert "<h2>诉求</h2>" not in page.html
