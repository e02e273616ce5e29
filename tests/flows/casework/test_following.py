"""并案, the courses that a walk through everything found: what a case was is given back whole, and what
happens to it alone it does alone."""

import pytest

from intake import archive
from intake.actor import citizen
from intake.cases import reporter, seeing
from intake.cases.actions import may_do
from intake.desk import Desk
from intake.errors import AccusedUnit, StateRefuses
from storage.stores.cases import CaseRow
from storage.vocab import Action, ClockState, Mode
from tests.conftest import Office
from tests.flows.intake.people import DISPATCHER, do, filed, handler, head, meet

ANSWER = {"text": "已经交付。", "outcome": "resolved"}
LAMP = {"text": "人民路的路灯坏了半个月，请派人修一修。", "department": "chengguan", "about_commitment": 0.0}
BRIBED = "市城管局的王科长收了钱不办事，态度恶劣。"


async def again(desk: Desk, case: CaseRow) -> CaseRow:
    return await seeing.find(desk, DISPATCHER, case.tracking_no)


async def running(desk: Desk, case: CaseRow) -> list[str]:
    return [c.kind for c in await desk.unit.clocks.of_case(case.id) if c.ended_at is None]


async def with_city_management(desk: Desk, openid: str = "l" * 28) -> CaseRow:
    return (await filed(desk, await meet(desk, openid), **LAMP)).case


async def test_an_answer_is_given_back_with_its_day_and_rating(office: Office) -> None:
    async with office() as desk:
        case = await with_city_management(desk)
        await do(desk, handler("chengguan"), case, "sign")
        planned = ANSWER | {"outcome": "planned", "planned_on": "2026-09-01"}
        await do(desk, handler("chengguan"), case, "answer", **planned)
        case = await do(desk, head("chengguan"), case, "approve")
        was = await do(desk, DISPATCHER, case, "follow_up", reached=True, rating=2, words="等着看")
        lead = await with_city_management(desk, "n" * 28)
        case = await do(desk, DISPATCHER, was, "merge", into=lead.tracking_no)
        assert not {"rating", "contact"} & set(await running(desk, case))
        case = await do(desk, DISPATCHER, case, "unmerge")
        for name in ("state", "answer", "outcome", "planned_on", "answered_at", "dispatched_at", "rating"):
            assert getattr(case, name) == getattr(was, name), name
        assert "contact" in await running(desk, case)


async def test_a_question_still_stops_the_clock_when_a_case_is_let_go(office: Office) -> None:
    async with office() as desk:
        case = await with_city_management(desk)
        await do(desk, handler("chengguan"), case, "sign")
        case = await do(desk, handler("chengguan"), case, "ask_citizen", text="哪一盏？")
        lead = await with_city_management(desk, "n" * 28)
        await do(desk, handler("chengguan"), lead, "sign")
        await do(desk, DISPATCHER, case, "merge", into=lead.tracking_no)
        await do(desk, handler("chengguan"), lead, "answer", **ANSWER)
        await do(desk, head("chengguan"), lead, "approve")
        case = await do(desk, DISPATCHER, case, "unmerge")
        [answer] = [c for c in await desk.unit.clocks.of_case(case.id) if c.kind == "answer"]
        assert (case.state, answer.state) == ("handling", ClockState.PAUSED)
        assert Action.ASK_CITIZEN not in await may_do(desk, handler("chengguan"), case)


async def test_the_archive_says_where_following_led(office: Office) -> None:
    async with office() as desk:
        lead = await with_city_management(desk)
        lead = await do(desk, handler("chengguan"), lead, "sign")
        case = await with_city_management(desk, "n" * 28)
        await do(desk, DISPATCHER, case, "merge", into=lead.tracking_no)
        await do(desk, DISPATCHER, case, "unmerge")
        told = await desk.unit.events.of("case", case.id)
        assert [e.to_state for e in told[-2:]] == ["handling", "dispatched"]
        assert await archive.verify(desk.unit, desk.vault.archive_key) == []


async def test_who_follows_has_one_clock_of_a_kind(office: Office) -> None:
    async with office() as desk:
        lead = (await filed(desk, text="语音反映", awaits_transcript=True)).case
        case = await with_city_management(desk)
        await do(desk, DISPATCHER, case, "merge", into=lead.tracking_no)
        await do(desk, DISPATCHER, lead, "dispatch", department="chengguan")
        assert sorted(await running(desk, case)) == ["answer", "sign"]


async def test_words_that_accuse_the_leads_unit_take_the_follower_away_alone(office: Office) -> None:
    async with office() as desk:
        lead, case = await with_city_management(desk), await with_city_management(desk, "n" * 28)
        case = await do(desk, DISPATCHER, case, "merge", into=lead.tracking_no)
        case = await reporter.supplement(desk, citizen(case.reporter_id), case, BRIBED)
        assert (case.merged_into, case.state) == (None, "dispatched")
        assert (await do(desk, handler(case.department or ""), case, "sign")).state == "handling"
        assert ((await again(desk, lead)).department, (await again(desk, lead)).linked) == ("chengguan", 0)


async def test_a_case_is_not_given_back_to_a_unit_that_it_accuses_by_now(office: Office) -> None:
    async with office() as desk:
        case = await with_city_management(desk)
        lead = (await filed(desk, mode=Mode.NAMED)).case
        await do(desk, DISPATCHER, case, "merge", into=lead.tracking_no)
        case = await again(desk, case)
        await reporter.supplement(desk, citizen(case.reporter_id), case, BRIBED)
        case = await do(desk, DISPATCHER, case, "unmerge")
        assert case.department not in (None, *await desk.unit.cases.hidden_from(case.id))


async def test_a_declined_follower_appeals_for_itself(office: Office) -> None:
    async with office() as desk:
        lead = (await filed(desk, text="语音反映", awaits_transcript=True)).case
        me = await meet(desk, "n" * 28)
        case = (await filed(desk, me, text="语音反映", awaits_transcript=True)).case
        case = await do(desk, DISPATCHER, case, "merge", into=lead.tracking_no)
        await do(desk, DISPATCHER, lead, "decline", code="litigation", reason="已经起诉")
        case = await reporter.appeal(desk, citizen(me), await again(desk, case), "没有起诉")
        assert (case.state, case.merged_into) == ("received", None)
        assert (await do(desk, DISPATCHER, case, "dispatch", department="zhujian")).state == "dispatched"


async def test_a_closed_follower_stays_closed_when_the_lead_is_withdrawn(office: Office) -> None:
    async with office() as desk:
        lead, case = await with_city_management(desk), await with_city_management(desk, "n" * 28)
        await do(desk, DISPATCHER, case, "merge", into=lead.tracking_no)
        await do(desk, handler("chengguan"), lead, "sign")
        await do(desk, handler("chengguan"), lead, "answer", **ANSWER)
        await do(desk, head("chengguan"), lead, "approve")
        await reporter.rate(desk, citizen(case.reporter_id), await again(desk, case), 5)
        lead = await do(desk, DISPATCHER, lead, "reopen", reason="又坏了")
        await reporter.withdraw(desk, citizen(lead.reporter_id), lead)
        assert (await again(desk, case)).state == "closed"


async def test_what_is_refused_to_a_follower_leaves_it_following(office: Office) -> None:
    """The chat answers a refusal in words and keeps its unit of work."""
    async with office() as desk:
        lead, case = await with_city_management(desk), await with_city_management(desk, "n" * 28)
        case = await do(desk, DISPATCHER, case, "merge", into=lead.tracking_no)
        with pytest.raises(StateRefuses):
            await reporter.reopen(desk, citizen(case.reporter_id), case, "还没有")
        assert (await again(desk, case)).merged_into == lead.id


async def test_the_accused_unit_is_named_before_the_merging(office: Office) -> None:
    async with office() as desk:
        lead = (await filed(desk, text="语音反映", awaits_transcript=True)).case
        facts = {"text": BRIBED, "awaits_transcript": True, "mode": Mode.NAMED}
        case = (await filed(desk, await meet(desk, "n" * 28), **facts)).case
        case = await do(desk, DISPATCHER, case, "merge", into=lead.tracking_no)
        with pytest.raises(AccusedUnit):
            await do(desk, DISPATCHER, case, "dispatch", department="chengguan")
