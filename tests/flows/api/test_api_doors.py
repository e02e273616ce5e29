"""Who gets in: every endpoint but the public ones wants a token; errors come in the contract's order."""

import re

import pytest

from bot.web.api.table import ENDPOINTS
from storage.vocab import Mode, Role
from tests.flows.api.service import Service

ABOUT_SCHOOL = "市教育局答应给我们学校的补助两年没有兑现，教育局一直推诿。"


async def test_every_endpoint_but_the_public_ones_refuses_without_a_token(service: Service) -> None:
    for endpoint in ENDPOINTS:
        path = re.sub(r"\{\w+\}", "x", endpoint.path)
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic x"}):
            answer = await service.client.request(endpoint.method, "/api/v1" + path, headers=headers)
            if endpoint.public and not headers:
                assert answer.status in (200, 404), path
            else:
                assert answer.status == 401, (endpoint.method, path, headers)
                assert (await answer.json())["code"] == "unauthorized"
                assert answer.content_type == "application/problem+json"


async def test_a_revoked_or_unknown_token_is_worth_nothing(service: Service) -> None:
    answer = await service.client.get("/api/v1/departments", headers={"Authorization": "Bearer jn_nothing"})
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


async def test_errors_come_in_the_contracts_order(service: Service) -> None:
    case = (await service.file(ABOUT_SCHOOL, department="jiaoyu")).case
    at = f"/cases/{case.tracking_no}/actions/"

    async def code(path: str, role: Role, body: object, department: str | None = None) -> tuple[int, str]:
        answer = await service.ask("POST", path, role, department, json=body)
        return answer.status, (await answer.json())["code"]

    bad = {"version": "x"}
    assert await code("/cases/TS20260101000010/actions/sign", Role.LIAISON, bad) == (404, "not_found")
    assert await code(at + "sign", Role.LIAISON, bad) == (404, "not_found")
    assert await code(at + "sign", Role.HANDLER, bad, "zhujian") == (404, "not_found")
    assert await code(at + "sign", Role.DISPATCHER, bad) == (403, "role")
    assert await code(at + "sign", Role.HANDLER, bad) == (422, "invalid")
    assert await code(at + "sign", Role.HANDLER, {"version": 99}) == (409, "stale_version")
    assert await code(
        at + "dispatch", Role.DISPATCHER, {"version": case.version, "department": "zhujian"}
    ) == (
        422,
        "state_refuses",
    )
    assert await code(at + "nothing", Role.HANDLER, {"version": 1}) == (404, "not_found")


async def test_a_body_that_is_no_json_is_a_404_first_and_then_invalid(service: Service) -> None:
    case = (await service.file(ABOUT_SCHOOL, department="jiaoyu")).case
    headers = {"Authorization": f"Bearer {await service.token(Role.HANDLER)}"}
    for path, status in ((f"/cases/{case.tracking_no}/actions/sign", 422), ("/cases/x/actions/sign", 404)):
        answer = await service.client.post("/api/v1" + path, data=b"\xff{", headers=headers)
        assert answer.status == status


async def test_a_stale_version_tells_version_and_state(service: Service) -> None:
    case = (await service.file(ABOUT_SCHOOL, department="jiaoyu")).case
    path = f"/cases/{case.tracking_no}/actions/sign"
    first = await service.ask("POST", path, Role.HANDLER, json={"version": case.version})
    again = await service.ask("POST", path, Role.HANDLER, json={"version": case.version})
    assert first.status == 200
    assert again.status == 409
    told = await again.json()
    assert (told["version"], told["state"]) == ((await first.json())["version"], "handling")


@pytest.mark.parametrize(
    ("role", "department", "sees"),
    [
        (Role.DISPATCHER, None, True),
        (Role.SUPERVISOR, None, True),
        (Role.AUDITOR, None, True),
        (Role.CUSTODIAN, None, True),
        (Role.HANDLER, "jiaoyu", True),
        (Role.HEAD, "jiaoyu", True),
        (Role.HANDLER, "zhujian", False),
        (Role.HEAD, "zhujian", False),
        (Role.LEADER, None, False),
        (Role.LIAISON, None, False),
        (Role.ADMIN, None, False),
    ],
)
async def test_every_exit_shows_a_case_to_the_same_people(
    service: Service, role: Role, department: str | None, sees: bool
) -> None:
    case = (await service.file(ABOUT_SCHOOL, department="jiaoyu", name="张三丰", phone="13800001234")).case
    file_id = await _attached(service, case.id)
    listed = await (await service.ask("GET", "/cases", role, department)).json()
    assert [one["tracking_no"] for one in listed["items"]] == ([case.tracking_no] if sees else [])
    found = await (await service.ask("GET", f"/cases?q={case.tracking_no}", role, department)).json()
    assert bool(found["items"]) is sees
    one = await service.ask("GET", f"/cases/{case.tracking_no}", role, department)
    assert one.status == (200 if sees else 404)
    assert "张三丰" not in await one.text()
    assert "13800001234" not in await one.text()
    held = await service.ask("GET", f"/files/{file_id}", role, department)
    assert held.status == (200 if sees else 404)
    act = await service.ask("POST", f"/cases/{case.tracking_no}/actions/note", role, department, json={})
    assert act.status in ((403, 422) if sees else (404,))
    who = await service.ask("POST", f"/cases/{case.tracking_no}/identity", role, department, json={})
    assert who.status in ((403, 422) if sees else (404,))


@pytest.mark.parametrize("mode", [Mode.CONFIDENTIAL, Mode.ANONYMOUS])
async def test_the_accused_units_staff_meet_404_at_every_exit(service: Service, mode: Mode) -> None:
    case = (await service.file(ABOUT_SCHOOL, mode=mode)).case
    file_id = await _attached(service, case.id)
    for role in (Role.HANDLER, Role.HEAD):
        for path in (f"/cases/{case.tracking_no}", f"/files/{file_id}"):
            assert (await service.ask("GET", path, role, "jiaoyu")).status == 404
        listed = await (await service.ask("GET", "/cases?q=补助", role, "jiaoyu")).json()
        assert listed["items"] == []
    shown = await service.ask("GET", f"/cases/{case.tracking_no}", Role.HANDLER, case.department)
    assert shown.status == 200


async def test_dispatching_to_the_accused_unit_is_refused(service: Service) -> None:
    named_people = "市教育局的王科长收了钱不办事。"
    filed = await service.file(named_people, awaits_transcript=True)
    answer = await service.ask(
        "POST",
        f"/cases/{filed.case.tracking_no}/actions/dispatch",
        Role.DISPATCHER,
        json={"version": filed.case.version, "department": "jiaoyu"},
    )
    assert (answer.status, (await answer.json())["code"]) == (422, "accused_unit")


async def test_only_the_custodian_opens_a_confidential_identity_and_it_is_logged(service: Service) -> None:
    case = (
        await service.file("市住建局拖着不办证。", mode=Mode.CONFIDENTIAL, name="张三丰", phone="13800001234")
    ).case
    path = f"/cases/{case.tracking_no}/identity"
    assert (await service.ask("POST", path, Role.DISPATCHER, json={"reason": "核实"})).status == 403
    assert (await service.ask("POST", path, Role.CUSTODIAN, json={"reason": " "})).status == 422
    opened = await service.ask("POST", path, Role.CUSTODIAN, json={"reason": "线索移交核实"})
    assert await opened.json() == {"name": "张三丰", "phone": "13800001234"}
    assert opened.headers["Cache-Control"] == "no-store"
    told = await (await service.ask("GET", f"/cases/{case.tracking_no}", Role.AUDITOR)).json()
    assert told["events"][-1]["action"] == "open_identity"
    assert told["events"][-1]["reason"] == "线索移交核实"


async def _attached(service: Service, case_id: str) -> str:
    stored = await service.process.files.put(b"%PDF-1.4\n%%EOF\n")
    row = {
        "id": "f" * 32,
        "case_id": case_id,
        "kind": "document",
        "state": "stored",
        "location": stored.location,
        "content_type": stored.content_type,
        "size": stored.size,
        "created_at": service.process.clock.now(),
    }
    await service.process.database.run(lambda unit: unit.files.add(row))
    return "f" * 32
