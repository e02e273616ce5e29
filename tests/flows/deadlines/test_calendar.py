"""A calendar that changes: who may, what is logged, which dates move, and who is told (domain 4)."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from intake.actor import Actor
from intake.calendars import Year, YearFault, known, read_year
from intake.city import load_city
from intake.clock import local
from intake.deadlines.workdays import Workdays
from intake.desk import Desk
from intake.recounting import DayChange, load_year, notice_version, recount, set_day
from storage.stores.cases import CaseRow
from storage.stores.clocks import ClockRow
from storage.vocab import CaseType, Role
from tests.conftest import Office
from tests.flows.api.service import Service
from tests.flows.console.reader import signed_in
from tests.flows.deadlines.conftest import UNIT, Turn, at, everybody
from tests.flows.intake.people import DISPATCHER, do, filed, handler
from tests.support.time import HandClock

ADMIN = Actor(Role.ADMIN, "admin")
NEW_YEAR = {
    "year": 2027,
    "source": "示例通知",
    "days_off": ["2027-01-01", "2027-01-04", "2027-01-05"],
    "make_up": ["2027-01-09"],
}


def year(**changed: Any) -> Year:
    return Year.model_validate(NEW_YEAR | changed)


async def fresh(desk: Desk) -> Desk:
    """The desk with the calendar as this unit has it."""
    return replace(desk, city=await load_city(desk.unit, desk.city))


async def recount_all(office: Office) -> int:
    """Count anew until nothing stands behind; how many dates moved."""
    moved, looked = 0, 1
    while looked:
        async with office() as desk:
            found = await recount(await fresh(desk))
        looked, moved = found.looked, moved + found.moved
    return moved


async def change(office: Office, day: date, *, working: bool) -> int:
    async with office() as desk:
        await set_day(await fresh(desk), ADMIN, day, DayChange(working=working, reason="示例：全市防汛停工"))
    return await recount_all(office)


async def complaint(office: Office, clock: HandClock, when: str, **facts: Any) -> CaseRow:
    clock.set(at(when))
    async with office() as desk:
        case = (await filed(desk, **facts)).case
        if case.state == "received":
            case = await do(desk, DISPATCHER, case, "dispatch", department=UNIT)
        return await do(desk, handler(UNIT), case, "sign")


async def answer_clock(office: Office, case: CaseRow) -> ClockRow:
    async with office() as desk:
        return next(one for one in await desk.unit.clocks.of_case(case.id) if one.kind == "answer")


async def pushed(office: Office, case: CaseRow) -> list[dict[str, Any]]:
    async with office() as desk:
        rows = [one for one in await desk.unit.outbox.of_case(case.id) if one.notice == "date_changed"]
        return [desk.vault.open_json(one.body or b"", "outbox") for one in rows]


async def test_a_day_off_moves_the_dates_that_reach_over_it_and_the_citizens_are_told(
    office: Office, clock: HandClock
) -> None:
    over = await complaint(office, clock, "2026-03-03 09:30")  # until 3月17日
    before = await complaint(
        office,
        clock,
        "2026-03-03 09:30",
        type=CaseType.INQUIRY,
        text="居住证怎么办理？",
        reporter_id=over.reporter_id,
    )
    assert await change(office, date(2026, 3, 11), working=False) == 1
    moved = await answer_clock(office, over)
    assert f"{local(moved.due_at):%m-%d %H:%M:%S}" == "03-18 23:59:59"
    assert "3月11日放假，不计" in moved.explanation
    assert moved.due_version == 2
    assert (await answer_clock(office, before)).due_version == 1
    (push,) = await pushed(office, over)
    assert (push["due"], push["why"]) == ("2026-03-18", "calendar")
    assert await pushed(office, before) == []
    async with office() as desk:
        event = (await desk.unit.events.of("case", over.id))[-1]
        assert (event.action, event.actor) == ("recount", "system")
        assert event.body == {
            "clock": "answer",
            "before": "2026-03-17T23:59+08:00",
            "after": "2026-03-18T23:59+08:00",
        }
        last = await desk.unit.calendar.last()
        assert last is not None
        assert (last.actor, last.reason) == ("admin", "示例：全市防汛停工")
        assert last.what == {"day": "2026-03-11", "before": True, "after": False}


async def test_the_rungs_are_those_of_the_new_date(office: Office, clock: HandClock, turn: Turn) -> None:
    async with office() as desk:
        await everybody(desk)
    await complaint(office, clock, "2026-03-03 09:30")
    assert {one.rung for one in await turn("2026-03-12 08:30") if one.clock == "answer"} == {"T-3"}
    assert await change(office, date(2026, 3, 16), working=False) == 1  # 3月17日 → 3月18日
    rungs = {one.rung for one in await turn("2026-03-13 08:30") if one.clock == "answer"}
    assert rungs == {"T-3"}, "the third working day before the new date"
    assert [one for one in await turn("2026-03-16 12:00") if one.clock == "answer"] == []
    assert {one.rung for one in await turn("2026-03-17 08:30") if one.clock == "answer"} == {"T-1"}


async def test_a_change_that_is_taken_back_leaves_the_first_date(office: Office, clock: HandClock) -> None:
    case = await complaint(office, clock, "2026-03-03 09:30")
    await change(office, date(2026, 3, 11), working=False)
    assert await change(office, date(2026, 3, 11), working=True) == 1
    back = await answer_clock(office, case)
    assert f"{local(back.due_at):%m-%d}" == "03-17"
    assert [push["due"] for push in await pushed(office, case)] == ["2026-03-18", "2026-03-17"]


async def test_what_a_process_with_the_old_calendar_starts_is_put_right(
    office: Office, clock: HandClock
) -> None:
    assert await change(office, date(2026, 3, 11), working=False) == 0
    case = await complaint(office, clock, "2026-03-03 09:30")  # the office still counts as before
    assert f"{local((await answer_clock(office, case)).due_at):%m-%d}" == "03-17"
    assert await recount_all(office) == 1
    assert f"{local((await answer_clock(office, case)).due_at):%m-%d}" == "03-18"


async def test_an_extension_stays_when_the_calendar_changes(office: Office, clock: HandClock) -> None:
    case = await complaint(office, clock, "2026-03-03 09:30")
    async with office() as desk:
        await do(desk, handler(UNIT), case, "request_extension", reason="要等检测结果", days=2)
        await do(desk, DISPATCHER, case, "rule_extension", approve=True, reason="属实")
    await change(office, date(2026, 3, 11), working=False)
    assert f"{local((await answer_clock(office, case)).due_at):%m-%d}" == "03-20"


async def test_an_estimate_becomes_a_date_when_the_year_is_loaded(office: Office, clock: HandClock) -> None:
    case = await complaint(office, clock, "2026-12-25 10:00")
    guessed = await answer_clock(office, case)
    assert (guessed.estimated, f"{local(guessed.due_at):%Y-%m-%d}") == (True, "2027-01-08")
    async with office() as desk:
        assert await load_year(await fresh(desk), ADMIN, year()) == []
    assert await recount_all(office) == 1
    sure = await answer_clock(office, case)
    assert (sure.estimated, f"{local(sure.due_at):%Y-%m-%d}") == (False, "2027-01-12")
    assert "2027年1月9日（调休上班）" in sure.explanation
    (push,) = await pushed(office, case)
    assert (push["due"], push["estimated"]) == ("2027-01-12", False)


async def test_a_year_that_confirms_an_estimate_tells_nobody(office: Office, clock: HandClock) -> None:
    case = await complaint(office, clock, "2026-12-25 10:00")
    quiet = year(days_off=["2027-05-03"], make_up=[])
    async with office() as desk:
        await load_year(await fresh(desk), ADMIN, quiet)
    assert await recount_all(office) == 0
    assert (await answer_clock(office, case)).estimated is False
    assert await pushed(office, case) == []


async def test_an_admins_own_day_outlives_the_loaded_year(office: Office) -> None:
    async with office() as desk:
        await set_day(await fresh(desk), ADMIN, date(2027, 1, 9), DayChange(working=False, reason="示例"))
        assert await load_year(await fresh(desk), ADMIN, year()) == [date(2027, 1, 9)]
        calendar: Workdays = (await fresh(desk)).city.workdays
        assert not calendar.is_workday(date(2027, 1, 9))
        assert not calendar.is_workday(date(2027, 1, 4))
        assert not calendar.is_estimated(date(2027, 1, 6))


async def test_clocks_of_before_the_calendar_get_their_reminders(office: Office, clock: HandClock) -> None:
    case = await complaint(office, clock, "2026-03-03 09:30")
    async with office() as desk:
        row = next(one for one in await desk.unit.clocks.of_case(case.id) if one.kind == "answer")
        await desk.unit.clocks.change(row.id, {"next_rung_at": None})
        assert await notice_version(desk)
        assert not await notice_version(desk)
    assert await recount_all(office) == 0
    again = (await answer_clock(office, case)).next_rung_at
    assert again is not None
    assert f"{local(again):%m-%d %H:%M}" == "03-12 08:30"
    assert len(known()) == 64


async def test_a_version_that_knows_more_years_counts_anew(
    office: Office, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await complaint(office, clock, "2026-12-25 10:00")
    async with office() as desk:
        assert await notice_version(desk)
    await recount_all(office)
    monkeypatch.setattr("intake.calendars.shipped", lambda: (year(),))
    async with office() as desk:
        assert await notice_version(desk)
        assert not await notice_version(desk)
    assert await recount_all(office) == 1
    assert f"{local((await answer_clock(office, case)).due_at):%Y-%m-%d}" == "2027-01-12"


@pytest.mark.parametrize(
    "wrong",
    [
        {"days_off": []},
        {"days_off": ["2026-01-01"]},
        {"make_up": ["2027-01-01"]},
        {"source": ""},
        {"more": 1},
    ],
)
def test_a_file_that_is_no_year_is_refused(tmp_path: Path, wrong: dict[str, Any]) -> None:
    file = tmp_path / "2027.yml"
    file.write_text(yaml.safe_dump(NEW_YEAR | wrong, allow_unicode=True), "utf-8")
    with pytest.raises(YearFault):
        read_year(file)


def test_a_years_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "2027.yml"
    file.write_text(yaml.safe_dump(NEW_YEAR, allow_unicode=True), "utf-8")
    assert read_year(file) == year()


async def put(service: Service, day: str, role: Role = Role.ADMIN, **body: Any) -> tuple[int, dict[str, Any]]:
    answer = await service.ask("PUT", f"/calendar/{day}", role, json=body)
    told: dict[str, Any] = await answer.json()
    return answer.status, told


async def test_an_admin_says_of_a_day_whether_people_work(service: Service) -> None:
    answer = await service.ask("GET", "/calendar/2030-03-12", Role.ADMIN)
    assert (await answer.json()) == {
        "date": "2030-03-12",
        "working": True,
        "estimated": True,
        "source": "weekday",
        "reason": None,
        "set_by": None,
        "set_at": None,
    }
    status, told = await put(service, "2030-03-12", working=False, reason="示例：停工")
    assert status == 200
    assert (told["working"], told["source"], told["reason"]) == (False, "override", "示例：停工")
    assert (told["set_by"], told["pending"]) == ("admin-city", False)
    answer = await service.ask("GET", "/calendar/2026-10-10", Role.ADMIN)
    assert (await answer.json())["source"] == "published"


async def test_the_api_shows_the_moved_date_and_explains_it(service: Service) -> None:
    clock = service.process.clock
    clock.set_ahead((at("2031-03-04 09:00") - clock.wall()).total_seconds())
    case = (await service.file("市住建局承诺今年六月交付安置房，没有兑现。")).case

    async def due() -> dict[str, Any]:
        answer = await service.ask("GET", f"/cases/{case.tracking_no}", Role.SUPERVISOR)
        return next(one for one in (await answer.json())["clocks"] if one["kind"] == "answer")

    before = await due()
    assert (before["due_at"], before["estimated"]) == ("2031-03-18T23:59:59+08:00", True)
    _, told = await put(service, "2031-03-08", working=True, reason="示例：补班")
    assert told["moved"] >= 1
    after = await due()
    assert after["due_at"] == "2031-03-17T23:59:59+08:00"
    assert "3月8日（调休上班）" in after["explanation"]


async def test_the_console_calls_an_estimate_one_and_explains_it(service: Service) -> None:
    clock = service.process.clock
    clock.set_ahead((at("2031-03-04 09:00") - clock.wall()).total_seconds())
    case = (await service.file("市住建局承诺今年六月交付安置房，没有兑现。")).case
    async with signed_in(service, Role.SUPERVISOR) as supervisor:
        await supervisor.open("/console/cases")
        assert "（预计）" in supervisor.text
        await supervisor.open(f"/console/cases/{case.tracking_no}")
        assert "预计" in supervisor.text
        assert "10 个工作日：3月5日、3月6日" in supervisor.text


async def test_only_an_admin_and_only_a_day(service: Service) -> None:
    assert (await service.ask("GET", "/calendar/2026-03-12")).status == 401
    assert (await service.ask("GET", "/calendar/2026-03-12", Role.SUPERVISOR)).status == 403
    assert (await put(service, "2026-03-12", Role.SUPERVISOR, working=True, reason="x"))[0] == 403
    assert (await put(service, "2026-13-12", working=True, reason="示例"))[0] == 422
    for wrong in ({"working": True}, {"reason": "示例"}, {"working": "yes", "reason": "示例"}, {}):
        assert (await put(service, "2026-03-12", **wrong))[0] == 422
