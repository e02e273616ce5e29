"""请群众补充: the answer's clock stands still from the question to the reply, five working days at most."""

from datetime import date

import pytest

from intake.actor import citizen
from intake.cases import reporter, seeing
from intake.cases.actions import may_do
from intake.cases.timers import end_pauses
from intake.clock import local
from intake.desk import Desk
from intake.errors import Invalid, StateRefuses
from storage.stores.cases import CaseRow
from storage.stores.clocks import ClockRow
from storage.vocab import Action, Channel
from tests.conftest import Office
from tests.flows.intake.people import DISPATCHER, do, filed, handler, head
from tests.support.time import HandClock


async def asked(desk: Desk, **facts: object) -> tuple[CaseRow, str]:
    case = (await filed(desk, **facts)).case
    unit = case.department or ""
    await do(desk, handler(unit), case, "sign")
    return await do(desk, handler(unit), case, "ask_citizen", text="请问是几号楼？"), unit


async def answer_clock(desk: Desk, case: CaseRow) -> ClockRow:
    [row] = [one for one in await desk.unit.clocks.of_case(case.id) if one.kind == "answer"]
    return row


def day(clock: ClockRow) -> date:
    return local(clock.due_at).date()


async def test_the_clock_stands_still_until_the_reporter_replies(office: Office, clock: HandClock) -> None:
    async with office() as desk:
        case, unit = await asked(desk)
        before = await answer_clock(desk, case)
        assert before.state == "paused"
        assert [push.notice for push in await desk.unit.outbox.of_case(case.id)] == ["question"]
        with pytest.raises(StateRefuses):
            await do(desk, handler(unit), case, "ask_citizen", text="还有呢？")
        clock.advance(days=2)
        mine = await reporter.own_case(desk, case.reporter_id, case.tracking_no)
        case = await reporter.supplement(desk, citizen(case.reporter_id), mine, "三号楼")
        after = await answer_clock(desk, case)
        assert (after.state, day(after)) == ("running", desk.city.workdays.add(day(before), 2).date)
        told = (await seeing.details(desk, case))["questions"]
        assert [(one["text"], one["reply"]) for one in told] == [("请问是几号楼？", "三号楼")]
        notices = [push.notice for push in await desk.unit.outbox.of_case(case.id)]
        assert notices == ["question", "date_changed"]
        assert Action.ASK_CITIZEN in await may_do(desk, handler(unit), case)


async def test_five_working_days_without_a_reply_are_enough(office: Office, clock: HandClock) -> None:
    async with office() as desk:
        case, _ = await asked(desk)
        before = await answer_clock(desk, case)
        clock.advance(days=6)
        assert await end_pauses(desk) == 0
        clock.advance(days=14)
        assert await end_pauses(desk) == 1
        assert await end_pauses(desk) == 0
        after = await answer_clock(desk, case)
        assert (after.state, day(after)) == ("running", desk.city.workdays.add(day(before), 5).date)
        assert (await desk.unit.events.of("case", case.id))[-1].actor_role == "system"


async def test_an_answer_does_not_wait_for_the_reply(office: Office, clock: HandClock) -> None:
    async with office() as desk:
        case, unit = await asked(desk)
        clock.advance(days=1)
        case = await do(desk, handler(unit), case, "answer", text="查到了。", outcome="resolved")
        assert (await answer_clock(desk, case)).state == "running"
        case = await do(desk, head(unit), case, "approve")
        states = {one.kind: one.state for one in await desk.unit.clocks.of_case(case.id)}
        assert (states["answer"], states["pause"]) == ("met", "met")


async def test_staff_write_down_the_reply_of_who_has_no_wechat(office: Office) -> None:
    async with office() as desk:
        case, unit = await asked(desk)
        with pytest.raises(Invalid):
            await do(desk, handler(unit), case, "reply_citizen", text="代答")
        person = await desk.unit.identities.get(case.reporter_id)
        assert person is not None
        await desk.unit.identities.change(case.reporter_id, {"openid": None})
        case = await do(desk, DISPATCHER, case, "reply_citizen", text="来电说是三号楼")
        assert (await answer_clock(desk, case)).state == "running"
        with pytest.raises(StateRefuses):
            await do(desk, DISPATCHER, case, "reply_citizen", text="再来")


async def test_a_question_does_not_stand_in_the_way_of_a_return(office: Office) -> None:
    async with office() as desk:
        case, unit = await asked(desk, channel=Channel.WECHAT)
        ask = {"reason": "不归我们管", "basis": "职责分工", "proposed_department": "jiaoyu"}
        await do(desk, head(unit), case, "request_return", **ask)
        case = await do(desk, DISPATCHER, case, "rule_return", approve=True, reason="同意")
        states = [(one.kind, one.state) for one in await desk.unit.clocks.of_case(case.id)]
        assert states.count(("answer", "running")) == 1
        assert ("answer", "returned") in states
        assert ("pause", "running") not in states
