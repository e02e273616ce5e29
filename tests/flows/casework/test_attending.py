"""Around the answer: who works it, contact, the call afterwards, supervision, a day that is planned for."""

from datetime import timedelta

import pytest

from intake import supervision
from intake.actor import Actor, citizen
from intake.cases import reporter, seeing
from intake.cases.actions import may_do
from intake.cases.listing import wanted_of
from intake.cases.timers import invite_again
from intake.clock import local
from intake.desk import Desk
from intake.errors import Invalid, NotFound, OnceOnly, StateRefuses
from intake.reporters import add_person
from storage.stores.cases import CaseRow
from storage.stores.lists import Count
from storage.vocab import Action, Channel, ClockKind, Role
from tests.conftest import Office
from tests.flows.intake.people import DISPATCHER, SUPERVISOR, do, filed, handler, head
from tests.support.time import HandClock

LEADER = Actor(Role.LEADER, "leader")


async def hire(desk: Desk, login: str, department: str, role: Role = Role.HANDLER) -> None:
    row = {"login": login, "name": "示例", "role": role.value, "department": department}
    await desk.unit.staff.add(row | {"password_hash": "-", "disabled": False, "created_at": desk.now()})


async def signed(desk: Desk, **facts: object) -> tuple[CaseRow, str]:
    case = (await filed(desk, **facts)).case
    return await do(desk, handler(case.department or ""), case, "sign"), case.department or ""


async def answered(desk: Desk, channel: Channel = Channel.WECHAT, **answer: object) -> tuple[CaseRow, str]:
    case, unit = await signed(desk, channel=channel)
    said = {"text": "已经交付。", "outcome": "resolved"} | answer
    await do(desk, handler(unit), case, "answer", **said)
    return await do(desk, head(unit), case, "approve"), unit


async def states(desk: Desk, case: CaseRow) -> dict[str, str]:
    return {clock.kind: clock.state for clock in await desk.unit.clocks.of_case(case.id)}


async def test_a_head_assigns_a_handler_and_a_handler_herself(office: Office) -> None:
    async with office() as desk:
        case, unit = await signed(desk)
        await hire(desk, f"{unit}-handler", unit)
        await hire(desk, "second", unit)
        await hire(desk, "stranger", "jiaoyu")
        assert (await do(desk, head(unit), case, "assign", handler="second")).assignee == "second"
        mine = await do(desk, handler(unit), case, "assign", handler=f"{unit}-handler")
        assert (await seeing.details(desk, mine))["assignee"] == f"{unit}-handler"
        with pytest.raises(Invalid):
            await do(desk, handler(unit), case, "assign", handler="second")
        with pytest.raises(Invalid):
            await do(desk, head(unit), case, "assign", handler="stranger")


async def test_a_contact_meets_the_clock_that_waits_for_one(office: Office) -> None:
    async with office() as desk:
        case, unit = await signed(desk)
        assert (await states(desk, case))["first_contact"] == "running"
        await do(desk, handler(unit), case, "contacted", how="电话", words="说了办理打算")
        assert (await states(desk, case))["first_contact"] == "met"


@pytest.mark.parametrize(("rating", "state"), [(5, "closed"), (3, "closed"), (2, "answered")])
async def test_a_call_after_the_answer_counts_as_the_rating(office: Office, rating: int, state: str) -> None:
    async with office() as desk:
        case, unit = await answered(desk)
        assert Action.CLOSE not in await may_do(desk, DISPATCHER, case)
        called = await do(desk, DISPATCHER, case, "follow_up", reached=True, rating=rating, words="说了看法")
        assert (called.rating, called.state) == (rating, state)
        if state == "answered":
            clocks = await states(desk, called)
            assert (clocks["contact"], clocks["rating"]) == ("running", "met")
            assert Action.CLOSE in await may_do(desk, DISPATCHER, called)
            await do(desk, handler(unit), case, "contacted", how="电话", words="再次解释")
            assert (await states(desk, called))["contact"] == "met"


async def test_who_is_called_may_have_it_worked_on_anew(office: Office) -> None:
    async with office() as desk:
        case, unit = await answered(desk, channel=Channel.HOTLINE)
        said = {"words": "还是不亮", "reopen": True}
        for wrong in ({"reached": False}, {"reached": True, "rating": 4}):
            with pytest.raises(Invalid) as refused:
                await do(desk, DISPATCHER, case, "follow_up", **said | wrong)
            assert set(refused.value.facts["fields"]) == {"reopen"}
        case = await do(desk, DISPATCHER, case, "follow_up", reached=True, rating=1, **said)
        assert (case.state, case.department, case.rating) == ("handling", unit, None)
        clocks = await states(desk, case)
        assert (clocks["rework"], clocks["rating"], "contact" in clocks) == ("running", "met", False)
        steps = [(e.action, (e.body or {}).get("rating")) for e in await desk.unit.events.of("case", case.id)]
        assert steps[-2:] == [("follow_up", 1), ("reopen", None)]


async def test_a_dispatcher_withdraws_for_whom_has_no_wechat(office: Office) -> None:
    async with office() as desk:
        mine = (await filed(desk)).case
        assert Action.WITHDRAW not in await may_do(desk, DISPATCHER, mine)
        with pytest.raises(Invalid):
            await do(desk, DISPATCHER, mine, "withdraw", reason="来电说不用了")
        case = (await filed(desk, await add_person(desk), channel=Channel.HOTLINE)).case
        assert Action.WITHDRAW in await may_do(desk, DISPATCHER, case)
        case = await do(desk, DISPATCHER, case, "withdraw", reason="来电说不用了")
        assert case.state == "withdrawn"
        [last] = (await desk.unit.events.of("case", case.id))[-1:]
        assert (last.actor, (last.body or {})["reason"]) == (DISPATCHER.name, "来电说不用了")
        assert "running" not in (await states(desk, case)).values()


async def test_three_calls_in_vain_put_the_case_before_the_supervisor(office: Office) -> None:
    async with office() as desk:
        case, _ = await answered(desk)
        for tries in (1, 2, 3):
            case = await do(desk, DISPATCHER, case, "follow_up", reached=False, words="没人接")
            assert (await seeing.details(desk, case))["no_contact"] is (tries == 3)
        found = (await supervision.watched(desk))["unreachable"]
        assert [line["tracking_no"] for line in found] == [case.tracking_no]
        with pytest.raises(Invalid):
            await do(desk, DISPATCHER, case, "follow_up", reached=False, rating=5, words="没人接")
        case = await do(desk, DISPATCHER, case, "follow_up", reached=True, words="接通了")
        assert not (await seeing.details(desk, case))["no_contact"]


async def test_who_has_no_wechat_stands_in_the_list_until_called(office: Office) -> None:
    async with office() as desk:
        case, unit = await signed(desk, channel=Channel.HOTLINE)
        await answered(desk)
        wanted = wanted_of(desk, follow_up=True)
        assert (await seeing.page(desk, DISPATCHER, wanted))[0] == []
        await do(desk, handler(unit), case, "answer", text="已经交付。", outcome="resolved")
        case = await do(desk, head(unit), case, "approve")
        rows, _ = await seeing.page(desk, DISPATCHER, wanted)
        assert [row.tracking_no for row in rows] == [case.tracking_no]
        assert await desk.unit.lists.counts(seeing.sight_of(DISPATCHER), [wanted]) == [Count(1)]
        await do(desk, DISPATCHER, case, "follow_up", reached=True, words="知道了")
        assert (await seeing.page(desk, DISPATCHER, wanted))[0] == []


async def test_what_is_under_supervision_the_leader_sees(office: Office) -> None:
    async with office() as desk:
        case, _ = await signed(desk)
        with pytest.raises(NotFound):
            await seeing.find(desk, LEADER, case.tracking_no)
        today = local(desk.now()).date()
        with pytest.raises(Invalid):
            await do(desk, SUPERVISOR, case, "supervise", demand="抓紧", due_on=today - timedelta(days=1))
        await do(desk, SUPERVISOR, case, "supervise", demand="三日内答复", due_on=today)
        assert (await seeing.find(desk, LEADER, case.tracking_no)).supervised
        other = (await filed(desk, channel=Channel.HOTLINE)).case
        with pytest.raises(NotFound):
            await seeing.find(desk, LEADER, other.tracking_no)
        rows, _ = await seeing.page(desk, LEADER, {})
        assert [row.tracking_no for row in rows] == [case.tracking_no]


async def test_a_planned_day_is_waited_for_after_closing(office: Office, clock: HandClock) -> None:
    async with office() as desk:
        day = local(desk.now()).date() + timedelta(days=90)
        case, unit = await answered(desk, outcome="planned", planned_on=day)
        case = await do(desk, DISPATCHER, case, "follow_up", reached=True, rating=5, words="等着看")
        assert case.state == "closed"
        [row] = [c for c in await desk.unit.clocks.of_case(case.id) if c.kind == ClockKind.MILESTONE]
        assert (row.state, local(row.due_at).date()) == ("running", day)
        clock.advance(days=91)
        await do(desk, DISPATCHER, case, "reopen", reason="计划的日子到了")
        await do(desk, handler(unit), case, "answer", text="已经建成。", outcome="resolved")
        await do(desk, head(unit), case, "approve")
        assert (await states(desk, case))["milestone"] == "missed"


async def test_a_unit_that_gave_a_case_back_is_assigned_nobody_there(office: Office) -> None:
    async with office() as desk:
        case, unit = await signed(desk)
        await hire(desk, "second", unit)
        await do(desk, head(unit), case, "assign", handler="second")
        ask = {"reason": "不归我们管", "basis": "职责分工", "proposed_department": "jiaoyu"}
        await do(desk, head(unit), case, "request_return", **ask)
        case = await do(desk, DISPATCHER, case, "rule_return", approve=True, reason="同意")
        assert case.assignee is None
        with pytest.raises(StateRefuses):
            await do(desk, DISPATCHER, case, "follow_up", reached=True, words="还没有答复")


async def test_a_rating_is_asked_for_once_more_after_three_days(office: Office, clock: HandClock) -> None:
    async with office() as desk:
        case, _ = await answered(desk)
        for days, asked in ((1, 0), (1, 0), (1, 1), (0, 1), (1, 1), (1, 1)):
            clock.advance(days=days)
            await invite_again(desk)
            pushes = [push.notice for push in await desk.unit.outbox.of_case(case.id)]
            assert pushes.count("rate_again") == asked


async def test_a_second_call_waits_for_no_second_contact(office: Office) -> None:
    async with office() as desk:
        case, _ = await answered(desk)
        for _ in range(2):
            await do(desk, DISPATCHER, case, "follow_up", reached=True, rating=1, words="不满意")
        kinds = [c.kind for c in await desk.unit.clocks.of_case(case.id) if c.ended_at is None]
        assert kinds.count(ClockKind.CONTACT) == 1


async def test_an_answer_is_rated_once_and_a_new_one_anew(office: Office) -> None:
    async with office() as desk:
        case, unit = await answered(desk)
        me = citizen(case.reporter_id)
        await do(desk, DISPATCHER, case, "follow_up", reached=True, words="再看看")
        case = await reporter.rate(desk, me, await own(desk, case), 1)
        with pytest.raises(OnceOnly):
            await reporter.rate(desk, me, case, 5)
        case = await reporter.reopen(desk, me, case, "没有办好")
        await do(desk, handler(unit), case, "answer", text="又办了。", outcome="resolved")
        case = await do(desk, head(unit), case, "approve")
        assert Action.CLOSE not in await may_do(desk, DISPATCHER, case)
        assert (await reporter.rate(desk, me, await own(desk, case), 4)).state == "closed"


async def own(desk: Desk, case: CaseRow) -> CaseRow:
    return await reporter.own_case(desk, case.reporter_id, case.tracking_no)
