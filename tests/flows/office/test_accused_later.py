"""What becomes known after filing: a transcript, a supplement or an officer says whom the case accuses."""

import pytest

from intake.actor import citizen
from intake.cases import reporter, seeing
from intake.desk import Desk
from intake.errors import AccusedUnit, Invalid, NotFound, StaleVersion, WrongRole
from intake.profiles.schema import Flag
from intake.reporters import tell_of
from storage.stores.cases import CaseRow
from storage.vocab import Action, Mode
from tests.conftest import Office
from tests.flows.intake.people import DISPATCHER, SUPERVISOR, do, filed, handler, head, meet

LAMP = "人民路的路灯坏了半个月，请派人修一修。"
BRIBED = "市城管局的王科长收了钱不办事，态度恶劣。"


async def with_city_management(desk: Desk, mode: Mode) -> CaseRow:
    """A case about a lamp, with the unit that mends lamps."""
    unit = desk.city.index.resolve("市城管局")
    assert unit is not None
    case = (await filed(desk, text=LAMP, mode=mode, department=unit.code)).case
    assert case.department == unit.code
    return case


async def test_a_supplement_that_accuses_takes_the_case_away_at_once(office: Office) -> None:
    async with office() as desk:
        me = await meet(desk)
        case = await with_city_management(desk, Mode.NAMED)
        unit = case.department or ""
        case = await do(desk, handler(unit), case, "sign")
        case = await do(desk, handler(unit), case, "answer", text="没有问题。", outcome="unfounded")
        case = await reporter.supplement(desk, citizen(me), case, BRIBED)
        supervision = desk.city.flagged(Flag.SUPERVISION) or ""
        assert (case.department, case.state, case.answer) == (supervision, "dispatched", None)
        for actor in (handler(unit), head(unit)):
            with pytest.raises(NotFound):
                await seeing.find(desk, actor, case.tracking_no)
        clocks = [(row.kind, row.state) for row in await desk.unit.clocks.of_case(case.id)]
        assert ("answer", "returned") in clocks
        assert ("answer", "running") in clocks
        assert (await do(desk, handler(supervision), case, "sign")).state == "handling"


async def test_a_supplement_that_accuses_nobody_moves_nothing(office: Office) -> None:
    async with office() as desk:
        case = await with_city_management(desk, Mode.ANONYMOUS)
        after = await reporter.supplement(desk, citizen(case.reporter_id), case, "在小学门口。")
        assert (after.department, after.state) == (case.department, case.state)


async def test_a_transcript_that_accuses_the_unit_leads_around_it(office: Office) -> None:
    async with office() as desk:
        case = (await filed(desk, text="语音反映", mode=Mode.ANONYMOUS, awaits_transcript=True)).case
        case = await do(desk, DISPATCHER, case, "dispatch", department="市城管局")
        unit = case.department or ""
        case = await do(desk, handler(unit), case, "transcribe", text=f"我叫李小四，{BRIBED}")
        assert case.department == desk.city.flagged(Flag.SUPERVISION)
        assert "李小四" not in str(await seeing.details(desk, case))
        with pytest.raises(NotFound):
            await seeing.find(desk, handler(unit), case.tracking_no)


async def test_an_officer_widens_whom_a_case_accuses(office: Office) -> None:
    async with office() as desk:
        case = (await filed(desk, text="语音反映", mode=Mode.ANONYMOUS, awaits_transcript=True)).case
        with pytest.raises(AccusedUnit):
            await do(desk, DISPATCHER, case, "dispatch", department="市城管局", accused=["市城管局"])
        case = await do(desk, DISPATCHER, case, "dispatch", department="营商办", accused="市城管局、市住建局")
        assert len(case.accused) == 2
        assert set(case.accused) <= await desk.unit.cases.hidden_from(case.id)


async def test_an_officer_says_of_a_case_that_its_own_unit_is_accused(office: Office) -> None:
    async with office() as desk:
        case = await with_city_management(desk, Mode.CONFIDENTIAL)
        unit = case.department or ""
        case = await do(desk, handler(unit), case, "sign")
        for body in ({"accused": "没有的局", "reason": "听录音"}, {"accused": "市城管局", "reason": ""}):
            with pytest.raises(Invalid):
                await do(desk, DISPATCHER, case, "correct_accused", **body)
        with pytest.raises(WrongRole):
            await do(desk, head(unit), case, "correct_accused", accused="无", reason="不是说我们")
        case = await do(
            desk, DISPATCHER, case, "correct_accused", accused="市城管局", reason="听录音，说的是它"
        )
        assert (case.department, case.state) == (desk.city.flagged(Flag.SUPERVISION), "dispatched")
        with pytest.raises(NotFound):
            await seeing.find(desk, handler(unit), case.tracking_no)
        shown = await seeing.details(desk, await seeing.find(desk, SUPERVISOR, case.tracking_no))
        event = next(one for one in shown["events"] if one["action"] == Action.CORRECT_ACCUSED)
        assert (event["actor"], event["reason"]) == (DISPATCHER.name, "听录音，说的是它")


async def test_narrowing_wants_a_reason_and_stands_in_the_archive(office: Office) -> None:
    async with office() as desk:
        case = (await filed(desk, text=BRIBED, mode=Mode.NAMED, awaits_transcript=True)).case
        wanted = {"department": "市城管局", "accused": [], "accuses_people": False}
        with pytest.raises(AccusedUnit):
            await do(desk, DISPATCHER, case, "dispatch", department="市城管局")
        with pytest.raises(Invalid) as refused:
            await do(desk, DISPATCHER, case, "dispatch", **wanted)
        assert set(refused.value.facts["fields"]) == {"reason"}
        case = await do(desk, DISPATCHER, case, "dispatch", reason="经核实说的是商户", **wanted)
        shown = await seeing.details(desk, await seeing.find(desk, SUPERVISOR, case.tracking_no))
        event = next(one for one in shown["events"] if one["action"] == Action.DISPATCH)
        assert event["payload"]["accused_before"]["people"] is True
        assert event["payload"]["accused"] == {"units": [], "people": False}
        assert event["reason"] == "经核实说的是商户"
        assert (await seeing.find(desk, handler(case.department or ""), case.tracking_no)).id == case.id


async def test_what_is_invalid_is_said_before_the_version_is_looked_at(office: Office) -> None:
    async with office() as desk:
        case = (await filed(desk, text="语音反映", awaits_transcript=True)).case
        for body in ({"department": "没有的局"}, {"department": "市城管局", "accused": ["没有的局"]}):
            with pytest.raises(Invalid):
                await do(desk, DISPATCHER, case, "dispatch", version=case.version + 5, **body)
        with pytest.raises(StaleVersion):
            await do(desk, DISPATCHER, case, "dispatch", version=case.version + 5, department="市城管局")
        case = await do(desk, DISPATCHER, case, "dispatch", department="市城管局")
        unit = case.department or ""
        late = {"text": "好", "outcome": "planned", "planned_on": "2020-01-01", "attachments": ["0" * 32]}
        with pytest.raises(Invalid) as refused:
            await do(desk, handler(unit), case, "answer", version=case.version + 5, **late)
        assert set(refused.value.facts["fields"]) == {"planned_on", "attachments"}


ME = "我叫李小四，电话13912345678，微信号lixiaosi99"


@pytest.mark.parametrize("mode", [Mode.CONFIDENTIAL, Mode.ANONYMOUS])
async def test_no_words_of_a_hidden_reporter_stand_anywhere_as_typed(office: Office, mode: Mode) -> None:
    """Text, promise, supplements, and the reasons of rating, reopening, withdrawing and appealing."""
    async with office() as desk:
        case = (
            await filed(
                desk,
                text=f"{LAMP}{ME}。",
                mode=mode,
                promise="答应给13912345678回电",
                facts={"named_promise": "答应给13912345678回电", "amount_yuan": 3},
                department="chengguan",
            )
        ).case
        me = citizen(case.reporter_id)
        case = await reporter.supplement(desk, me, case, f"补充：{ME}")
        unit = case.department or ""
        case = await do(desk, handler(unit), case, "sign")
        case = await do(desk, handler(unit), case, "answer", text="修好了。", outcome="resolved")
        case = await do(desk, head(unit), case, "approve")
        case = await reporter.rate(desk, me, case, 1, ME)
        case = await reporter.reopen(desk, me, case, ME)
        case = await reporter.withdraw(desk, me, case, ME)
        shown = str(await seeing.details(desk, case))
        for part in ("李小四", "13912345678", "lixiaosi99"):
            assert part not in shown


async def test_a_name_that_was_given_is_hidden_wherever_it_stands(office: Office) -> None:
    """Also where no 我叫 stands before it: the office knows whom to hide."""
    async with office() as desk:
        me = await meet(desk)
        await tell_of(desk, me, name="欧阳示例", phone="0373-1234567")
        case = (await filed(desk, me, text=f"{LAMP}欧阳示例家门口", mode=Mode.CONFIDENTIAL)).case
        case = await reporter.supplement(desk, citizen(me), case, "欧阳示例再补充：还是没修")
        assert "欧阳" not in str(await seeing.details(desk, case))
