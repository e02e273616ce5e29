"""A change of the rules binds what is dispatched afterwards, and nothing else (domain 4)."""

from pathlib import Path

import pytest
import yaml

from bot.__main__ import parser
from intake.actor import Actor
from intake.calendars import YearFault
from intake.clock import local
from intake.desk import Desk
from intake.errors import Invalid, WrongRole
from intake.profiles.schema import ProfileFaults
from intake.recounting import DayChange, recount, set_day
from intake.rules import change_rules
from storage.stores.cases import CaseRow
from storage.vocab import CaseType
from tests.conftest import Office
from tests.flows.deadlines.conftest import UNIT
from tests.flows.deadlines.test_calendar import ADMIN, fresh
from tests.flows.intake.people import DISPATCHER, SUPERVISOR, do, filed, handler
from tests.support.service import Settings


async def twenty_days(desk: Desk) -> Desk:
    """The desk after the administrator gave complaints twenty days and a reminder five days ahead."""
    rules = desk.city.rules
    ladder = (rules.ladder[0].model_copy(update={"name": "T-5", "offset": -5}), *rules.ladder[1:])
    longer = rules.model_copy(
        update={"answer_days": {**rules.answer_days, CaseType.COMPLAINT: 20}, "ladder": ladder}
    )
    await change_rules(desk, ADMIN, longer, "示例：汛期")
    return await fresh(desk)


async def due(desk: Desk, case: CaseRow) -> str:
    clocks = await desk.unit.clocks.of_case(case.id)
    return next(
        f"{local(one.due_at):%m-%d}" for one in clocks if one.kind == "answer" and one.state == "running"
    )


async def dispatched(desk: Desk, case: CaseRow) -> CaseRow:
    return (
        case if case.state == "dispatched" else await do(desk, DISPATCHER, case, "dispatch", department=UNIT)
    )


async def test_only_cases_dispatched_afterwards_follow_new_rules(office: Office) -> None:
    async with office() as desk:
        before = await dispatched(desk, (await filed(desk)).case)
        waiting = (await filed(desk, reporter_id=before.reporter_id, awaits_transcript=True)).case
        assert (before.rules_version, waiting.state) == ("henan-12345-1", "received")
        desk = await twenty_days(desk)
        waiting = await dispatched(desk, waiting)
        assert await due(desk, before) == "03-17"
        assert (await due(desk, waiting), waiting.rules_version) == ("03-31", "henan-12345-2")
        clocks = {
            one.case_id: one
            for one in await desk.unit.clocks.of_cases([before.id, waiting.id])
            if one.kind == "answer"
        }
        rungs = [clocks[case.id].next_rung_at for case in (before, waiting)]
        assert [f"{local(at):%m-%d}" for at in rungs if at] == ["03-12", "03-24"]


async def test_an_old_case_keeps_its_rules_when_a_date_is_counted_anew(office: Office) -> None:
    async with office() as desk:
        case = await dispatched(desk, (await filed(desk)).case)
        desk = await twenty_days(desk)
        case = await do(desk, handler(UNIT), case, "sign")
        await do(desk, handler(UNIT), case, "request_extension", reason="要等检测结果", days=1)
        await do(desk, DISPATCHER, case, "rule_extension", approve=True, reason="属实")
        assert await due(desk, case) == "03-18"
        await set_day(
            desk, ADMIN, local(desk.now()).date().replace(day=11), DayChange(working=False, reason="示例")
        )
        desk = await fresh(desk)
        assert (await recount(desk)).moved == 1
        assert await due(desk, case) == "03-19"


async def test_a_case_that_is_dispatched_anew_gets_the_rules_of_that_day(office: Office) -> None:
    async with office() as desk:
        case = await dispatched(desk, (await filed(desk)).case)
        desk = await twenty_days(desk)
        await do(
            desk,
            handler(UNIT),
            case,
            "request_return",
            reason="不归我们管",
            basis="三定方案",
            proposed_department="jiaoyu",
        )
        case = await do(desk, DISPATCHER, case, "rule_return", approve=True, reason="属实")
        assert (await due(desk, case), case.rules_version) == ("03-31", "henan-12345-2")


@pytest.mark.parametrize(
    ("actor", "note", "refusal"),
    [(SUPERVISOR, "x", WrongRole), (ADMIN, " ", Invalid), (ADMIN, "x", Invalid)],
)
async def test_rules_are_changed_by_an_admin_for_a_reason(
    office: Office, actor: Actor, note: str, refusal: type[Exception]
) -> None:
    async with office() as desk:
        with pytest.raises(refusal):
            await change_rules(desk, actor, desk.city.rules, note)


async def test_commands_load_a_year_and_change_the_rules(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)

    async def run(*words: str) -> str:
        asked = parser().parse_args(words)
        assert await asked.command(asked) == 0
        told = capsys.readouterr()
        return told.out + told.err

    year, file = tmp_path / "2027.yml", tmp_path / "rules.yml"
    year.write_text("year: 2027\nsource: 示例通知\ndays_off: [2027-01-01]\n", "utf-8")
    await run("calendar", "load", str(year))
    assert "year=2027" in await run("calendar", "changes")
    rules = yaml.safe_load(await run("rules", "show"))
    assert rules["reminders"]["sign"][0]["to"] == ["head", "supervisor"]
    file.write_text(yaml.safe_dump(rules | {"rework_days": 3}), "utf-8")
    assert "henan-12345-2" in await run("rules", "set", str(file), "--note", "示例")
    file.write_text(yaml.safe_dump(rules | {"office": []}), "utf-8")
    with pytest.raises(ProfileFaults, match="office"):
        await run("rules", "set", str(file), "--note", "示例")
    year.write_text("year: 2027\n", "utf-8")
    with pytest.raises(YearFault, match="source"):
        await run("calendar", "load", str(year))
