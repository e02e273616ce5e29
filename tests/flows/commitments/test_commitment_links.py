"""关联承诺: suggested to the office, confirmed by a person, kept in the archive; who sees what of it."""

from typing import Any

import pytest

from intake import registry
from storage.unit import Unit
from storage.vocab import Mode, Role
from tests.flows.api.service import Service

TOLD = "老旧小区改造年内完成，到现在管网还没动"
CODE, OTHER = "SL-ZJ-001", "SL-ZJ-002"
UNIT = "zhujian"
D, H = (Role.DISPATCHER, None), (Role.HANDLER, UNIT)


@pytest.fixture(autouse=True)
async def sample(service: Service) -> None:
    async def work(unit: Unit) -> None:
        await registry.seed_sample(unit, service.process.city, service.process.clock.now())

    await service.process.database.run(work)
    await service.process.refresh()


async def read(service: Service, number: str, who: tuple[Role, str | None] = D) -> dict[str, Any]:
    answer = await service.ask("GET", f"/cases/{number}", *who)
    return {"status": answer.status, **await answer.json()}


async def link(
    service: Service, number: str, who: tuple[Role, str | None] = D, **body: Any
) -> tuple[int, dict[str, Any]]:
    version = (await read(service, number)).get("version")
    path = f"/cases/{number}/actions/link_commitment"
    answer = await service.ask("POST", path, *who, json={"version": version, **body})
    return answer.status, await answer.json()


async def test_suggested_confirmed_changed_and_removed(service: Service) -> None:
    number = (await service.file(TOLD, department=UNIT, about_commitment=0.6)).case.tracking_no
    told = await read(service, number)
    assert told["commitment"] is None
    assert 1 <= len(told["commitment_suggestions"]) <= 3
    first = told["commitment_suggestions"][0]
    assert (first["code"], first["denied"], 0 < first["score"] <= 1) == (CODE, False, True)
    assert (await read(service, number, (Role.AUDITOR, None)))["commitment_suggestions"] == []

    status, told = await link(service, number, H, code=CODE)
    assert (status, told["about_commitment"], told["commitment_suggestions"]) == (200, 1.0, [])
    assert told["commitment"] == {
        "code": CODE,
        "title": "【示例】老旧小区改造",
        "confirmed_by": "handler-zhujian",
    }
    for wrong, field in (({"code": CODE}, "code"), ({"code": "没有"}, "code"), ({"code": OTHER}, "reason")):
        status, told = await link(service, number, **wrong)
        assert (status, list(told["fields"])) == (422, [field])
    status, told = await link(service, number, code=OTHER, reason="说的是交房")
    assert (status, told["commitment"]["code"]) == (200, OTHER)
    status, told = await link(service, number, reason="问的是别的事")
    assert (status, told["commitment"], told["about_commitment"]) == (200, None, 0.6)
    assert (await link(service, number))[0] == 422
    linked = [event for event in told["events"] if event["action"] == "link_commitment"]
    assert [(e["payload"]["was"], e["payload"]["code"], e["reason"] or "") for e in linked] == [
        (None, CODE, ""),
        (CODE, OTHER, "说的是交房"),
        (OTHER, None, "问的是别的事"),
    ]


async def test_other_units_and_a_case_that_follows_are_not_linked(service: Service) -> None:
    lead = (await service.file(TOLD, department=UNIT)).case
    number = (await service.file(TOLD, department=UNIT)).case.tracking_no
    body = {"department": "jiaoyu", "text": "请协助", "due_on": "2099-01-01", "version": lead.version}
    asked = await service.ask("POST", f"/cases/{lead.tracking_no}/actions/ask_unit", *D, json=body)
    assert asked.status == 200
    status, told = await link(service, lead.tracking_no, (Role.HANDLER, "jiaoyu"), code=CODE)
    assert (status, told["code"]) == (403, "role")
    version = (await read(service, number))["version"]
    merge = {"into": lead.tracking_no, "version": version}
    assert (await service.ask("POST", f"/cases/{number}/actions/merge", *D, json=merge)).status == 200
    status, told = await link(service, number, code=CODE)
    assert (status, told["code"]) == (422, "merged")


async def test_what_the_reporter_said_is_for_the_office_to_confirm(service: Service) -> None:
    filed = await service.file(TOLD, commitment=CODE, promised_by=UNIT, facts={"commitment_denied": [OTHER]})
    case = filed.case
    assert (case.commitment, case.accused) == (CODE, [UNIT])
    told = await read(service, case.tracking_no)
    assert told["events"][0]["payload"]["commitment"] == CODE
    assert CODE not in [one["code"] for one in told["commitment_suggestions"]]
    status, told = await link(service, case.tracking_no, code=CODE)
    assert (status, told["commitment"]["confirmed_by"], told["about_commitment"]) == (
        200,
        "dispatcher-city",
        1.0,
    )


@pytest.mark.parametrize("mode", list(Mode))
async def test_a_complaint_linked_to_a_units_promise_accuses_it(service: Service, mode: Mode) -> None:
    """Domain 6: a broken promise that is its subject accuses the unit that made it."""
    filed = await service.file("我们小区改造年内完成，到现在没动", department=UNIT, mode=mode)
    number = filed.case.tracking_no
    assert (filed.case.department, filed.case.accused) == (UNIT, [])
    status, told = await link(service, number, H, code=CODE)
    if mode is Mode.NAMED:
        assert (status, told["department"]["code"], told["commitment"]["code"]) == (200, UNIT, CODE)
        return
    assert (status, told["code"]) == (404, "not_found"), "it was led around them in the same step"
    told = await read(service, number)
    assert (told["commitment"]["code"], told["accused"][0]["code"]) == (CODE, UNIT)
    assert told["department"]["code"] != UNIT
    assert "更正" not in told["commitment"]["title"]
    back = {"department": UNIT, "version": told["version"]}
    assert (await service.ask("POST", f"/cases/{number}/actions/dispatch", *D, json=back)).status == 422


async def test_lists_are_asked_for_one_commitment(service: Service) -> None:
    lead = (await service.file(TOLD, department=UNIT)).case.tracking_no
    other = (await service.file(TOLD, department=UNIT)).case.tracking_no
    hidden = (await service.file(TOLD, mode=Mode.ANONYMOUS)).case.tracking_no
    await service.file("路灯坏了", department="chengguan")
    await link(service, lead, code=CODE)
    await link(service, hidden, code=CODE)
    merge = {"into": lead, "version": (await read(service, other))["version"]}
    assert (await service.ask("POST", f"/cases/{other}/actions/merge", *D, json=merge)).status == 200

    async def listed(*who: Any) -> set[str]:
        answer = await service.ask("GET", f"/cases?commitment={CODE}", *who)
        return {one["tracking_no"] for one in (await answer.json())["items"]}

    assert await listed(*D) == {lead, other, hidden}
    assert await listed(*H) == {lead, other}, "those it is accused by are not there for it"
    assert await listed(Role.HANDLER, "jiaoyu") == set()
    assert await listed(Role.ADMIN) == set()


async def test_counts_tell_nobody_of_a_case_that_goes_around(service: Service) -> None:
    async def counted(*who: Any) -> dict[str, Any]:
        one = await (await service.ask("GET", f"/commitments/{CODE}", *who)).json()
        lines = await (await service.ask("GET", "/commitments", *who)).json()
        (line,) = [line for line in lines["items"] if line["code"] == CODE]
        assert line["complaints"] == one["complaints"]
        told: dict[str, Any] = one["complaints"]
        return told

    def numbers(total: int | None, still: int | None, founded: int | None) -> dict[str, Any]:
        return {"total": total, "open": still, "founded": founded, "few": total is None}

    assert await counted() == numbers(0, 0, 0)
    first = (await service.file(TOLD, department=UNIT)).case.tracking_no
    await link(service, first, code=CODE)
    hidden = (await service.file(TOLD, mode=Mode.CONFIDENTIAL)).case.tracking_no
    await link(service, hidden, code=CODE)
    withdrawn = (await service.file(TOLD, department=UNIT)).case.tracking_no
    await link(service, withdrawn, code=CODE)
    await _do(service, withdrawn, "withdraw", D, reason="来电说不再反映")
    assert await counted(*D) == numbers(2, 2, 0)
    assert await counted(*H) == await counted(Role.ADMIN) == numbers(1, 1, 0)
    assert await counted() == numbers(None, None, None)

    for outcome in ("partly", "explained"):
        number = (await service.file(TOLD, department=UNIT)).case.tracking_no
        await link(service, number, code=CODE)
        await _do(service, number, "sign", H)
        await _do(service, number, "answer", H, text="已经答复", outcome=outcome)
        await _do(service, number, "approve", (Role.HEAD, UNIT))
    assert await counted() == numbers(3, 1, 1)
    follows = (await service.file(TOLD, department=UNIT)).case.tracking_no
    await _do(service, follows, "merge", D, into=first)
    assert await counted() == numbers(4, 2, 1), "who joined another one's case counts with it"
    page = await (await service.client.get(f"/commitments/{CODE}")).text()
    assert "4 件投诉举报与这项承诺有关，正在办 2 件" in page
    assert first not in page


async def _do(service: Service, number: str, action: str, who: tuple[Role, str | None], **body: Any) -> None:
    version = (await read(service, number))["version"]
    path = f"/cases/{number}/actions/{action}"
    answer = await service.ask("POST", path, *who, json={"version": version, **body})
    assert answer.status == 200, await answer.text()
