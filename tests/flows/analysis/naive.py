"""The figures once more, as docs/figures.md words them: case by case, from the rows, in plain Python."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intake.clock import local
from intake.desk import Desk
from storage.stores.cases import CaseRow
from storage.stores.clocks import ClockRow
from storage.stores.events import EventRow
from storage.stores.requests import RequestRow

STEPS = ("dispatch", "sign", "answer", "approve")


@dataclass(frozen=True)
class Whole:
    """A case with all its rows."""

    case: CaseRow
    clocks: list[ClockRow]
    requests: list[RequestRow]
    events: list[EventRow]
    reachable: bool


async def everything(desk: Desk) -> list[Whole]:
    unit, found = desk.unit, []
    for case_id in await _ids(desk):
        case = await unit.cases.get(case_id)
        assert case is not None
        gone = await unit.identities.unreachable([case.reporter_id])
        found.append(
            Whole(
                case,
                await unit.clocks.of_case(case_id),
                await unit.requests.of_case(case_id),
                await unit.events.of("case", case_id),
                case.reporter_id not in gone,
            )
        )
    return found


async def _ids(desk: Desk) -> list[str]:
    rows = await desk.unit.connection.exec_driver_sql("SELECT id FROM case_file ORDER BY id")
    return [row[0] for row in rows]


def figures_of(one: Whole, now: datetime) -> set[str]:
    """The names of the figures that count this case."""
    case, found = one.case, set()
    if case.state in ("received", "dispatched", "handling", "reviewing"):
        found.add("open")
    found |= {"undispatched"} if not case.department else set()
    found |= {"placeless"} if not case.place else set()
    for kind, name in (("return", "returned"), ("extension", "extended")):
        if [row for row in one.requests if row.kind == kind and row.approved]:
            found.add(name)
    if any(event.action == "reopen" for event in one.events):
        found.add("reopened")
    found |= {f"took_{step}" for step in hours_of(one)}
    if case.state not in ("declined", "withdrawn"):
        found |= _punctual(one, now) | _rates(one, now)
    return found


def _punctual(one: Whole, now: datetime) -> set[str]:
    answers = [clock for clock in one.clocks if clock.kind in ("answer", "rework")]
    if any(_late(clock, now) for clock in answers):
        return {"due", "late"}
    return {"due", "on_time"} if any(clock.state == "met" for clock in answers) else set()


def _rates(one: Whole, now: datetime) -> set[str]:
    case = one.case
    if case.mode == "anonymous":
        return {"anonymous"}
    if not one.reachable or case.calls_missed >= 3:
        return {"unreachable"}
    found = set()
    contacts = [clock for clock in one.clocks if clock.kind == "first_contact" and clock.state != "returned"]
    in_time = [clock for clock in contacts if clock.state == "met" or _answered(case, clock)]
    if any(_late(clock, now) and clock not in in_time for clock in contacts):
        found |= {"contact_due", "not_contacted"}
    elif in_time:
        found |= {"contact_due", "contacted"}
    if case.state in ("answered", "closed"):
        found.add("answered")
        if case.outcome == "resolved" and case.rating not in (1, 2):
            found.add("resolved")
    if case.rating is not None:
        found |= {"rated", "satisfied" if case.rating > 2 else "dissatisfied"}
    return found


def _answered(case: CaseRow, clock: ClockRow) -> bool:
    return case.answered_at is not None and case.answered_at <= clock.due_at


def _late(clock: ClockRow, now: datetime) -> bool:
    return clock.state == "missed" or (clock.state == "running" and clock.due_at < now)


def hours_of(one: Whole) -> dict[str, int]:
    """Step → tenths of an hour from the first of the step before to the first of it, rounded down."""
    firsts = {"filed": one.case.created_at}
    for event in one.events:
        firsts.setdefault(event.action, event.at)
    found = {}
    for before, step in zip(("filed", *STEPS), STEPS, strict=False):
        if before in firsts and step in firsts and firsts[step] >= firsts[before]:
            seconds = int(firsts[step].timestamp()) - int(firsts[before].timestamp())
            found[step] = seconds // 360
    return found


def hop_of(one: Whole) -> int | None:
    hops = [row.hop_seconds or 0 for row in one.requests if row.kind == "return" and row.approved]
    return sum(hops) // 360 if hops else None


def nth(values: list[int], per_cent: int) -> float | None:
    """The value at ``per_cent`` of a hundred, in hours."""
    ordered = sorted(values)
    at_least = [v for n, v in enumerate(ordered, 1) if n * 100 >= per_cent * len(ordered)]
    return at_least[0] / 10 if at_least else None


def day_of(one: Whole) -> str:
    return f"{local(one.case.created_at):%Y-%m-%d}"


def sees(one: Whole, department: str | None, hidden: set[str]) -> bool:
    return department is None or (one.case.department == department and one.case.id not in hidden)


def cells(told: Any) -> list[dict[str, Any]]:
    """Every number of an analysis that has a list behind it."""
    if isinstance(told, list):
        return [cell for each in told for cell in cells(each)]
    if not isinstance(told, dict):
        return []
    return ([told] if "query" in told else []) + cells(list(told.values()))
