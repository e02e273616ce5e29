"""退单: asked once, ruled by the dispatcher; an approved one starts anew elsewhere."""

import pytest

from intake import archive
from intake.cases import seeing
from intake.cases.actions import may_do
from intake.desk import Desk
from intake.errors import AccusedUnit, Invalid, StateRefuses, WrongRole
from storage.stores.cases import CaseRow
from storage.vocab import Action, CaseState
from tests.conftest import Office
from tests.flows.intake.people import DISPATCHER, do, filed, handler
from tests.support.time import HandClock

ASKED = {"reason": "不是我们的职责", "basis": "三定方案", "proposed_department": "教育局"}


async def asked(desk: Desk) -> tuple[CaseRow, str]:
    """A case whose unit asks to give it back, and the code of that unit."""
    case = (await filed(desk)).case
    unit = case.department or ""
    return await do(desk, handler(unit), case, "request_return", **ASKED), unit


async def test_an_approved_return_starts_anew_at_the_other_unit(office: Office, clock: HandClock) -> None:
    async with office() as desk:
        case, unit = await asked(desk)
    clock.advance(hours=3)
    async with office() as desk:
        case = await do(desk, DISPATCHER, case, "rule_return", approve=True, reason="属教育局")
        assert case.state == CaseState.DISPATCHED
        assert desk.city.unit_name(case.department) == "新乡市教育局"
        clocks = [(row.kind, row.state) for row in await desk.unit.clocks.of_case(case.id)]
        assert clocks[1:] == [
            ("sign", "returned"),
            ("answer", "returned"),
            ("ruling", "met"),
            ("sign", "running"),
            ("answer", "running"),
        ]
        [shown] = (await seeing.details(desk, case))["returns"]
        assert (shown["approved"], shown["hop_seconds"]) == (True, 3 * 3600)
        assert shown["proposed_department"]["name"] == "新乡市教育局"
        assert [push.notice for push in await desk.unit.outbox.of_case(case.id)] == ["dispatched"]
        assert "sign" in await may_do(desk, handler(case.department or ""), case)
        seen = await seeing.find(desk, handler(unit), case.tracking_no)  # read-only (domain 6)
        assert await may_do(desk, handler(unit), seen) == []
        [example] = await desk.unit.learning.listed()
        assert (example.origin, example.said_department) == ("handler", unit)
        assert await archive.verify(desk.unit, desk.vault.archive_key) == []


async def test_a_refused_return_changes_nothing_but_the_record(office: Office) -> None:
    async with office() as desk:
        case, unit = await asked(desk)
        before = [row for row in await desk.unit.clocks.of_case(case.id) if row.kind != "ruling"]
        case = await do(desk, DISPATCHER, case, "rule_return", approve=False, reason="就是你们的职责")
        assert (case.state, case.department) == (CaseState.DISPATCHED, unit)
        after = [row for row in await desk.unit.clocks.of_case(case.id) if row.kind != "ruling"]
        assert after == before
        [shown] = (await seeing.details(desk, case))["returns"]
        assert (shown["approved"], shown["ruling_reason"]) == (False, "就是你们的职责")
        assert await desk.unit.outbox.of_case(case.id) == []


async def test_one_request_waits_at_a_time_and_a_ruling_needs_one(office: Office) -> None:
    async with office() as desk:
        case = (await filed(desk)).case
        unit = case.department or ""
        assert Action.RULE_RETURN not in await may_do(desk, DISPATCHER, case)
        with pytest.raises(StateRefuses):
            await do(desk, DISPATCHER, case, "rule_return", approve=True, reason="改派")
        with pytest.raises(WrongRole):
            await do(desk, DISPATCHER, case, "request_return", **ASKED)
        case = await do(desk, handler(unit), case, "request_return", **ASKED)
        assert Action.RULE_RETURN in await may_do(desk, DISPATCHER, case)
        with pytest.raises(StateRefuses):
            await do(desk, handler(unit), case, "request_return", **ASKED)
        case = await do(desk, handler(unit), case, "sign")
        assert Action.REQUEST_EXTENSION not in await may_do(desk, handler(unit), case)


async def test_a_return_is_asked_for_within_two_working_days(office: Office, clock: HandClock) -> None:
    async with office() as desk:
        case = (await filed(desk)).case
    unit = case.department or ""
    clock.advance(days=14)
    async with office() as desk:
        assert Action.REQUEST_RETURN not in await may_do(desk, handler(unit), case)
        with pytest.raises(StateRefuses):
            await do(desk, handler(unit), case, "request_return", **ASKED)


async def test_a_return_goes_to_another_unit_and_never_to_an_accused_one(office: Office) -> None:
    async with office() as desk:
        case = (await filed(desk)).case
        unit = case.department or ""
        for wrong in ("没有这个局", unit):
            with pytest.raises(Invalid):
                await do(
                    desk, handler(unit), case, "request_return", **ASKED | {"proposed_department": wrong}
                )
        case = await do(desk, handler(unit), case, "request_return", **ASKED)
        school = desk.city.index.resolve("教育局")
        assert school is not None
        await desk.unit.cases.hide_from(case.id, [school.code])
        with pytest.raises(AccusedUnit):
            await do(desk, DISPATCHER, case, "rule_return", approve=True, reason="属教育局")
