"""Every role at every exit: the same cases everywhere, and of nobody's identity a trace (domain 6)."""

import secrets
from typing import Any

import pytest

from intake import staffing
from intake.cases.opening import Filed
from intake.profiles.schema import Flag
from storage.unit import Unit
from storage.vocab import CaseType, Mode, Role
from tests.flows.api.service import Service

ABOUT = "市教育局答应给我们学校的补助两年没有兑现，教育局一直推诿。"
PEOPLE = "市教育局的王科长收了钱不办事，态度恶劣。"
WHO = {"name": "张三丰", "phone": "13800001234"}
SIGNED = "我叫张三丰，电话13800001234，微信号zhangsf1234。"
TRACES = ("张三丰", "13800001234", "zhangsf1234")
ALL = {"named", "confidential", "anonymous", "people", "inquiry"}
AROUND = {"confidential", "anonymous", "people"}
TO_UNIT = {"named", "inquiry"}

STAFF: list[tuple[Role, str | None, set[str]]] = [
    (Role.DISPATCHER, None, ALL),
    (Role.SUPERVISOR, None, ALL),
    (Role.AUDITOR, None, ALL),
    (Role.CUSTODIAN, None, ALL),
    (Role.LEADER, None, set()),
    (Role.LIAISON, None, set()),
    (Role.ADMIN, None, set()),
    (Role.HANDLER, "jiaoyu", TO_UNIT),
    (Role.HEAD, "jiaoyu", TO_UNIT),
    (Role.HANDLER, "zhaokao", set()),  # answers to the accused unit
    (Role.HEAD, "zhujian", set()),
    (Role.HANDLER, "supervision", AROUND),
    (Role.HEAD, "supervision", AROUND),
]


@pytest.fixture
async def cases(service: Service) -> dict[str, Filed]:
    return {
        "named": await service.file(ABOUT, **WHO),
        "confidential": await service.file(ABOUT + SIGNED, mode=Mode.CONFIDENTIAL, **WHO),
        "anonymous": await service.file(ABOUT + SIGNED, mode=Mode.ANONYMOUS),
        "people": await service.file(PEOPLE, **WHO),
        "inquiry": await service.file(
            "请问市教育局今年小学几号报名？", type=CaseType.INQUIRY, mode=Mode.ANONYMOUS
        ),
    }


async def _attachment(service: Service, case_id: str) -> str:
    """A photo whose sender put a name into the file's name."""
    file_id = secrets.token_hex(16)
    stored = await service.process.files.put(_PNG)
    row = {
        "id": file_id,
        "case_id": case_id,
        "kind": "image",
        "state": "stored",
        "location": stored.location,
        "content_type": stored.content_type,
        "size": stored.size,
        "sha256": stored.sha256,
        "name": "张三丰13800001234.png",
        "facts": {"label": "我叫张三丰，13800001234"},
        "created_at": service.process.clock.now(),
    }
    await service.process.database.run(lambda unit: unit.files.add(row))
    return file_id


async def _cookie(service: Service, role: Role, department: str | None) -> dict[str, str]:
    """A console session, without the price of a password."""
    login = f"{role.value}-{department or 'city'}"
    at = service.process.clock.now()

    async def sign_in(unit: Unit) -> str:
        new = staffing.Prepared(staffing.NewStaff(login, "", role, department, "示例"), "none")
        await staffing.add(unit, service.process.city, new, at)
        row = await unit.staff.by_login(login)
        assert row is not None
        return await staffing.open_session(unit, row, service.process.clock.wall())

    return {"Cookie": f"jiannuo_session={await service.process.database.run(sign_in)}"}


async def test_every_exit_shows_each_role_the_same_cases(service: Service, cases: dict[str, Filed]) -> None:
    files = {sort: await _attachment(service, filed.case.id) for sort, filed in cases.items()}
    numbers = {sort: filed.case.tracking_no for sort, filed in cases.items()}
    for role, department, sees in STAFF:
        if department == "supervision":
            department = service.process.city.flagged(Flag.SUPERVISION)
        cookie = await _cookie(service, role, department)

        async def listed(query: str) -> set[str]:
            answer = await service.ask("GET", f"/cases?{query}", role, department)  # noqa: B023
            items = (await answer.json())["items"]
            return {sort for sort, number in numbers.items() if number in [i["tracking_no"] for i in items]}

        async def page(path: str) -> tuple[int, str]:
            answer = await service.client.get(path, headers=cookie, allow_redirects=False)  # noqa: B023
            return answer.status, await answer.text() if "files" not in path else ""

        who = (role, department)
        assert await listed("") == sees, who
        assert await listed("q=教育局") == sees, who
        _, html = await page("/console/cases")
        assert {sort for sort, number in numbers.items() if number in html} == sees, who
        _, html = await page("/console/cases?q=教育局")
        assert {sort for sort, number in numbers.items() if number in html} == sees, who
        for sort, number in numbers.items():
            there = (200,) if sort in sees else (404,)
            refused = (403, 422) if sort in sees else (404,)
            assert await listed(f"q={number}") == ({sort} & sees), (who, sort)
            one = await service.ask("GET", f"/cases/{number}", role, department)
            assert one.status in there, (who, sort)
            for path in ("actions/note", "actions/dispatch", "identity"):
                tried = await service.ask("POST", f"/cases/{number}/{path}", role, department, json={})
                assert tried.status in refused, (who, sort, path)
            held = await service.ask("GET", f"/files/{files[sort]}", role, department)
            assert held.status in there, (who, sort)
            assert "张三丰" not in held.headers.get("Content-Disposition", "")
            status, html = await page(f"/console/cases/{number}")
            assert status in there, (who, sort)
            assert (await page(f"/console/files/{files[sort]}"))[0] in there, (who, sort)
            told = await one.text() + html
            if sort not in TO_UNIT or sort == "inquiry":
                hidden = TRACES if sort != "people" else ()
                assert [trace for trace in hidden if trace in told] == [], (who, sort)


async def test_a_case_that_goes_around_is_not_dispatched_to_whom_it_accuses(
    service: Service, cases: dict[str, Filed]
) -> None:
    waiting = await service.file(PEOPLE, awaits_transcript=True)
    path = f"/cases/{waiting.case.tracking_no}/actions/dispatch"
    for unit in ("jiaoyu", "市教育局", "zhaokao", "招生办"):
        body = {"department": unit, "version": waiting.case.version}
        refused = await service.ask("POST", path, Role.DISPATCHER, json=body)
        assert (refused.status, (await refused.json())["code"]) == (422, "accused_unit"), unit


async def test_looks_at_identities_are_for_few_and_each_is_in_the_archive(
    service: Service, cases: dict[str, Filed]
) -> None:
    async def look(sort: str, role: Role, department: str | None = None) -> tuple[int, dict[str, Any]]:
        path = f"/cases/{cases[sort].case.tracking_no}/identity"
        answer = await service.ask("POST", path, role, department, json={"reason": "核实情况"})
        return answer.status, await answer.json()

    assert await look("named", Role.DISPATCHER) == (200, WHO)
    assert await look("named", Role.HANDLER, "jiaoyu") == (200, WHO)
    assert await look("confidential", Role.CUSTODIAN) == (200, WHO)
    assert await look("anonymous", Role.CUSTODIAN) == (200, {"name": None, "phone": None})
    supervision = service.process.city.flagged(Flag.SUPERVISION)
    assert (await look("confidential", Role.HANDLER, supervision))[0] == 403
    assert (await look("confidential", Role.DISPATCHER))[0] == 403
    for role in (Role.SUPERVISOR, Role.AUDITOR):
        assert (await look("named", role))[0] == 403
    one = await service.ask("GET", f"/cases/{cases['named'].case.tracking_no}", Role.AUDITOR)
    looks = [e for e in (await one.json())["events"] if e["action"] == "open_identity"]
    assert [(e["actor"], e["reason"]) for e in looks] == [
        ("dispatcher-city", "核实情况"),
        ("handler-jiaoyu", "核实情况"),
    ]


_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe"
    "0def46b80000000049454e44ae426082"
)
