"""Reminders as staff get them: which, when, to whom, and never twice (domain 4, the ladder)."""

import asyncio
from collections import Counter
from datetime import date, timedelta

import pytest

from intake.cases.dues import Start, started
from intake.clock import local
from intake.deadlines.clocks import on
from intake.desk import Desk
from intake.identity import Vault
from intake.reminders.firing import fire
from intake.retention import forget
from storage.engine import Database
from storage.stores.cases import CaseRow
from storage.stores.reminders import ReminderRow
from storage.vocab import CaseType, ClockKind, Role
from tests.conftest import Office
from tests.flows.deadlines.conftest import UNIT, Turn, at, employ, everybody, fire_all, shown
from tests.flows.intake.people import DISPATCHER, do, filed, handler
from tests.support.time import HandClock


async def dispatched(
    office: Office, clock: HandClock, *, when: str = "2026-03-03 09:30", **facts: object
) -> CaseRow:
    """A complaint with the unit; its answer is due on 2026-03-17 when it was sent there on the third."""
    clock.set(at(when))
    async with office() as desk:
        case = (await filed(desk, **facts)).case
        if case.state == "received":
            case = await do(desk, DISPATCHER, case, "dispatch", department=UNIT)
        return case


async def signed(office: Office, case: CaseRow) -> CaseRow:
    async with office() as desk:
        return await do(desk, handler(case.department or ""), case, "sign")


def answers(rows: list[ReminderRow]) -> set[tuple[str, str | None]]:
    return {(one.rung, one.login) for one in rows if one.clock == "answer"}


async def test_the_ladder_reaches_more_people_as_the_date_comes_near(
    office: Office, clock: HandClock, turn: Turn
) -> None:
    async with office() as desk:
        await everybody(desk)
    await signed(office, await dispatched(office, clock))
    assert answers(await turn("2026-03-12 08:29")) == set()
    assert answers(await turn("2026-03-12 08:30")) == {("T-3", "handler-1"), ("T-3", "handler-2")}
    assert answers(await turn("2026-03-16 08:30")) == {("T-1", f"handler-{n}") for n in (1, 2)} | {
        ("T-1", "head")
    }
    on_the_day = {"handler-1", "handler-2", "head", "supervisor"}
    assert answers(await turn("2026-03-17 08:30")) == {("T", one) for one in on_the_day}
    assert answers(await turn("2026-03-18 08:30")) == {
        ("T+1", one) for one in ("head", "supervisor", "leader")
    }
    assert answers(await turn("2026-03-24 08:30")) == {("T+5", one) for one in ("head", "supervisor")}
    assert answers(await turn("2026-12-24 08:30")) == set()


async def test_the_last_rung_proposes_a_lead_in_the_archive(
    office: Office, clock: HandClock, turn: Turn
) -> None:
    case = await signed(office, await dispatched(office, clock))
    await turn("2026-03-24 08:30")
    async with office() as desk:
        events = await desk.unit.events.of("case", case.id)
        proposed = [event for event in events if event.action == "lead_proposed"]
        assert [(event.body or {})["due"] for event in proposed] == ["2026-03-17"]
        again = await desk.unit.cases.get(case.id)
        assert again is not None
        assert again.last_hash == proposed[0].hash
        assert (await do(desk, DISPATCHER, again, "note", text="已约谈")).last_seq == again.last_seq + 1


async def test_a_rung_is_fired_once_however_often_one_looks(
    office: Office, clock: HandClock, turn: Turn
) -> None:
    await signed(office, await dispatched(office, clock))
    assert len(answers(await turn("2026-03-12 08:30"))) == 1
    for _ in range(3):
        assert answers(await turn("2026-03-12 08:31")) == set()


async def test_what_was_missed_while_the_service_was_away_comes_once_in_office_hours(
    office: Office, clock: HandClock, turn: Turn
) -> None:
    await signed(office, await dispatched(office, clock))
    assert answers(await turn("2026-03-16 22:00")) == set()
    assert {rung for rung, _ in answers(await turn("2026-03-17 08:30"))} == {"T-3", "T-1", "T"}


async def test_a_short_limit_leaves_out_what_would_come_on_the_day_of_dispatch(
    office: Office, clock: HandClock, turn: Turn
) -> None:
    case = await dispatched(office, clock, type=CaseType.INQUIRY, text="居住证怎么办理？")
    await signed(office, case)
    assert {rung for rung, _ in answers(await turn("2026-03-12 08:30"))} == {"T-1", "T", "T+1"}


async def test_after_an_extension_only_the_rungs_of_the_new_date_count(
    office: Office, clock: HandClock, turn: Turn
) -> None:
    case = await signed(office, await dispatched(office, clock))
    assert {rung for rung, _ in answers(await turn("2026-03-16 09:00"))} == {"T-3", "T-1"}
    async with office() as desk:
        unit = handler(case.department or "")
        await do(desk, unit, case, "request_extension", reason="要等检测结果", days=2)
        await do(desk, DISPATCHER, case, "rule_extension", approve=True, reason="属实")
    assert answers(await turn("2026-03-17 08:30")) == set()  # T-3 of 3月19日 was this very day's eve
    assert {rung for rung, _ in answers(await turn("2026-03-18 08:30"))} == {"T-1"}
    assert {rung for rung, _ in answers(await turn("2026-03-19 08:30"))} == {"T"}


async def test_an_unsigned_case_reminds_head_and_supervisor(
    office: Office, clock: HandClock, turn: Turn
) -> None:
    async with office() as desk:
        await everybody(desk)
    await dispatched(office, clock)
    assert shown(await turn("2026-03-04 09:30")) == set()
    assert shown(await turn("2026-03-04 09:31")) == {
        ("sign", "late", "head", "03-04 09:31"),
        ("sign", "late", "supervisor", "03-04 09:31"),
    }


async def test_an_urgent_case_reminds_at_once_at_night(office: Office, clock: HandClock, turn: Turn) -> None:
    async with office() as desk:
        await everybody(desk)
    await dispatched(office, clock, when="2026-03-07 20:10", urgent=True)
    found = shown(await turn("2026-03-07 22:11"))
    assert ("sign", "late", "head", "03-07 22:11") in found


async def test_an_ordinary_case_waits_for_the_office(office: Office, clock: HandClock, turn: Turn) -> None:
    async with office() as desk:
        await everybody(desk)
    await dispatched(office, clock, when="2026-03-06 17:00")
    assert shown(await turn("2026-03-09 23:00")) == set()
    assert {one[3] for one in shown(await turn("2026-03-10 08:30"))} == {"03-10 08:30"}


async def test_the_dispatcher_is_reminded_of_what_nobody_dispatched(
    office: Office, clock: HandClock, turn: Turn
) -> None:
    async with office() as desk:
        await everybody(desk)
        await filed(desk, awaits_transcript=True)
    found = shown(await turn("2026-03-04 09:31"))
    assert {(clock_, login) for clock_, _, login, _ in found} == {
        ("dispatch", "dispatcher"),
        ("dispatch", "supervisor"),
    }


async def test_the_one_who_has_the_case_is_reminded_alone(
    office: Office, clock: HandClock, turn: Turn
) -> None:
    async with office() as desk:
        await everybody(desk)
    case = await signed(office, await dispatched(office, clock))
    async with office() as desk:
        now = await desk.unit.cases.get(case.id)
        assert now is not None
        await desk.unit.cases.change(now, {"assignee": "handler-2"})
    assert answers(await turn("2026-03-12 08:30")) == {("T-3", "handler-2")}


async def test_a_post_that_nobody_holds_is_shown_as_not_told(
    office: Office, clock: HandClock, turn: Turn
) -> None:
    await signed(office, await dispatched(office, clock))
    (row,) = [one for one in await turn("2026-03-12 08:30") if one.clock == "answer"]
    assert (row.login, row.role, row.department, row.delivered) == (None, "handler", UNIT, False)


@pytest.mark.parametrize("batch", [1, 500])
async def test_one_digest_for_each_person_holds_whatever_came_due_in_the_minute(
    office: Office, clock: HandClock, turn: Turn, batch: int
) -> None:
    async with office() as desk:
        await everybody(desk)
        await employ(desk, "elsewhere", Role.HANDLER, "jiaoyu")
    for n in range(3):
        await signed(office, await dispatched(office, clock, when=f"2026-03-03 1{n}:00"))
    clock.set(at("2026-03-16 08:30"))
    await fire_all(office, batch)
    found = await turn("2026-03-16 08:31")
    of_head = [one for one in found if one.login == "head"]
    assert len(of_head) == 3
    assert len({one.digest_id for one in of_head}) == 1
    assert len({one.digest_id for one in found if one.login == "handler-1"}) == 1
    assert not [one for one in found if one.login == "elsewhere"]
    assert all(local(one.at) - at("2026-03-16 08:30") < timedelta(minutes=1) for one in found)


async def test_a_collaboration_reminds_the_unit_that_was_asked(
    office: Office, clock: HandClock, turn: Turn
) -> None:
    async with office() as desk:
        await everybody(desk)
        await employ(desk, "elsewhere", Role.HANDLER, "jiaoyu")
    case = await signed(office, await dispatched(office, clock))
    async with office() as desk:
        asked = Start(ClockKind.COLLABORATION, desk.now(), on(date(2026, 3, 10)), "jiaoyu")
        await desk.unit.clocks.start([started(desk, case, desk.city.rules, asked)])
    found = {(one.rung, one.login) for one in await turn("2026-03-09 08:30") if one.clock == "collaboration"}
    assert found == {("T-1", "elsewhere"), ("T-1", None)}, "it has no head, and that is shown"


async def test_two_processes_fire_each_rung_once_into_one_digest(
    office: Office, clock: HandClock, database: Database, database_url: str, vault: Vault
) -> None:
    async with office() as desk:
        await everybody(desk)
        city = desk.city
    for n in range(12):
        await dispatched(office, clock, when=f"2026-03-03 09:{n:02}")
    clock.set(at("2026-03-12 08:30"))
    other = Database(database_url)

    async def work(own: Database) -> None:
        for _ in range(40):
            await own.run(lambda unit: fire(Desk(unit, clock, vault, city), 2))

    await asyncio.gather(work(database), work(other))
    await other.close()
    async with office() as desk:
        found = await desk.unit.reminders.since(None, limit=1000)
    told = Counter((one.tracking_no, one.clock, one.rung, one.login) for one in found)
    assert set(told.values()) == {1}
    assert len({one.tracking_no for one in found}) == 12
    assert len({one.digest_id for one in found if one.login == "head"}) == 1


async def test_reminders_are_deleted_after_a_year_and_fired_no_second_time(
    office: Office, clock: HandClock, turn: Turn
) -> None:
    async with office() as desk:
        await everybody(desk)
    case = await signed(office, await dispatched(office, clock))
    for moment in ("2026-03-12 08:30", "2026-03-24 08:30"):
        await turn(moment)

    async def kept(moment: str) -> int:
        clock.set(at(moment))
        async with office() as desk:
            await forget(desk)
        await fire_all(office)
        async with office() as desk:
            return len(await desk.unit.reminders.since(None, limit=1000))

    async with office() as desk:
        events = await desk.unit.events.of("case", case.id)
    every = await kept("2027-03-05 08:00")
    rest = await kept("2027-03-20 08:00")
    assert 0 < rest < every
    assert await kept("2027-03-24 08:31") == 0
    async with office() as desk:
        assert await desk.unit.events.of("case", case.id) == events
