"""``GET /supervision``: which cases a supervisor finds under which heading, day by day."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from intake.cases import seeing
from intake.clock import SHANGHAI
from intake.leaving import leave
from intake.supervision import watched
from storage.stores.cases import CaseRow
from storage.unit import Unit
from storage.vocab import Role
from tests.flows.api.service import Service
from tests.flows.intake.people import DISPATCHER, do, head

HEADINGS = (
    "due_today",
    "due_in_three_days",
    "overdue",
    "unsigned",
    "returned_more_than_once",
    "dissatisfied",
    "unreachable",
)
TEXT = "市住建局承诺今年六月交付安置房，没有兑现。"


async def supervision(service: Service) -> dict[str, Any]:
    answer = await service.ask("GET", "/supervision", Role.SUPERVISOR)
    assert answer.status == 200
    told: dict[str, Any] = await answer.json()
    assert told["counts"] == {name: len(told[name]) for name in HEADINGS}
    return told


def under(told: dict[str, Any], number: str) -> set[str]:
    return {name for name in HEADINGS if number in [one["tracking_no"] for one in told[name]]}


async def due(service: Service, case: CaseRow, kind: str) -> datetime:
    async with service.process.database.read() as unit:
        return next(one.due_at for one in await unit.clocks.of_case(case.id) if one.kind == kind)


def turn_to(service: Service, moment: datetime) -> None:
    clock = service.process.clock
    clock.set_ahead((moment - clock.wall()).total_seconds())


async def ruled(service: Service, number: str, *, approve: bool) -> None:
    """The unit that has the case asks to give it back, to whichever of two it is not, and is answered."""

    async def work(unit: Unit) -> None:
        desk = service.process.desk(unit)
        case = await seeing.find(desk, DISPATCHER, number)
        other = "jiaoyu" if case.department == "zhujian" else "zhujian"
        why = {"reason": "示例", "basis": "示例", "proposed_department": other}
        await do(desk, head(case.department or ""), number, "request_return", **why)
        await do(desk, DISPATCHER, number, "rule_return", approve=approve, reason="示例")

    await service.process.database.run(work)


async def test_only_a_supervisor_reads_it(service: Service) -> None:
    for role in (Role.DISPATCHER, Role.HANDLER, Role.LEADER, Role.AUDITOR, Role.ADMIN):
        answer = await service.ask("GET", "/supervision", role)
        assert (answer.status, (await answer.json())["code"]) == (403, "role")
    told = await supervision(service)
    assert all(told[name] == [] for name in HEADINGS)


async def test_an_answer_comes_near_is_due_and_is_overdue_from_midnight(service: Service) -> None:
    case = (await service.file(TEXT, department="zhujian", urgent=True)).case
    number = case.tracking_no
    end = await due(service, case, "answer")
    last = datetime.combine(end.astimezone(SHANGHAI).date(), time.min, SHANGHAI)
    answers = {"due_today", "due_in_three_days", "overdue"}
    for moment, heading in (
        (last - timedelta(days=3), "due_in_three_days"),
        (last - timedelta(seconds=5), "due_in_three_days"),
        (last + timedelta(seconds=5), "due_today"),
        (last + timedelta(days=1, seconds=5), "overdue"),
    ):
        turn_to(service, moment)
        told = await supervision(service)
        assert under(told, number) & answers == {heading}
    line = told["overdue"][0]
    assert (line["clock"], line["state"], line["type"]) == ("answer", "dispatched", "complaint")
    assert line["due_at"] == end.astimezone(SHANGHAI).isoformat(timespec="seconds")
    assert line["department"]["code"] == "zhujian"
    assert line["department"]["name"]
    assert (line["urgent"], line["estimated"]) == (True, False) or line["estimated"] is True


async def test_a_case_is_unsigned_when_its_time_for_signing_is_over(service: Service) -> None:
    case = (await service.file(TEXT, department="jiaoyu")).case
    signed = (await service.file(TEXT + "又一件。", department="jiaoyu")).case
    path = f"/cases/{signed.tracking_no}/actions/sign"
    assert (await service.ask("POST", path, Role.HANDLER, json={"version": signed.version})).status == 200
    assert (await supervision(service))["unsigned"] == []
    turn_to(service, await due(service, case, "sign") + timedelta(seconds=2))
    unsigned = (await supervision(service))["unsigned"]
    assert [(one["tracking_no"], one["clock"]) for one in unsigned] == [(case.tracking_no, "sign")]


async def test_a_case_is_returned_more_than_once_by_approved_rulings(service: Service) -> None:
    case = (await service.file(TEXT, department="zhujian")).case
    for approve, listed in ((True, False), (False, False), (True, True)):
        await ruled(service, case.tracking_no, approve=approve)
        found = under(await supervision(service), case.tracking_no)
        assert ("returned_more_than_once" in found) is listed


@pytest.mark.parametrize(("rating", "listed"), [(1, True), (2, True), (3, False), (None, False)])
async def test_the_two_lowest_ratings_are_dissatisfied(
    service: Service, rating: int | None, listed: bool
) -> None:
    case = (await service.file(TEXT, department="zhujian")).case
    await service.process.database.run(lambda unit: unit.cases.change(case, {"rating": rating}))
    told = await supervision(service)
    assert ("dissatisfied" in under(told, case.tracking_no)) is listed


async def test_open_cases_of_those_who_left_are_unreachable(service: Service) -> None:
    case = (await service.file(TEXT, department="zhujian")).case
    await service.file(TEXT + "又一件。", department="zhujian")
    database, process = service.process.database, service.process
    await database.run(lambda unit: leave(process.desk(unit), case.reporter_id, "unsubscribed"))
    told = await supervision(service)
    assert [one["tracking_no"] for one in told["unreachable"]] == [case.tracking_no]
    assert told["unreachable"][0]["clock"] == "sign"

    async def close(unit: Unit) -> None:
        now = await unit.cases.get(case.id)
        assert now is not None
        await unit.cases.change(now, {"state": "closed"})
        await unit.clocks.end_all(case.id, at=process.clock.now())

    await database.run(close)
    assert (await supervision(service))["unreachable"] == []


async def test_a_list_stops_at_its_limit_and_its_count_does_not(service: Service) -> None:
    for n in range(3):
        await service.file(f"第{n}件，{TEXT}", department="zhujian")
    service.process.clock.set_ahead(60 * 86400)
    async with service.process.database.read() as unit:
        told = await watched(service.process.desk(unit), most=2)
    assert len(told["overdue"]) == 2
    assert told["counts"]["overdue"] == 3
