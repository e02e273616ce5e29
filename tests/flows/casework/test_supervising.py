"""督办: the head hears of it at once, the case shows what is demanded, and what is late stands out."""

from datetime import date, timedelta

from intake import supervision
from intake.cases import seeing
from intake.clock import local
from intake.reminders import reading
from intake.reminders.firing import fire
from storage.stores.cases import CaseRow
from storage.vocab import Role
from tests.conftest import Office
from tests.flows.casework.test_attending import hire, signed, states
from tests.flows.intake.people import DISPATCHER, SUPERVISOR, do, filed, handler, head
from tests.support.time import HandClock


async def told(office: Office, login: str) -> list[tuple[str, str]]:
    """What stands in somebody's newest digest."""
    async with office() as desk:
        while await fire(desk):
            pass
    async with office() as desk:
        digests = await reading.look(desk, login)
    return [(line.told.tracking_no, line.told.rung) for line in digests[0].lines] if digests else []


async def supervised(office: Office, days: int = 2) -> tuple[CaseRow, str, date]:
    async with office() as desk:
        case, unit = await signed(desk)
        await hire(desk, "the-head", unit, Role.HEAD)
        day = local(desk.now()).date() + timedelta(days=days)
        return await do(desk, SUPERVISOR, case, "supervise", demand="两日内答复", due_on=day), unit, day


async def test_the_head_is_reminded_at_once_at_any_hour(office: Office, clock: HandClock) -> None:
    clock.advance(hours=12)  # half past nine in the evening
    case, unit, day = await supervised(office)
    assert await told(office, "the-head") == [(case.tracking_no, "demand")]
    async with office() as desk:
        seen = await seeing.find(desk, head(unit), case.tracking_no)
        [one] = (await seeing.details(desk, seen))["supervisions"]
    assert (one["demand"], one["due_on"], one["by"]) == ("两日内答复", day.isoformat(), "supervisor")


async def test_without_a_unit_it_is_the_dispatchers(office: Office) -> None:
    async with office() as desk:
        case = (await filed(desk, awaits_transcript=True)).case
        await desk.unit.staff.add(
            {"login": "desk-1", "name": "示例", "role": "dispatcher", "department": None}
            | {"password_hash": "-", "disabled": False, "created_at": desk.now()}
        )
        day = local(desk.now()).date()
        await do(desk, SUPERVISOR, case, "supervise", demand="今天派单", due_on=day)
    assert await told(office, "desk-1") == [(case.tracking_no, "demand")]


async def test_what_was_demanded_is_overdue_until_it_is_answered(office: Office, clock: HandClock) -> None:
    case, unit, _ = await supervised(office)
    clock.advance(days=3)
    async with office() as desk:
        [late] = (await supervision.watched(desk))["overdue"]
        assert (late["tracking_no"], late["clock"]) == (case.tracking_no, "supervision")
        await do(desk, handler(unit), case, "answer", text="已经交付。", outcome="resolved")
        await do(desk, head(unit), case, "approve")
        assert (await supervision.watched(desk))["overdue"] == []
        assert (await states(desk, case))["supervision"] == "missed"


async def test_a_demand_follows_the_case_to_another_unit_and_gives_way_to_a_newer_one(office: Office) -> None:
    case, unit, day = await supervised(office)
    async with office() as desk:
        ask = {"reason": "不归我们管", "basis": "职责分工", "proposed_department": "jiaoyu"}
        await do(desk, head(unit), case, "request_return", **ask)
        await do(desk, DISPATCHER, case, "rule_return", approve=True, reason="同意")
        assert (await states(desk, case))["supervision"] == "running"
        later = day + timedelta(days=1)
        await do(desk, SUPERVISOR, case, "supervise", demand="再给一天", due_on=later)
        clocks = [c for c in await desk.unit.clocks.of_case(case.id) if c.kind == "supervision"]
        assert [(c.state, local(c.due_at).date()) for c in clocks] == [("met", day), ("running", later)]
