"""协办 and who reads what they gave back: read-only, but for the note of who was asked."""

from datetime import timedelta

import pytest

from intake.cases import seeing
from intake.cases.actions import may_do
from intake.clock import local
from intake.desk import Desk
from intake.errors import AccusedUnit, Invalid, NotFound, WrongRole
from storage.stores.cases import CaseRow
from storage.vocab import Action, Mode
from tests.conftest import Office
from tests.flows.intake.people import DISPATCHER, do, filed, handler, head


async def signed(desk: Desk, **facts: object) -> tuple[CaseRow, str]:
    case = (await filed(desk, **facts)).case
    return await do(desk, handler(case.department or ""), case, "sign"), case.department or ""


async def test_a_unit_that_is_asked_reads_and_contributes_and_no_more(office: Office) -> None:
    async with office() as desk:
        case, unit = await signed(desk)
        day = local(desk.now()).date() + timedelta(days=3)
        with pytest.raises(NotFound):
            await seeing.find(desk, handler("caizheng"), case.tracking_no)
        case = await do(
            desk, head(unit), case, "ask_unit", department="caizheng", text="请查拨款", due_on=day
        )
        assert case.state == "handling"
        [helper] = (await seeing.details(desk, case))["helpers"]
        assert (helper["department"]["code"], helper["due_on"]) == ("caizheng", day.isoformat())
        case = await seeing.find(desk, handler("caizheng"), case.tracking_no)
        assert await may_do(desk, handler("caizheng"), case) == [Action.NOTE]
        with pytest.raises(WrongRole):
            await do(desk, handler("caizheng"), case, "answer", text="好", outcome="resolved")
        await do(desk, handler("caizheng"), case, "note", text="款已拨付")
        [clock] = [c for c in await desk.unit.clocks.of_case(case.id) if c.kind == "collaboration"]
        assert (clock.state, clock.department) == ("met", "caizheng")
        rows, _ = await seeing.page(desk, handler("caizheng"), {})
        assert rows == []


async def test_what_is_asked_of_a_unit_is_checked(office: Office) -> None:
    async with office() as desk:
        case, unit = await signed(desk)
        today = local(desk.now()).date()
        for body in (
            {"department": "没有的局", "text": "请查", "due_on": today},
            {"department": unit, "text": "请查", "due_on": today},
            {"department": "caizheng", "text": "请查", "due_on": today - timedelta(days=1)},
            {"department": "caizheng", "text": " ", "due_on": today},
        ):
            with pytest.raises(Invalid):
                await do(desk, head(unit), case, "ask_unit", **body)


async def test_an_accused_unit_is_not_asked(office: Office) -> None:
    async with office() as desk:
        case, unit = await signed(desk, mode=Mode.CONFIDENTIAL)
        assert unit != "zhujian"
        today = local(desk.now()).date()
        with pytest.raises(AccusedUnit):
            await do(desk, head(unit), case, "ask_unit", department="zhujian", text="请查", due_on=today)


async def test_who_gave_a_case_back_still_reads_it(office: Office) -> None:
    async with office() as desk:
        case, unit = await signed(desk)
        ask = {"reason": "不归我们管", "basis": "职责分工", "proposed_department": "jiaoyu"}
        await do(desk, head(unit), case, "request_return", **ask)
        await do(desk, DISPATCHER, case, "rule_return", approve=True, reason="同意")
        case = await seeing.find(desk, handler(unit), case.tracking_no)
        assert await may_do(desk, handler(unit), case) == []
        with pytest.raises(WrongRole):
            await do(desk, handler(unit), case, "sign")


async def test_the_third_return_proposes_a_lead(office: Office) -> None:
    async with office() as desk:
        case = (await filed(desk)).case
        for times in (1, 2, 3):
            unit = case.department or ""
            other = "jiaoyu" if unit != "jiaoyu" else "caizheng"
            ask = {"reason": "不归我们管", "basis": "职责分工", "proposed_department": other}
            await do(desk, head(unit), case, "request_return", **ask)
            case = await do(desk, DISPATCHER, case, "rule_return", approve=True, reason="同意")
            found = [event.action for event in await desk.unit.events.of("case", case.id)]
            assert ("lead_proposed" in found) is (times == 3)
