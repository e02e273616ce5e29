"""A lead is proposed by rule when two answers that said resolved were denied (domain 5)."""

import pytest

from intake import archive
from intake.actor import citizen
from intake.cases import reporter
from intake.desk import Desk
from intake.reporters import add_person
from storage.stores.cases import CaseRow
from storage.vocab import Action, Channel
from tests.conftest import Office
from tests.flows.intake.people import DISPATCHER, do, filed, handler, head


async def answered(desk: Desk, case: CaseRow, outcome: str = "resolved") -> CaseRow:
    unit = case.department or ""
    if case.state == "dispatched":
        await do(desk, handler(unit), case, "sign")
    await do(desk, handler(unit), case, "answer", text="已经修好。", outcome=outcome)
    await do(desk, head(unit), case, "approve")
    return await reporter.own_case(desk, case.reporter_id, case.tracking_no)


async def leads(desk: Desk, case: CaseRow) -> list[str]:
    events = await desk.unit.events.of("case", case.id)
    return [str((e.body or {})["reason"]) for e in events if e.action == Action.LEAD_PROPOSED]


@pytest.mark.parametrize(
    ("outcomes", "proposed"),
    [(("resolved", "resolved"), 1), (("resolved", "explained"), 0), (("partly", "resolved"), 0)],
)
async def test_two_denied_answers_that_said_resolved_propose_one_lead(
    office: Office, outcomes: tuple[str, str], proposed: int
) -> None:
    async with office() as desk:
        case = await answered(desk, (await filed(desk)).case, outcomes[0])
        me = citizen(case.reporter_id)
        case = await reporter.rate(desk, me, case, 1)
        case = await reporter.reopen(desk, me, case, "还是坏的")  # of one answer: denied once
        assert await leads(desk, case) == []
        case = await reporter.rate(desk, me, await answered(desk, case, outcomes[1]), 2)
        assert len(await leads(desk, case)) == proposed
        case = await do(desk, DISPATCHER, case, "reopen", reason="再核实")
        case = await reporter.rate(desk, me, await answered(desk, case), 1)
        assert await leads(desk, case) == ["答复“已解决”，群众两次不认可"]
        assert await archive.verify(desk.unit, desk.vault.archive_key) == []


async def test_who_is_called_denies_by_telephone(office: Office) -> None:
    async with office() as desk:
        case = (await filed(desk, await add_person(desk), channel=Channel.HOTLINE)).case
        for times in (1, 2):
            case = await answered(desk, case)
            said = {"reached": True, "words": "没修", "reopen": True}
            case = await do(desk, DISPATCHER, case, "follow_up", **said)
            assert len(await leads(desk, case)) == times - 1


async def test_an_officers_own_reopening_denies_nothing(office: Office) -> None:
    async with office() as desk:
        case = (await filed(desk)).case
        for _ in range(3):
            case = await answered(desk, case)
            case = await do(desk, DISPATCHER, case, "reopen", reason="抽查")
        assert await leads(desk, case) == []
