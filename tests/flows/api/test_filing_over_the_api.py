"""``POST /cases``, ``/files``, ``/messages``, ``/understand``, the registry: what a caller gets back."""

import io
from typing import Any

import pytest
from aiohttp import FormData

from bot.simulator.samples import photo
from intake import registry
from intake.messages import leave
from intake.reporters import add_person
from storage.unit import Unit
from storage.vocab import Mode, Role
from tests.flows.api.service import Service

LETTER: dict[str, Any] = {
    "type": "complaint",
    "channel": "letter",
    "text": "市住建局承诺今年六月交付安置房，到现在还没有动静。",
    "reporter": {"mode": "named", "kind": "citizen", "name": "张三丰", "phone": "138 0000 1234"},
}


async def test_a_letter_becomes_a_case_with_a_query_code(service: Service) -> None:
    answer = await service.ask("POST", "/cases", Role.DISPATCHER, json=LETTER | {"department": "住建局"})
    assert answer.status == 201
    told = await answer.json()
    assert (told["type"], told["channel"], told["department"]["code"]) == ("complaint", "letter", "zhujian")
    assert (told["state"], told["version"]) == ("dispatched", 2)
    assert len(told["query_code"]) == 6
    assert [clock["kind"] for clock in told["clocks"]] == ["dispatch", "sign", "answer"]
    assert all(clock["due_at"].endswith("+08:00") for clock in told["clocks"])
    assert "张三丰" not in await answer.text()
    assert "0000 1234" not in await answer.text()
    assert told["allowed"] == ["note"] or "note" in told["allowed"]


async def test_the_same_source_number_is_the_same_case(service: Service) -> None:
    letter = LETTER | {"source_number": "收文2026-118"}
    first = await service.ask("POST", "/cases", Role.DISPATCHER, json=letter)
    again = await service.ask("POST", "/cases", Role.DISPATCHER, json=letter)
    other = await service.ask("POST", "/cases", Role.DISPATCHER, json=letter | {"channel": "email"})
    assert (first.status, again.status, other.status) == (201, 200, 201)
    told, repeated = await first.json(), await again.json()
    assert repeated["tracking_no"] == told["tracking_no"]
    assert repeated["query_code"] is None
    assert (await other.json())["tracking_no"] != told["tracking_no"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"channel": "wechat"}, "channel"),
        ({"type": "praise"}, "type"),
        ({"text": "  "}, "text"),
        ({"text": "长" * 5001}, "text"),
        ({"department": "没有的局"}, "department"),
        ({"reporter": {"mode": "anonymous", "name": "张三丰"}}, "reporter"),
        ({"reporter": {"mode": "named", "phone": "call me"}}, "reporter.phone"),
        ({"attachments": ["0" * 32]}, "attachments"),
        ({"surprise": 1}, "surprise"),
    ],
)
async def test_what_is_wrong_is_named_by_field(service: Service, change: dict[str, Any], field: str) -> None:
    answer = await service.ask("POST", "/cases", Role.DISPATCHER, json=LETTER | change)
    assert answer.status == 422
    told = await answer.json()
    assert (told["code"], field in told["fields"]) == ("invalid", True), told
    listed = await (await service.ask("GET", "/cases", Role.DISPATCHER)).json()
    assert listed["items"] == []


async def test_only_a_dispatcher_files(service: Service) -> None:
    for role in (Role.HANDLER, Role.SUPERVISOR, Role.AUDITOR, Role.ADMIN, Role.CUSTODIAN):
        answer = await service.ask("POST", "/cases", role, json={"nothing": "right"})
        assert (answer.status, (await answer.json())["code"]) == (403, "role")


async def test_a_confidential_text_is_masked(service: Service) -> None:
    text = "我叫张三丰，电话13800001234，市住建局答应的安置房没有兑现。"
    letter = LETTER | {"text": text, "reporter": {"mode": "confidential"}}
    told = await (await service.ask("POST", "/cases", Role.DISPATCHER, json=letter)).json()
    assert "13800001234" not in told["text"]
    assert "张三丰" not in told["text"]


async def test_characters_that_no_database_holds_do_no_harm(service: Service) -> None:
    letter = LETTER | {"text": "市住建局的\x00安置房\ud800没有兑现", "source_number": "\x00"}
    answer = await service.ask("POST", "/cases", Role.DISPATCHER, json=letter)
    assert answer.status == 201
    assert "\x00" not in (await answer.json())["text"]


async def test_pages_follow_each_other_without_gap(service: Service) -> None:
    wanted = [(await service.file(f"第{n}件，市住建局没有兑现。")).case.tracking_no for n in range(5)]
    seen: list[str] = []
    cursor = ""
    while True:
        answer = await service.ask("GET", f"/cases?limit=2&cursor={cursor}", Role.AUDITOR)
        told = await answer.json()
        seen += [one["tracking_no"] for one in told["items"]]
        cursor = told["next_cursor"]
        if not cursor:
            break
    assert seen == wanted[::-1]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=x", "state=gone", "cursor=xx", "color=red", "department=某局"]
)
async def test_a_query_of_no_form_is_invalid(service: Service, query: str) -> None:
    answer = await service.ask("GET", f"/cases?{query}", Role.AUDITOR)
    assert (answer.status, (await answer.json())["code"]) == (422, "invalid")


async def test_overdue_cases_are_found_when_their_time_has_passed(service: Service) -> None:
    case = (await service.file("市住建局没有兑现。", department="zhujian")).case
    assert (await (await service.ask("GET", "/cases?overdue=true", Role.AUDITOR)).json())["items"] == []
    service.process.clock.set_ahead(30 * 86400)
    late = await (await service.ask("GET", "/cases?overdue=true", Role.AUDITOR)).json()
    assert [(one["tracking_no"], one["overdue"]) for one in late["items"]] == [(case.tracking_no, True)]
    assert (await (await service.ask("GET", "/cases?overdue=false", Role.AUDITOR)).json())["items"] == []


async def test_an_attachment_goes_along_once_and_is_handed_out_safely(service: Service) -> None:
    answer = await service.ask("POST", "/files", Role.DISPATCHER, data=_form(b"%PDF-1.4\n%%EOF\n"))
    assert answer.status == 201
    file_id = (await answer.json())["id"]
    assert (await service.ask("GET", f"/files/{file_id}", Role.AUDITOR)).status == 404
    letter = LETTER | {"attachments": [file_id]}
    told = await (await service.ask("POST", "/cases", Role.DISPATCHER, json=letter)).json()
    assert [one["id"] for one in told["attachments"]] == [file_id]
    again = await service.ask("POST", "/cases", Role.DISPATCHER, json=letter)
    assert again.status == 422
    held = await service.ask("GET", f"/files/{file_id}", Role.AUDITOR)
    assert await held.read() == b"%PDF-1.4\n%%EOF\n"
    assert held.headers["Content-Disposition"].startswith("attachment")
    assert "张三丰" not in held.headers["Content-Disposition"]
    assert held.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in held.headers["Content-Security-Policy"]


@pytest.mark.parametrize("data", [b"", b"<html><script>", b"MZ\x90\x00"])
async def test_files_of_other_kinds_are_refused(service: Service, data: bytes) -> None:
    answer = await service.ask("POST", "/files", Role.HANDLER, data=_form(data))
    assert (answer.status, (await answer.json())["code"]) == (422, "invalid")


async def test_a_file_that_is_too_large_is_refused_while_it_comes(service: Service) -> None:
    answer = await service.ask("POST", "/files", Role.HANDLER, data=_form(b"%PDF-1.4" + b"0" * 21_000_000))
    assert answer.status == 413


async def test_nobody_who_changes_nothing_uploads(service: Service) -> None:
    for role in (Role.AUDITOR, Role.ADMIN, Role.CUSTODIAN):
        assert (await service.ask("POST", "/files", role, data=_form(b"%PDF-1.4"))).status == 403


async def test_a_photo_left_for_a_person_is_for_the_dispatcher_alone(service: Service) -> None:
    stored = await service.process.files.put(photo())

    async def left(unit: Unit) -> None:
        desk = service.process.desk(unit)
        message = await leave(desk, await add_person(desk), "（照片，见附件）")
        row = {"id": "a" * 32, "kind": "image", "state": "stored", "location": stored.location}
        more = {"content_type": stored.content_type, "created_at": desk.now(), "desk_message_id": message}
        await unit.files.add(row | more)

    await service.process.database.run(left)
    listed = await (await service.ask("GET", "/messages", Role.DISPATCHER)).json()
    (file,) = listed["items"][0]["attachments"]
    assert file["kind"] == "image"
    assert (await service.ask("GET", f"/files/{file['id']}", Role.DISPATCHER)).status == 200
    assert (await service.ask("GET", f"/files/{file['id']}", Role.AUDITOR)).status == 404
    assert (await service.ask("GET", f"/files/{file['id']}", Role.HANDLER)).status == 404


async def test_a_message_is_answered_once(service: Service) -> None:
    async def left(unit: Unit) -> None:
        desk = service.process.desk(unit)
        await leave(desk, await add_person(desk), "我想找个人说说。")

    await service.process.database.run(left)
    listed = await (await service.ask("GET", "/messages", Role.SUPERVISOR)).json()
    path = f"/messages/{listed['items'][0]['id']}/reply"
    assert (await service.ask("GET", "/messages", Role.HANDLER)).status == 403
    assert (await service.ask("POST", path, Role.SUPERVISOR, json={"text": "好"})).status == 403
    assert (await service.ask("POST", path, Role.DISPATCHER, json={"text": ""})).status == 422
    assert (await service.ask("POST", "/messages/999/reply", Role.DISPATCHER, json={})).status == 404
    assert (await service.ask("POST", path, Role.DISPATCHER, json={"text": "请来窗口。"})).status == 200
    again = await service.ask("POST", path, Role.DISPATCHER, json={"text": "再来。"})
    assert (again.status, (await again.json())["code"]) == (422, "once_only")


async def test_understanding_names_units_places_and_numbers_and_stores_nothing(service: Service) -> None:
    text = "卫滨区教育局承诺2027年3月底前发2.5万元补助，我的电话13800001234，单号TS20261123000423"
    answer = await service.ask("POST", "/understand", Role.ADMIN, json={"text": text})
    told = await answer.json()
    assert answer.status == 200
    assert told["source"] == "rules"
    assert len(told["departments"]) >= 3
    sectors = [one["sector"] for one in told["departments"]]
    assert len(sectors) == len(set(sectors))
    unit = told["entities"]["department"][0]
    assert (text[unit["start"] : unit["end"]], unit["value"]) == (unit["text"], "卫滨区教育体育局")
    assert unit["code"] == told["departments"][0]["code"]
    assert told["entities"]["place"][0]["value"] == "卫滨区"
    assert told["entities"]["phone"][0]["value"] == "13800001234"
    assert told["entities"]["amount_yuan"][0]["value"] == 25000
    assert told["entities"]["due_date"][0]["value"] == "2027-03-31"
    listed = await (await service.ask("GET", "/cases", Role.AUDITOR)).json()
    assert listed["items"] == []


@pytest.mark.parametrize(
    ("role", "status"), [(Role.HANDLER, 403), (Role.CUSTODIAN, 403), (Role.AUDITOR, 422)]
)
async def test_understanding_is_for_some_roles(service: Service, role: Role, status: int) -> None:
    assert (await service.ask("POST", "/understand", role, json={})).status == status


async def test_the_registry_is_public_but_for_what_is_not(service: Service) -> None:
    process = service.process

    async def seed(unit: Unit) -> None:
        await registry.seed_sample(unit, process.city, process.clock.now())

    await process.database.run(seed)
    told = await (await service.ask("GET", "/commitments")).json()
    assert len(told["items"]) >= 20
    found = await (await service.ask("GET", "/commitments?department=教育局&q=学位")).json()
    assert [one["code"] for one in found["items"]] == ["SL-JY-001"]
    one = await (await service.ask("GET", "/commitments/SL-JY-001")).json()
    assert one["department"] == {"code": "jiaoyu", "name": "新乡市教育局"}
    assert (await service.ask("GET", "/commitments/none")).status == 404
    units = await (await service.ask("GET", "/departments")).json()
    wanted = {"code", "name", "short_names", "kind", "sector", "level", "parent", "phone", "email"}
    assert wanted <= set(units["items"][0])


@pytest.mark.parametrize("mode", list(Mode))
async def test_every_mode_is_filed(service: Service, mode: Mode) -> None:
    letter = LETTER | {"reporter": {"mode": mode.value}}
    told = await (await service.ask("POST", "/cases", Role.DISPATCHER, json=letter)).json()
    assert told["mode"] == mode.value


def _form(data: bytes) -> FormData:
    form = FormData()
    form.add_field("file", io.BytesIO(data), filename="张三丰的材料.pdf", content_type="application/pdf")
    return form
