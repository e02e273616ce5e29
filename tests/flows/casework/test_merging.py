"""并案: the linked case keeps its number and reporter, follows the lead, and can be let go as it was."""

from datetime import date

import pytest

from intake import archive
from intake.actor import citizen
from intake.cases import reporter, seeing
from intake.cases.actions import may_do
from intake.cases.listing import lines
from intake.cases.similar import similar
from intake.desk import Desk
from intake.errors import AccusedUnit, Invalid, Merged
from intake.recounting import DayChange, recount, set_day
from storage.stores.cases import CaseRow
from storage.vocab import Action, Mode
from tests.conftest import Office
from tests.flows.deadlines.conftest import at, everybody, fire_all
from tests.flows.deadlines.test_calendar import ADMIN, fresh
from tests.flows.intake.people import DISPATCHER, do, filed, handler, head, meet
from tests.support.time import HandClock

ANSWER = {"text": "已经交付。", "outcome": "resolved"}


async def two(desk: Desk, **facts: object) -> tuple[CaseRow, CaseRow]:
    """A lead that is being handled, and another reporter's case of the same unit."""
    lead = (await filed(desk)).case
    lead = await do(desk, handler(lead.department or ""), lead, "sign")
    return lead, (await filed(desk, await meet(desk, "n" * 28), **facts)).case


async def again(desk: Desk, case: CaseRow) -> CaseRow:
    return await seeing.find(desk, DISPATCHER, case.tracking_no)


async def clocks(desk: Desk, case: CaseRow) -> dict[str, str]:
    return {row.kind: row.state for row in await desk.unit.clocks.of_case(case.id)}


async def notices(desk: Desk, case: CaseRow) -> list[str]:
    return [push.notice for push in await desk.unit.outbox.of_case(case.id)]


async def test_a_linked_case_follows_the_lead_to_its_own_reporter(office: Office) -> None:
    async with office() as desk:
        lead, case = await two(desk)
        unit = lead.department or ""
        case = await do(desk, DISPATCHER, case, "merge", into=lead.tracking_no)
        shown = await seeing.details(desk, case)
        assert (shown["state"], shown["merged_into"]) == ("handling", lead.tracking_no)
        lead = await again(desk, lead)
        assert (await seeing.details(desk, lead))["merged"] == [case.tracking_no]
        with pytest.raises(Merged):
            await do(desk, handler(unit), case, "answer", **ANSWER)
        assert await may_do(desk, handler(unit), case) == []
        assert await may_do(desk, DISPATCHER, case) == [Action.UNMERGE]  # its reporter has WeChat
        await do(desk, handler(unit), lead, "answer", **ANSWER)
        await do(desk, head(unit), lead, "approve")
        case = await again(desk, case)
        assert (case.state, case.answer) == ("answered", "已经交付。")
        assert (await clocks(desk, case))["answer"] == "met"
        assert (await notices(desk, case))[-1] == "answered"
        mine = await reporter.own_case(desk, case.reporter_id, case.tracking_no)
        rated = await reporter.rate(desk, citizen(case.reporter_id), mine, 5)
        assert rated.state == "closed"
        assert (await again(desk, lead)).state == "answered"
        assert await archive.verify(desk.unit, desk.vault.archive_key) == []


async def test_undoing_gives_back_state_and_clocks(office: Office, clock: HandClock) -> None:
    async with office() as desk:
        lead, case = await two(desk)
        before = {row.id: (row.kind, row.due_at) for row in await desk.unit.clocks.of_case(case.id)}
        states = await clocks(desk, case)
        await do(desk, DISPATCHER, case, "merge", into=lead.tracking_no)
        clock.advance(hours=1)
        case = await do(desk, DISPATCHER, case, "unmerge")
        assert (case.state, case.merged_into) == ("dispatched", None)
        assert await clocks(desk, case) == states
        assert {row.id: (row.kind, row.due_at) for row in await desk.unit.clocks.of_case(case.id)} == before
        assert (await again(desk, lead)).linked == 0
        assert "sign" in await may_do(desk, handler(case.department or ""), case)


async def due(desk: Desk, case: CaseRow) -> str:
    """The day until which an answer is due, as the case shows it."""
    shown = await seeing.details(desk, await again(desk, case))
    [line] = await lines(desk, [await again(desk, case)])
    assert line["due_at"] == shown["due_at"]
    return str(shown["due_at"])[:10]


async def earlier(desk: Desk, clock: HandClock) -> tuple[CaseRow, CaseRow, str]:
    """A case, and two days later the lead it is merged into; the case's own due date."""
    case = (await filed(desk, await meet(desk, "n" * 28), department="zhujian")).case
    own = await due(desk, case)
    clock.advance(days=2)
    lead = (await filed(desk, department="zhujian")).case
    assert await due(desk, lead) > own
    await do(desk, DISPATCHER, case, "merge", into=lead.tracking_no)
    return lead, case, own


async def test_the_earliest_date_governs_on_the_lead_and_the_others_rest(
    office: Office, clock: HandClock
) -> None:
    async with office() as desk:
        lead, case, own = await earlier(desk, clock)
        assert await clocks(desk, case) == {"dispatch": "met", "sign": "paused", "answer": "paused"}
        assert (await due(desk, lead), await due(desk, case)) == (own, own)
        await do(desk, handler("zhujian"), lead, "sign")
        await do(desk, handler("zhujian"), lead, "request_extension", reason="要等检测", days=1)
        await do(desk, DISPATCHER, lead, "rule_extension", approve=True, reason="属实")
        longer = await due(desk, lead)
        assert longer > own
        assert await due(desk, case) == longer
        await do(desk, DISPATCHER, case, "unmerge")
        assert await due(desk, case) == own
        assert await due(desk, lead) > longer


async def test_a_lead_that_goes_to_another_unit_leaves_no_clock_behind(
    office: Office, clock: HandClock
) -> None:
    async with office() as desk:
        await everybody(desk)
        lead, case, own = await earlier(desk, clock)
        ask = {"reason": "不归我们管", "basis": "职责分工", "proposed_department": "jiaoyu"}
        await do(desk, handler("zhujian"), lead, "request_return", **ask)
        clock.advance(days=1)
        await do(desk, DISPATCHER, lead, "rule_return", approve=True, reason="属教育局")
        assert (await again(desk, case)).department == "jiaoyu"
        later = await due(desk, lead)
        assert await due(desk, case) == later > own
    clock.set(at(f"{later} 09:00"))
    await fire_all(office)
    async with office() as desk:
        told = await desk.unit.reminders.since(None, limit=1000)
        answers = {(one.tracking_no, one.department) for one in told if one.clock == "answer"}
        assert answers == {(lead.tracking_no, "jiaoyu"), (lead.tracking_no, None)}
        case = await do(desk, DISPATCHER, case, "unmerge")
        assert (case.state, case.department) == ("dispatched", "zhujian")
        assert await due(desk, case) == own
        going = [c.kind for c in await desk.unit.clocks.of_case(case.id) if c.ended_at is None]
        assert going == ["sign", "answer"]
        assert await archive.verify(desk.unit, desk.vault.archive_key) == []


async def test_a_date_that_moves_with_the_calendar_moves_the_leads(office: Office, clock: HandClock) -> None:
    async with office() as desk:
        lead, case, own = await earlier(desk, clock)
        off = DayChange(working=False, reason="示例")
        await set_day(desk, ADMIN, date.fromisoformat(own), off)
        desk = await fresh(desk)
        await recount(desk)
        assert await due(desk, lead) == await due(desk, case) > own


async def test_what_cannot_be_merged_says_why(office: Office) -> None:
    async with office() as desk:
        lead, case = await two(desk)
        third = (await filed(desk, await meet(desk, "m" * 28))).case
        for into in ("TS20260101000015", "x", case.tracking_no):
            with pytest.raises(Invalid):
                await do(desk, DISPATCHER, case, "merge", into=into)
        await do(desk, DISPATCHER, case, "merge", into=lead.tracking_no)
        with pytest.raises(Invalid):
            await do(desk, DISPATCHER, third, "merge", into=case.tracking_no)
        with pytest.raises(Invalid):
            await do(desk, DISPATCHER, lead, "merge", into=third.tracking_no)
        with pytest.raises(Merged):
            await do(desk, DISPATCHER, case, "note", text="备注")


async def test_never_towards_a_unit_that_the_case_accuses(office: Office) -> None:
    async with office() as desk:
        lead, case = await two(desk, mode=Mode.CONFIDENTIAL)
        assert case.department != lead.department
        with pytest.raises(AccusedUnit):
            await do(desk, DISPATCHER, case, "merge", into=lead.tracking_no)


async def test_a_lead_that_takes_its_matter_back_lets_the_others_go(office: Office) -> None:
    async with office() as desk:
        lead, case = await two(desk)
        await do(desk, DISPATCHER, case, "merge", into=lead.tracking_no)
        mine = await reporter.own_case(desk, lead.reporter_id, lead.tracking_no)
        await reporter.withdraw(desk, citizen(lead.reporter_id), mine)
        case = await again(desk, case)
        assert (case.state, case.merged_into) == ("dispatched", None)


async def test_who_is_not_satisfied_goes_on_alone(office: Office) -> None:
    async with office() as desk:
        lead, case = await two(desk)
        unit = lead.department or ""
        await do(desk, DISPATCHER, case, "merge", into=lead.tracking_no)
        await do(desk, handler(unit), lead, "answer", **ANSWER)
        await do(desk, head(unit), lead, "approve")
        mine = await reporter.own_case(desk, case.reporter_id, case.tracking_no)
        case = await reporter.reopen(desk, citizen(case.reporter_id), mine, "我这边还没有")
        assert (case.state, case.merged_into) == ("handling", None)
        assert "answer" in await may_do(desk, handler(unit), case)
        assert (await again(desk, lead)).state == "answered"


async def test_a_dispatcher_is_shown_what_may_be_the_same_matter(office: Office) -> None:
    async with office() as desk:
        first = (await filed(desk, text="平原路的路灯坏了一个月，住建局承诺修好")).case
        again = "平原路路灯坏了快一个月，住建局承诺修好没修"
        case = (await filed(desk, await meet(desk, "n" * 28), text=again)).case
        away = "牧野路的路灯坏了一个月，住建局承诺修好"
        await filed(desk, await meet(desk, "m" * 28), text=away)
        found = await similar(desk, DISPATCHER, case)
        assert [one["tracking_no"] for one in found] == [first.tracking_no]
        assert await similar(desk, handler(case.department or ""), case) == []
        case = await do(desk, DISPATCHER, case, "merge", into=first.tracking_no)
        assert await similar(desk, DISPATCHER, case) == []
