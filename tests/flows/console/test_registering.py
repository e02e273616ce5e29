"""A dispatcher writes down calls and letters: filed once, the query code shown once."""

import re

from aiohttp import FormData

from storage.vocab import Role
from tests.flows.api.service import Service
from tests.flows.console.reader import Browser, signed_in

PATH = "/console/register"
CALL = {
    "channel": "hotline",
    "type": "complaint",
    "text": "市住建局承诺今年六月交付安置房，没有兑现。",
    "mode": "named",
    "kind": "citizen",
    "name": "示例来电人",
    "phone": "0373 0000000",
}


def form(desk: Browser, typed: dict[str, str]) -> FormData:
    """The page's form as a browser sends it."""
    values = {name: value for name, value in desk.form(PATH).items() if name not in ("urgent", "")}
    return FormData(list((values | typed).items()), default_to_multipart=True)


async def test_a_call_is_filed_and_its_code_is_shown_once(service: Service) -> None:
    async with signed_in(service, Role.DISPATCHER) as desk:
        await desk.open(PATH)
        scan = form(desk, CALL | {"source_number": "示例-0001", "department": "住建局", "urgent": "true"})
        scan.add_field("attachments", b"%PDF-1.4\n%%EOF\n", filename="a.pdf", content_type="application/pdf")
        await desk.post(PATH, scan)
        assert (desk.status, "已登记" in desk.text) == (200, True)
        [number] = set(re.findall(r"TS\d{14}", desk.html))
        code = re.search(r'查询码</dt><dd><b class="mono">(\d{6})</b>', desk.html)
        assert code is not None
        await desk.open(PATH)
        await desk.post(PATH, form(desk, CALL | {"source_number": "示例-0001"}))
        assert desk.at == f"/console/cases/{number}?standing=1"
        assert "这个来件编号登记过" in desk.text
        assert code[1] not in desk.text
    told = await (await service.ask("GET", f"/cases/{number}", Role.AUDITOR)).json()
    assert (told["channel"], told["urgent"], told["department"]["code"]) == ("hotline", True, "zhujian")
    assert [one["content_type"] for one in told["attachments"]] == ["application/pdf"]
    assert told["events"][0]["actor"] == "dispatcher-city"
    known = await service.ask("POST", f"/cases/{number}/identity", Role.CUSTODIAN, json={"reason": "示例"})
    assert await known.json() == {"name": CALL["name"], "phone": CALL["phone"]}


async def test_a_form_without_a_number_files_once_however_often_it_is_sent(service: Service) -> None:
    async with signed_in(service, Role.DISPATCHER) as desk:
        await desk.open(PATH)
        letter = CALL | {"channel": "letter"} | {"token": desk.form(PATH)["token"]}
        for _ in range(2):
            await desk.open(PATH)
            await desk.post(PATH, form(desk, letter))
        assert "standing=1" in desk.at
    listed = await (await service.ask("GET", "/cases", Role.AUDITOR)).json()
    assert len(listed["items"]) == 1


async def test_what_is_wrong_is_said_and_what_was_typed_stays(service: Service) -> None:
    async with signed_in(service, Role.DISPATCHER) as desk:
        for wrong, words in (
            ({"mode": "anonymous"}, "匿名不留姓名和电话"),
            ({"department": "没有的局"}, "没有这个单位"),
            ({"phone": "打我电话"}, "格式不对"),
            ({"channel": "wechat"}, "微信来件由公众号登记"),
            ({"text": ""}, "要填写"),
        ):
            await desk.open(PATH)
            await desk.post(PATH, form(desk, CALL | wrong))
            assert (desk.status, words in desk.text) == (422, True), wrong
            assert 'value="示例来电人"' in desk.html
        await desk.post(PATH, form(desk, CALL | {"csrf": "forged"}))
        assert desk.status == 403
    listed = await (await service.ask("GET", "/cases", Role.AUDITOR)).json()
    assert listed["items"] == []


async def test_only_dispatchers_register(service: Service) -> None:
    async with signed_in(service, Role.SUPERVISOR) as other:
        await other.open(PATH)
        assert other.status == 404
        await other.post(PATH, CALL)
        assert other.status == 404
