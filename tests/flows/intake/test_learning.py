"""Corrections become examples that lead to nobody; an administrator decides on them."""

import pytest

from intake import learning, model_choice, reporters
from intake.actor import Actor
from intake.cases.actions import perform
from intake.cases.opening import NewCase, file_case
from intake.errors import Invalid, WrongRole
from storage.stores.cases import CaseRow
from storage.vocab import CaseType, Channel, ExampleState, Mode, Role
from tests.conftest import Office

ADMIN, DISPATCHER = Actor(Role.ADMIN, "admin"), Actor(Role.DISPATCHER, "dispatcher")
ID_NUMBER = "410702199001011234"
TEXT = f"小区门口的路灯坏了一个月，路面坑坑洼洼没人修，我叫王小明，身份证{ID_NUMBER}，单号TS20261123000423"


async def filed(office: Office, text: str = TEXT, mode: Mode = Mode.NAMED) -> CaseRow:
    async with office() as desk:
        reporter = await reporters.add_person(desk, name="王小明")
        new = NewCase(CaseType.COMPLAINT, Channel.HOTLINE, text, reporter, mode=mode, awaits_transcript=True)
        case = (await file_case(desk, DISPATCHER, new)).case
        return await desk.unit.cases.change(case, {"transcript": text, "awaits_transcript": False})


async def dispatch_elsewhere(office: Office, case: CaseRow) -> str:
    """Send a case to a unit that nobody suggested; its code."""
    async with office() as desk:
        taken = {one["code"] for one in case.suggestion} | {case.department}
        hidden = await desk.unit.cases.hidden_from(case.id)
        other = next(code for code in desk.city.units if code not in taken and code not in hidden)
        await perform(
            desk,
            DISPATCHER,
            case.tracking_no,
            "dispatch",
            {"department": desk.city.unit_name(other), "version": case.version},
        )
        return other


@pytest.mark.parametrize("mode", list(Mode))
async def test_a_dispatch_to_another_unit_is_an_example_that_leads_to_nobody(
    office: Office, mode: Mode
) -> None:
    case = await filed(office, mode=mode)
    other = await dispatch_elsewhere(office, case)
    async with office() as desk:
        [row] = await learning.listed(desk, ADMIN)
    assert (row.origin, row.state, row.department) == ("dispatcher", "proposed", other)
    assert row.said_department == case.suggestion[0]["code"]
    assert "路灯坏了一个月" in row.text
    for told in ("王小明", ID_NUMBER, "TS20261123000423"):
        assert told not in row.text


async def test_an_approved_return_to_another_unit_is_the_handlers_word(office: Office) -> None:
    case = await filed(office)
    async with office() as desk:
        first, second = [code for code in desk.city.units if code != case.suggestion[0]["code"]][:2]
        moved = await desk.unit.cases.change(case, {"department": first})
        await learning.returned(desk, moved, second)
        await learning.returned(desk, moved, second)
    async with office() as desk:
        [row] = await learning.listed(desk, ADMIN)
    assert (row.origin, row.said_department, row.department) == ("handler", first, second)


async def test_a_dispatch_as_suggested_and_the_same_type_teach_nothing(office: Office) -> None:
    case = await filed(office)
    async with office() as desk:
        await learning.dispatched(desk, DISPATCHER, case, str(case.suggestion[0]["code"]))
        await learning.retyped(desk, case, CaseType.COMPLAINT)
    async with office() as desk:
        assert await learning.listed(desk, ADMIN) == []


async def test_only_an_administrator_decides_and_may_put_words_and_labels_right(office: Office) -> None:
    case = await filed(office)
    async with office() as desk:
        await learning.retyped(desk, case, CaseType.SUGGESTION)
    async with office() as desk:
        [row] = await learning.listed(desk, DISPATCHER)
        labels = {"text": "路灯坏了，电话13712345678", "intent": "inquiry", "department": ""}
        with pytest.raises(WrongRole):
            await learning.decide(desk, DISPATCHER, row.id, ExampleState.ACCEPTED, **labels)
        with pytest.raises(WrongRole):
            await learning.listed(desk, Actor(Role.HANDLER, "handler", "zhujian"))
        with pytest.raises(Invalid):
            await learning.decide(desk, ADMIN, row.id, ExampleState.ACCEPTED, **labels | {"intent": "greet"})
        await learning.decide(desk, ADMIN, row.id, ExampleState.ACCEPTED, **labels)
    async with office() as desk:
        [kept] = await desk.unit.learning.accepted()
        assert (kept.intent, kept.decided_by) == ("inquiry", "admin")
        assert "13712345678" not in kept.text
        assert await desk.unit.learning.counts() == {"accepted": 1}


async def test_a_model_is_chosen_among_those_offered_and_the_way_back_is_open(office: Office) -> None:
    offered = frozenset({"learned-1"})
    async with office() as desk:
        with pytest.raises(WrongRole):
            await model_choice.want(desk, DISPATCHER, "learned-1", offered=offered)
        with pytest.raises(Invalid):
            await model_choice.want(desk, ADMIN, "learned-2", offered=offered)
        await model_choice.want(desk, ADMIN, "learned-1", offered=offered)
        await model_choice.answers_at(desk, "learned-1", "http://127.0.0.1:1")
    async with office() as desk:
        choice = await desk.unit.learning.choice()
        assert (choice.wanted, choice.before, choice.answering) == ("learned-1", "", "learned-1")
        assert await model_choice.back(desk, ADMIN) == ""
    async with office() as desk:
        assert await model_choice.back(desk, ADMIN) == "learned-1"
