"""A case from filing to closing: states, clocks, pushes and the archive, on both databases."""

import pytest

from intake import archive
from intake.actor import SYSTEM, citizen
from intake.cases import handling, reporter, seeing
from intake.clock import local
from intake.errors import Invalid, NotFound, OnceOnly, StaleVersion, StateRefuses, WrongRole
from intake.notices import BODY
from intake.reporters import open_identity, tell_of
from storage.vocab import CaseState, CaseType, Mode
from tests.conftest import Office
from tests.flows.intake.people import CUSTODIAN, DISPATCHER, do, filed, handler, head, meet
from tests.support.time import HandClock


async def test_a_named_unit_gets_the_case_at_once_and_answers_it(office: Office, clock: HandClock) -> None:
    async with office() as desk:
        made = await filed(desk)
        case = made.case
        assert case.state == CaseState.DISPATCHED
        assert desk.city.unit_name(case.department) == "新乡市住房和城乡建设局"
        unit = case.department or ""
        await do(desk, handler(unit), case, "sign")
        await do(desk, handler(unit), case, "answer", text="已安排十二月交付。", outcome="partly")
        case = await do(desk, head(unit), case, "approve")
        assert case.state == CaseState.ANSWERED
        pushes = await desk.unit.outbox.of_case(case.id)
        facts = desk.vault.open_json(pushes[-1].body or b"", BODY)
        assert [push.notice for push in pushes] == ["answered"]
        assert facts["tracking_no"] == case.tracking_no
        assert facts["answer"] == "已安排十二月交付。"
        case = await reporter.rate(desk, citizen(case.reporter_id), case, 5)
        assert (case.state, case.rating) == (CaseState.CLOSED, 5)
        kinds = {clock_row.kind: clock_row.state for clock_row in await desk.unit.clocks.of_case(case.id)}
        assert kinds["dispatch"] == kinds["sign"] == kinds["answer"] == "met"
        assert "running" not in kinds.values()
    async with office() as desk:
        assert await archive.verify(desk.unit, desk.vault.archive_key) == []
        actions = [event.action for event in await desk.unit.events.of("case", case.id)]
        assert actions == ["file", "dispatch", "sign", "answer", "approve", "rate"]


async def test_the_answer_is_due_on_the_tenth_working_day(office: Office, clock: HandClock) -> None:
    async with office() as desk:
        case = (await filed(desk)).case
        due = {row.kind: row for row in await desk.unit.clocks.of_case(case.id)}["answer"]
        expected = desk.city.workdays.add(local(clock.now()).date(), 10).date
        assert local(due.due_at).date() == expected
        assert local(due.due_at).strftime("%H:%M:%S") == "23:59:59"
        assert due.explanation


async def test_an_unclear_one_waits_for_the_dispatcher_with_the_best_units(office: Office) -> None:
    async with office() as desk:
        case = (await filed(desk, type=CaseType.INQUIRY, text="请问这件事归谁管，怎么办理")).case
        assert case.state == CaseState.RECEIVED
        assert len(case.suggestion) >= 3
        case = await do(desk, DISPATCHER, case, "dispatch", department="教育局", reason="职责")
        assert desk.city.unit_name(case.department) == "新乡市教育局"
        assert [p.notice for p in await desk.unit.outbox.of_case(case.id)] == ["dispatched"]


async def test_a_declined_case_is_appealed_once(office: Office) -> None:
    async with office() as desk:
        case = (await filed(desk, type=CaseType.INQUIRY, text="请问这件事归谁管，怎么办理")).case
        case = await do(desk, DISPATCHER, case, "decline", code="litigation", reason="法院正在审理")
        me = citizen(case.reporter_id)
        case = await reporter.appeal(desk, me, case, "还没有立案")
        assert case.state == CaseState.RECEIVED
        case = await do(desk, DISPATCHER, case, "decline", code="litigation", reason="已经立案")
        with pytest.raises(OnceOnly):
            await reporter.appeal(desk, me, case, "再看看")


async def answered(desk, unit: str, number: str):  # type: ignore[no-untyped-def]
    await do(desk, handler(unit), number, "sign")
    await do(desk, handler(unit), number, "answer", text="已经解释清楚。", outcome="explained")
    return await do(desk, head(unit), number, "approve")


async def test_a_bad_rating_offers_reopening_once_by_right(office: Office) -> None:
    async with office() as desk:
        case = (await filed(desk)).case
        unit = case.department or ""
        me = citizen(case.reporter_id)
        case = await answered(desk, unit, case.tracking_no)
        case = await reporter.rate(desk, me, case, 1, "没有解决")
        assert case.state == CaseState.ANSWERED
        running = [row.kind for row in await desk.unit.clocks.of_case(case.id) if row.state == "running"]
        assert "contact" in running
        case = await reporter.reopen(desk, me, case, "路还是没修")
        assert case.state == CaseState.HANDLING
        clocks = {row.kind: row.state for row in await desk.unit.clocks.of_case(case.id)}
        assert clocks["rework"] == "running"
        await do(desk, handler(unit), case, "answer", text="修好了。", outcome="resolved")
        case = await do(desk, head(unit), case, "approve")
        with pytest.raises(OnceOnly):
            await reporter.reopen(desk, me, case, "再来")


async def test_closing_by_the_dispatcher_wants_a_follow_up(office: Office) -> None:
    async with office() as desk:
        case = (await filed(desk)).case
        case = await answered(desk, case.department or "", case.tracking_no)
        with pytest.raises(StateRefuses) as refused:
            await do(desk, DISPATCHER, case, "close")
        assert "close" not in refused.value.facts["allowed"]
        case = await handling.close(desk, SYSTEM, case, handling.Bare())
        assert case.state == CaseState.CLOSED
        case = await do(desk, DISPATCHER, case, "reopen", reason="群众来电")
        assert case.state == CaseState.HANDLING


async def test_refusals_come_in_the_contract_s_order(office: Office) -> None:
    async with office() as desk:
        case = (await filed(desk)).case
        unit = case.department or ""
        stale = case.version + 7
        with pytest.raises(NotFound):
            await do(desk, handler("xx-education"), case.tracking_no, "sign", version=stale)
        with pytest.raises(WrongRole):
            await do(desk, handler(unit), case, "approve", version="no number")
        with pytest.raises(Invalid) as refused:
            await do(desk, handler(unit), case, "answer", version=stale, text="")
        assert set(refused.value.facts["fields"]) >= {"text", "outcome"}
        with pytest.raises(StaleVersion) as moved:
            await do(desk, handler(unit), case, "answer", version=stale, text="好", outcome="resolved")
        told = moved.value.facts
        assert (told["version"], told["state"], told["changed"]) == (case.version, "dispatched", [])
        with pytest.raises(StateRefuses) as no:
            await do(desk, handler(unit), case, "answer", text="好", outcome="resolved")
        assert no.value.facts["allowed"] == [
            "sign",
            "request_return",
            "assign",
            "ask_unit",
            "note",
            "set_claims",
            "link_commitment",
        ]


@pytest.mark.parametrize(
    ("outcome", "planned_on"), [("planned", None), ("resolved", "2027-01-01"), ("planned", "2020-01-01")]
)
async def test_a_plan_has_a_date_ahead_and_nothing_else_has(
    office: Office, outcome: str, planned_on: str
) -> None:
    async with office() as desk:
        case = (await filed(desk)).case
        unit = case.department or ""
        await do(desk, handler(unit), case, "sign")
        with pytest.raises(Invalid):
            await do(desk, handler(unit), case, "answer", text="好", outcome=outcome, planned_on=planned_on)


async def test_withdrawing_ends_every_clock_and_supplements_end_with_it(office: Office) -> None:
    async with office() as desk:
        case = (await filed(desk)).case
        me = citizen(case.reporter_id)
        case = await reporter.supplement(desk, me, case, "补充：合同第三条")
        case = await reporter.withdraw(desk, me, case, "已经解决")
        assert {row.state for row in await desk.unit.clocks.of_case(case.id)} == {"met"}
        with pytest.raises(StateRefuses):
            await reporter.supplement(desk, me, case, "再补充")


async def test_nothing_of_the_reporter_is_in_what_staff_see(office: Office) -> None:
    secret = "我叫王小明，电话13800000000，市住建局承诺六月交房没有兑现"
    async with office() as desk:
        for mode in (Mode.CONFIDENTIAL, Mode.ANONYMOUS):
            case = (await filed(desk, await meet(desk, f"{mode:x<28}"), mode=mode, text=secret)).case
            shown = str(await seeing.details(desk, case))
            assert "王小明" not in shown
            assert "13800000000" not in shown
            assert case.reporter_id not in shown
            sealed = await desk.unit.identities.sealed_text(case.id)
            assert sealed is not None
            assert desk.vault.open(sealed, "case text") == secret


async def test_of_an_anonymous_case_nothing_can_be_opened(office: Office) -> None:
    async with office() as desk:
        me = await meet(desk)
        await tell_of(desk, me, name="示例人", phone="13900000000")
        case = (await filed(desk, me, mode=Mode.ANONYMOUS)).case
        shown = await open_identity(desk, CUSTODIAN, case, "核实奖励")
        assert (shown.name, shown.phone) == (None, None)


async def test_opening_an_identity_is_for_the_custodian_and_is_logged(office: Office) -> None:
    async with office() as desk:
        me = await meet(desk)
        await tell_of(desk, me, name="示例人", phone="13900000000")
        case = (await filed(desk, me, mode=Mode.CONFIDENTIAL)).case
        for actor in (DISPATCHER, handler(case.department or ""), head(case.department or "")):
            with pytest.raises(WrongRole):
                await open_identity(desk, actor, case, "核实")
        with pytest.raises(Invalid):
            await open_identity(desk, CUSTODIAN, case, "  ")
        assert (await open_identity(desk, CUSTODIAN, case, "核实奖励")).phone == "13900000000"
        last = (await desk.unit.events.of("case", case.id))[-1]
        assert (last.action, last.actor, (last.body or {})["reason"]) == (
            "open_identity",
            "custodian",
            "核实奖励",
        )
