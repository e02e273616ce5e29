"""即时答复: an inquiry is answered from a guide or a commitment, without a unit."""

import pytest

from intake import guides, registry
from intake.actor import citizen
from intake.cases import reporter, seeing
from intake.cases.actions import may_do
from intake.errors import Invalid, StateRefuses
from storage.vocab import Action, CaseType
from tests.conftest import Office
from tests.flows.intake.people import DISPATCHER, do, filed

ASKED = "请问办这个要带什么材料？"


async def test_an_inquiry_is_answered_at_once_from_the_registry(office: Office) -> None:
    async with office() as desk:
        await registry.seed_sample(desk.unit, desk.city, desk.now())
        guide = (await guides.listed(desk))[0]
        case = (await filed(desk, type=CaseType.INQUIRY, text=ASKED)).case
        assert Action.ANSWER_NOW in await may_do(desk, DISPATCHER, case)
        with pytest.raises(Invalid) as refused:
            await do(desk, DISPATCHER, case, "answer_now", text="带身份证。", source="NO-SUCH-1")
        assert set(refused.value.facts["fields"]) == {"source"}
        case = await do(desk, DISPATCHER, case, "answer_now", text="带身份证。", source=guide.code.lower())
        assert (case.state, case.outcome) == ("answered", "explained")
        assert case.answer == f"带身份证。\n\n依据：{guide.title}（{guide.code}）"
        clocks = {row.kind: row.state for row in await desk.unit.clocks.of_case(case.id)}
        assert clocks == {"dispatch": "met", "rating": "running"}
        assert [push.notice for push in await desk.unit.outbox.of_case(case.id)] == ["answered"]
        event = (await seeing.details(desk, case))["events"][-1]
        assert (event["action"], event["payload"]["source"]) == ("answer_now", guide.code)
        mine = await reporter.own_case(desk, case.reporter_id, case.tracking_no)
        again = await reporter.reopen(desk, citizen(case.reporter_id), mine, "我问的不是这个")
        assert (again.state, again.department) == ("handling", guide.department)


async def test_nothing_but_an_undispatched_inquiry_is_answered_so(office: Office) -> None:
    async with office() as desk:
        await registry.seed_sample(desk.unit, desk.city, desk.now())
        code = (await guides.listed(desk))[0].code
        waiting = (await filed(desk, awaits_transcript=True)).case
        sent = (await filed(desk, type=CaseType.INQUIRY, text=ASKED, department="jiaoyu")).case
        assert (waiting.state, sent.state) == ("received", "dispatched")
        for case in (waiting, sent):
            assert Action.ANSWER_NOW not in await may_do(desk, DISPATCHER, case)
            with pytest.raises(StateRefuses):
                await do(desk, DISPATCHER, case, "answer_now", text="带身份证。", source=code)
