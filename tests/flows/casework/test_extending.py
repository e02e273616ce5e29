"""延期: once, before the due date, at most ten working days; the citizen is told of an approved one alone."""

from datetime import date

import pytest

from intake.cases import seeing
from intake.cases.actions import may_do
from intake.clock import local
from intake.desk import Desk
from intake.errors import Invalid, StateRefuses
from intake.notices import BODY
from storage.stores.cases import CaseRow
from storage.vocab import Action
from tests.conftest import Office
from tests.flows.intake.people import DISPATCHER, do, filed, handler, head
from tests.support.time import HandClock


async def signed(desk: Desk) -> tuple[CaseRow, str]:
    case = (await filed(desk)).case
    unit = case.department or ""
    return await do(desk, handler(unit), case, "sign"), unit


async def due_on(desk: Desk, case: CaseRow) -> date:
    """The due date of the answer in Asia/Shanghai."""
    [row] = [one for one in await desk.unit.clocks.of_case(case.id) if one.kind == "answer"]
    return local(row.due_at).date()


async def test_an_approved_extension_moves_the_due_date_by_working_days(office: Office) -> None:
    async with office() as desk:
        case, unit = await signed(desk)
        before = await due_on(desk, case)
        case = await do(desk, head(unit), case, "request_extension", reason="要会商", days=5)
        assert await due_on(desk, case) == before
        case = await do(desk, DISPATCHER, case, "rule_extension", approve=True, reason="情况属实")
        after = desk.city.workdays.add(before, 5).date
        assert await due_on(desk, case) == after
        [push] = await desk.unit.outbox.of_case(case.id)
        facts = desk.vault.open_json(push.body or b"", BODY)
        assert (push.notice, facts["due"]) == ("date_changed", after.isoformat())
        [shown] = (await seeing.details(desk, case))["extensions"]
        assert (shown["days"], shown["approved"]) == (5, True)
        with pytest.raises(StateRefuses):
            await do(desk, handler(unit), case, "request_extension", reason="还要", days=1)


async def test_a_refused_extension_is_quiet(office: Office) -> None:
    async with office() as desk:
        case, unit = await signed(desk)
        before = await due_on(desk, case)
        assert Action.RULE_EXTENSION not in await may_do(desk, DISPATCHER, case)
        case = await do(desk, handler(unit), case, "request_extension", reason="要会商", days=10)
        assert Action.RULE_EXTENSION in await may_do(desk, DISPATCHER, case)
        case = await do(desk, DISPATCHER, case, "rule_extension", approve=False, reason="理由不足")
        assert await due_on(desk, case) == before
        assert await desk.unit.outbox.of_case(case.id) == []
        states = {row.kind: row.state for row in await desk.unit.clocks.of_case(case.id)}
        assert (states["ruling"], states["answer"]) == ("met", "running")


@pytest.mark.parametrize("days", [0, 11])
async def test_an_extension_has_one_to_ten_working_days(office: Office, days: int) -> None:
    async with office() as desk:
        case, unit = await signed(desk)
        with pytest.raises(Invalid):
            await do(desk, handler(unit), case, "request_extension", reason="要会商", days=days)


async def test_it_is_asked_for_before_the_due_date_has_passed(office: Office, clock: HandClock) -> None:
    async with office() as desk:
        case, unit = await signed(desk)
    clock.advance(days=40)
    async with office() as desk:
        with pytest.raises(StateRefuses):
            await do(desk, handler(unit), case, "request_extension", reason="要会商", days=1)


async def test_a_request_that_the_answer_overtook_waits_no_more(office: Office, clock: HandClock) -> None:
    async with office() as desk:
        case, unit = await signed(desk)
        case = await do(desk, handler(unit), case, "request_extension", reason="要会商", days=2)
        clock.advance(hours=1)
        await do(desk, handler(unit), case, "answer", text="已经修好。", outcome="resolved")
        await do(desk, head(unit), case, "approve")
        case = await do(desk, DISPATCHER, case, "reopen", reason="又坏了")
        assert Action.RULE_EXTENSION not in await may_do(desk, DISPATCHER, case)
        states = {row.kind: row.state for row in await desk.unit.clocks.of_case(case.id)}
        assert states["ruling"] == "met"


async def test_after_reopening_it_is_the_rework_that_is_extended(office: Office) -> None:
    async with office() as desk:
        case, unit = await signed(desk)
        await do(desk, handler(unit), case, "answer", text="好了。", outcome="resolved")
        case = await do(desk, head(unit), case, "approve")
        case = await do(desk, DISPATCHER, case, "reopen", reason="没有好")
        [before] = [c for c in await desk.unit.clocks.of_case(case.id) if c.kind == "rework"]
        await do(desk, head(unit), case, "request_extension", reason="要会商", days=3)
        await do(desk, DISPATCHER, case, "rule_extension", approve=True, reason="情况属实")
        [after] = [c for c in await desk.unit.clocks.of_case(case.id) if c.kind == "rework"]
        assert local(after.due_at).date() == desk.city.workdays.add(local(before.due_at).date(), 3).date
