"""并案: what moves the answer of a case that follows moves what governs on the lead."""

from intake.actor import citizen
from intake.cases import reporter
from intake.cases.dues import answer_clock
from tests.conftest import Office
from tests.flows.intake.people import DISPATCHER, do, filed, handler, meet
from tests.support.time import HandClock

LAMP = {"text": "人民路的路灯坏了半个月，请派人修一修。", "department": "chengguan", "about_commitment": 0.0}
UNIT = handler("chengguan")


async def test_a_reply_to_a_case_that_follows_moves_what_governs(office: Office, clock: HandClock) -> None:
    async with office() as desk:
        case = (await filed(desk, await meet(desk, "f" * 28), **LAMP)).case
        await do(desk, UNIT, case, "sign")
        clock.advance(days=1)
        lead = (await filed(desk, await meet(desk, "l" * 28), **LAMP)).case
        await do(desk, UNIT, lead, "sign")
        await do(desk, UNIT, case, "ask_citizen", text="哪一盏？")
        case = await do(desk, DISPATCHER, case, "merge", into=lead.tracking_no)
        clock.advance(days=1)
        await reporter.supplement(desk, citizen(case.reporter_id), case, "在东头。")
        own, governs = await answer_clock(desk, case), await answer_clock(desk, lead)
        assert own is not None
        assert governs is not None
        assert [move["due_at"] for move in governs.moves or []] == [own.due_at.isoformat()]
