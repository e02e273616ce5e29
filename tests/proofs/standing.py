"""How a case stands in the database: its rows, its events as a case on paper, and whether they agree."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from intake.desk import Desk
from storage.stores.cases import CaseRow
from storage.stores.clocks import ClockRow
from storage.stores.events import EventRow
from storage.tables.cases import hidden_from
from tests.proofs import paper
from tests.proofs.paper import Paper, Step

DATED = frozenset({"milestone", "collaboration", "fulfil", "supervision"})
ENDED = {"met", "missed", "returned"}


@dataclass(frozen=True)
class History:
    """A case with its events, its clocks, and what they come to on paper."""

    case: CaseRow
    events: list[EventRow]
    clocks: list[ClockRow]
    paper: Paper

    def check(self) -> None:
        """One state, which the events tell; the clocks that they demand; dates as they were moved."""
        case, told = self.case, self.events
        assert [e.seq for e in told] == list(range(1, case.last_seq + 1))
        assert told[-1].hash == case.last_hash
        assert [e.from_state for e in told[1:]] == [e.to_state for e in told[:-1]]
        assert case.state == told[-1].to_state == self.paper.state
        self._clocks()
        for clock in self.clocks:
            self._dates(clock)

    def _clocks(self) -> None:
        on = self.paper
        assert Counter(_name(c) for c in self.clocks if c.ended_at is None) == on.running, (
            self.case.state,
            on,
        )
        paused = Counter(_name(c) for c in self.clocks if c.state == "paused")
        if on.merged:
            assert paused == Counter({kind: on.running[kind] for kind in on.resting}), (paused, on)
        else:
            assert paused.total() == (on.asked is not None), on
            assert paused.keys() <= paper.ANSWERS

    def _dates(self, clock: ClockRow) -> None:
        assert (clock.ended_at is not None) == (clock.state in ENDED), clock
        if clock.ended_at is not None and clock.state != "returned":
            assert (clock.state == "met") == (clock.ended_at <= clock.due_at), clock
        if clock.kind in DATED:
            assert not clock.moves
            return
        moves = clock.moves or []
        due = paper.due(clock.kind, self.case.type, self.case.urgent, clock.started_at, moves)
        assert clock.due_at == due, (clock, due)
        during = [e for e in self.events if clock.started_at <= e.at <= (clock.ended_at or e.at)]
        asked = [e.at.isoformat() for e in during if e.action == "ask_citizen"]
        assert all(move["asked_at"] in asked for move in moves if move["why"] == "pause"), (moves, asked)
        granted = sum((e.body or {}).get("ruling") == "同意" and e.action == "rule_extension" for e in during)
        assert (
            sum(move["why"] == "extension" for move in moves) == granted <= 1
            or clock.kind not in paper.ANSWERS
        )


def _name(clock: ClockRow) -> str:
    return f"{clock.kind}:{clock.department}" if clock.kind == "collaboration" else clock.kind


def governed(lead: History, followers: list[History]) -> None:
    """Of those that follow a case and whose answer is due, each due date stands on the lead's answer, so that
    the earliest governs; where it runs, they rest."""
    due = {
        c.case_id: c.due_at
        for one in followers
        for c in one.clocks
        if c.kind in paper.ANSWERS and c.state == "paused"
    }
    for clock in lead.clocks:
        if clock.kind in paper.ANSWERS and clock.ended_at is None:
            joined = [move for move in clock.moves or [] if move["why"] == "joined"]
            assert {m["case"]: datetime.fromisoformat(m["due_at"]) for m in joined} == due, (joined, due)
            assert len(joined) == len(due)


async def history(desk: Desk, case: CaseRow) -> History:
    told = await desk.unit.events.of("case", case.id)
    names = {unit.name: code for code, unit in desk.city.units.items()}
    steps = [_step(event, names) for event in told]
    return History(case, told, await clocks_of(desk, case), paper.replayed(steps))


def _step(event: EventRow, names: dict[str, str]) -> Step:
    said = dict(event.body or {})
    if event.action == "ask_unit":
        said["name"] = names[said["name"]]
    unit = event.actor.rpartition("-")[0] if event.actor_role in ("handler", "head") else None
    return Step(event.action, event.actor_role, event.to_state or "", event.at, said, unit)


async def clocks_of(desk: Desk, case: CaseRow) -> list[ClockRow]:
    return await desk.unit.clocks.of_case(case.id)


async def hidden_of(desk: Desk, case: CaseRow) -> set[str]:
    """The units whose staff must not see the case."""
    found = await desk.unit.connection.execute(
        select(hidden_from.c.department).where(hidden_from.c.case_id == case.id)
    )
    return set(found.scalars())


async def digest(desk: Desk, ids: list[str]) -> str:
    """Of every row that belongs to these cases, as the database holds it."""
    held = ",".join(f"'{one}'" for one in ids)
    found = hashlib.sha256()
    for rows in HELD:
        for row in await desk.unit.connection.exec_driver_sql(rows.format(held)):
            found.update(repr(tuple(row)).encode())
    return found.hexdigest()


HELD = (
    "SELECT * FROM case_file WHERE id IN ({}) ORDER BY id",
    "SELECT * FROM event JOIN event_payload ON event_id = id WHERE subject_id IN ({}) ORDER BY id",
    "SELECT * FROM clock WHERE case_id IN ({}) ORDER BY id",
    "SELECT * FROM outbox WHERE case_id IN ({}) ORDER BY id",
    "SELECT * FROM case_request WHERE case_id IN ({}) ORDER BY id",
    "SELECT * FROM case_hidden_from WHERE case_id IN ({}) ORDER BY case_id, department",
)
