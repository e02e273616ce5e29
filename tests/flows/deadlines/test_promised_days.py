"""The days that a city promised: who is reminded of them, when, and what becomes of the clock (domain 4)."""

from dataclasses import replace
from typing import Any

from intake.actor import Actor
from intake.city import load_city
from intake.commitments import actions, making
from intake.commitments.dues import replan, start_missing
from intake.deadlines.ladder import opening
from intake.desk import Desk
from intake.recounting import DayChange, recount, set_day
from storage.stores.registry import CommitmentRow
from storage.vocab import Category, Role, Step
from tests.conftest import Office
from tests.flows.deadlines.conftest import UNIT, Turn, at, employ, everybody
from tests.flows.intake.people import SUPERVISOR, handler, head
from tests.support.time import HandClock

DISPATCHER, ADMIN = Actor(Role.DISPATCHER, "dispatcher"), Actor(Role.ADMIN, "admin")
CODE = "CN-1"
BROUGHT = {
    "code": CODE,
    "title": "示例",
    "text": "示例承诺",
    "category": "service",
    "department": UNIT,
    "state": "active",
    "historical": True,
}


async def do(desk: Desk, actor: Actor, row: CommitmentRow, action: str, **body: Any) -> CommitmentRow:
    return await actions.perform(desk, actor, row.code, action, {"version": row.version, **body})


async def published(office: Office, clock: HandClock) -> CommitmentRow:
    """Of :data:`UNIT`, promised for 2026-06-30, with a milestone on 2026-05-29."""
    clock.set(at("2026-03-03 09:30"))
    async with office() as desk:
        asked = making.NewCommitment(
            code=CODE, title="示例", text="示例承诺", category=Category.SERVICE, due_on="2026-06-30"
        )
        row = await making.create(desk, head(UNIT), asked)
        row = await do(desk, head(UNIT), row, "submit")
        row = await do(desk, handler(UNIT), row, "set_milestone", due_on="2026-05-29", title="过半")
        for step in Step:
            done = {"step": step, "done_on": "2026-03-03", "outcome": "同意", "document": "示例"}
            if step is Step.PREDISCLOSURE:
                row = await do(desk, DISPATCHER, row, "predisclose")
            row = await do(desk, handler(UNIT), row, "record_step", **done)
        return await do(desk, DISPATCHER, row, "publish")


async def test_the_ladder_of_a_promise_and_of_its_milestone(
    office: Office, clock: HandClock, turn: Turn
) -> None:
    async with office() as desk:
        await everybody(desk)
    row = await published(office, clock)
    handlers = {"handler-1", "handler-2"}
    assert await turn("2026-05-26 08:29") == []
    told = await turn("2026-05-26 08:30")
    assert {(one.clock, one.rung, one.login) for one in told} == {
        ("milestone", "T-3", one) for one in (*handlers, "head")
    }
    assert {(one.commitment, one.tracking_no) for one in told} == {(CODE, CODE)}
    assert {one.digest_id is None for one in told} == {False}
    async with office() as desk:
        row = await do(desk, handler(UNIT), row, "set_milestone", n=1, state="done", evidence="示例验收单")
    assert await turn("2026-06-25 08:29") == []
    days = ("2026-06-25", "2026-06-29", "2026-06-30", "2026-07-01", "2026-07-07")
    found = {day: await turn(f"{day} 08:30") for day in days}
    assert {day: {one.rung for one in found[day]} for day in days} == dict(
        zip(days, ({"T-3"}, {"T-1"}, {"T"}, {"T+1"}, {"T+5"}), strict=True)
    )
    assert {one.login for one in found["2026-06-30"]} == {*handlers, "head", "supervisor"}
    assert {one.login for one in found["2026-07-01"]} == {"head", "supervisor", "leader"}
    async with office() as desk:
        row = await do(desk, head(UNIT), row, "claim_fulfilled")
        await do(desk, SUPERVISOR, row, "confirm_fulfilled")
        clocks = await desk.unit.commitments.clocks(CODE)
        assert [(one.kind, one.state) for one in clocks] == [("milestone", "met"), ("fulfil", "missed")]
    assert await turn("2026-12-31 09:00") == []


async def test_what_is_kept_in_time_is_met_and_reminds_nobody(
    office: Office, clock: HandClock, turn: Turn
) -> None:
    async with office() as desk:
        await employ(desk, "head", Role.HEAD, UNIT)
    row = await published(office, clock)
    async with office() as desk:
        row = await do(desk, head(UNIT), row, "claim_fulfilled")
        await do(desk, SUPERVISOR, row, "confirm_fulfilled")
        assert {one.state for one in await desk.unit.commitments.clocks(CODE)} == {"met"}
    assert await turn("2026-12-31 09:00") == []


async def test_what_files_brought_gets_its_clock_once_a_day(office: Office, clock: HandClock) -> None:
    clock.set(at("2026-03-03 09:30"))
    days = {"CN-1": at("2026-06-30 00:00").date(), "CN-2": None}
    async with office() as desk:
        rows = [{**BROUGHT, "code": code, "due_on": day} for code, day in days.items()]
        await desk.unit.registry.add_commitments(rows, desk.now())
        assert await start_missing(desk) == 1
        assert await start_missing(desk) == 0
        await desk.unit.commitments.drop_clocks([CODE], at=desk.now())
        assert await start_missing(desk) == 1
        clocks = await desk.unit.commitments.clocks(CODE)
        assert [one.state for one in clocks] == ["returned", "running"]


async def test_a_changed_calendar_moves_the_reminders_of_a_promise(office: Office, clock: HandClock) -> None:
    await published(office, clock)
    async with office() as desk:
        _, fulfil = await desk.unit.commitments.clocks(CODE)
        assert fulfil.next_rung_at == opening(at("2026-06-25 00:00").date(), desk.city.rules)
        await set_day(desk, ADMIN, at("2026-06-26 00:00").date(), DayChange(working=False, reason="示例"))
    async with office() as opened:
        desk = replace(opened, city=await load_city(opened.unit))
        found = await recount(desk)
        assert (found.looked, found.moved) == (2, 0)
        assert await replan(desk, 10) == 0
        _, fulfil = await desk.unit.commitments.clocks(CODE)
        assert fulfil.next_rung_at == opening(at("2026-06-24 00:00").date(), desk.city.rules)
