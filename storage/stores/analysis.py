"""Figures of many cases at once: a bounded number of queries, each one pass over the cases asked for."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    case,
    cast,
    delete,
    extract,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.stores import figures
from storage.stores.figures import STEPS, Facts, between, definitions
from storage.stores.sights import Sight, seen
from storage.tables.analysis import snapshots
from storage.tables.cases import cases, clocks
from storage.tables.events import events
from storage.tables.identity import identities
from storage.tables.registry import commitments
from storage.tables.requests import case_requests as requests
from storage.vocab import Action, ClockState, CommitmentState, Figure, RequestKind

HOP = "hop"
TENTH = 360  # seconds: times are told in tenths of an hour
TIMED = (*STEPS, HOP)
_SIX_MINUTES = literal(TENTH, BigInteger)


@dataclass(frozen=True, slots=True)
class Cohort:
    """The cases of an analysis: filed from ``since`` on and before ``before``, seen, of one unit or place."""

    sight: Sight
    since: datetime
    before: datetime
    department: str | None = None
    place: str | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        found = [seen(self.sight), *between(cases.c.created_at, self.since, self.before)]
        if self.department:
            found.append(cases.c.department == self.department)
        if self.place:
            found.append(cases.c.place == self.place)
        return found


@dataclass(frozen=True, slots=True)
class SumRow:
    """How many cases a unit has at a place, and of them how many each figure counts."""

    department: str | None
    place: str | None
    count: int
    figures: dict[Figure, int]


@dataclass(frozen=True, slots=True)
class PromiseSum:
    department: str
    state: str
    overdue: bool
    count: int


class AnalysisStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection
        self._postgres = connection.dialect.name == "postgresql"

    async def more_than(self, cohort: Cohort, most: int) -> bool:
        """Whether the cohort has more than ``most`` cases; looks at no more than that."""
        few = select(literal(1)).select_from(cases).where(*cohort.conditions()).limit(most + 1).subquery()
        found = await self._db.execute(select(func.count()).select_from(few))
        return int(found.scalar_one()) > most

    async def sums(self, cohort: Cohort, now: datetime) -> list[SumRow]:
        """All figures, by unit and place."""
        facts, joined = _gathered(cohort, now)
        counted = definitions(facts)
        by = (cases.c.department, cases.c.place)
        sums = [func.sum(_one(condition)) for condition in counted.values()]
        query = select(*by, func.count(), *sums).select_from(joined).where(*cohort.conditions())
        found = await self._db.execute(query.group_by(*by))
        names = tuple(counted)
        return [
            SumRow(unit, place, count, dict(zip(names, map(int, counts), strict=True)))
            for unit, place, count, *counts in found
        ]

    async def kinds(self, cohort: Cohort) -> list[tuple[str, str, int]]:
        """Type, state, cases."""
        by = (cases.c.type, cases.c.state)
        query = select(*by, func.count()).where(*cohort.conditions()).group_by(*by)
        return [(kind, state, count) for kind, state, count in await self._db.execute(query)]

    async def days(self, cohort: Cohort) -> list[tuple[date, str | None, int]]:
        """Day in Asia/Shanghai, place, cases filed."""
        day = self._day(cases.c.created_at)
        query = select(day, cases.c.place, func.count()).where(*cohort.conditions())
        found = await self._db.execute(query.group_by(day, cases.c.place).order_by(day))
        return [(date.fromisoformat(on), place, count) for on, place, count in found]

    async def times(self, cohort: Cohort) -> dict[str, dict[int, int]]:
        """Step (or :data:`HOP`) → tenths of an hour that it took, rounded down → cases."""
        firsts = _firsts(cohort).cte("firsts")
        parts = [self._took(firsts, step) for step in STEPS] + [self._hops(cohort)]
        told: dict[str, dict[int, int]] = {name: {} for name in TIMED}
        for name, tenths, count in await self._db.execute(union_all(*parts)):
            told[name][int(tenths)] = int(count)
        return told

    async def promises(
        self, since: date, until: date, today: date, department: str | None
    ) -> list[PromiseSum]:
        """Commitments due in these days, by unit, state and whether they are overdue."""
        due = commitments.c.due_on
        late = _one(and_(due < today, commitments.c.state == CommitmentState.ACTIVE.value))
        by = (commitments.c.department, commitments.c.state, late)
        query = select(*by, func.count()).where(due >= since, due <= until).group_by(*by)
        if department:
            query = query.where(commitments.c.department == department)
        found = await self._db.execute(query)
        return [PromiseSum(unit, state, bool(over), count) for unit, state, over, count in found]

    async def ran_out(
        self, sight: Sight, spans: Collection[tuple[datetime, datetime]], now: datetime
    ) -> dict[str | None, list[int]]:
        """Unit → cases that are overdue now, then of each span those whose answer's time ran out in it."""
        late = _ran_out(min(since for since, _ in spans), now)
        taken = cases.c.state.not_in(figures.NOT_TAKEN)
        which = [late.c.overdue == 1, *(and_(taken, *between(late.c.due_at, *span)) for span in spans)]
        sums = [func.count(case((condition, cases.c.id)).distinct()) for condition in which]
        query = select(cases.c.department, *sums).select_from(late).join(cases, cases.c.id == late.c.case_id)
        query = query.where(seen(sight)).group_by(cases.c.department)
        return {row[0]: list(map(int, row[1:])) for row in await self._db.execute(query)}

    async def kept(self, key: str) -> tuple[datetime, dict[str, Any]] | None:
        """What was reckoned before under this key, and when."""
        query = select(snapshots.c.made_at, snapshots.c.body).where(snapshots.c.key == key)
        row = (await self._db.execute(query)).one_or_none()
        return None if row is None else (row[0], row[1])

    async def keep(self, key: str, body: dict[str, Any], at: datetime) -> None:
        """Keep what was reckoned in the place of what was kept before."""
        insert = (postgresql if self._postgres else sqlite).insert(snapshots)
        values = {"made_at": at, "body": body}
        await self._db.execute(
            insert.values(key=key, **values).on_conflict_do_update(index_elements=["key"], set_=values)
        )

    async def forget(self, before: datetime) -> int:
        """Drop what was reckoned before a moment; how many there were."""
        return (await self._db.execute(delete(snapshots).where(snapshots.c.made_at < before))).rowcount

    def _took(self, firsts: Any, step: Figure) -> Select[Any]:
        begun, done = (firsts.c[action.value] for action in STEPS[step])
        tenths = self._tenths(self._seconds(done) - self._seconds(begun))
        query = select(literal(step.value), tenths, func.count()).where(begun <= done)
        return query.group_by(tenths)

    def _hops(self, cohort: Cohort) -> Select[Any]:
        """Of each case that was given back the time of all its hops."""
        each = (
            select(func.sum(requests.c.hop_seconds).label("seconds"))
            .join(cases, cases.c.id == requests.c.case_id)
            .where(*cohort.conditions(), figures.approved(RequestKind.RETURN))
            .group_by(requests.c.case_id)
            .subquery()
        )
        tenths = self._tenths(func.coalesce(cast(each.c.seconds, BigInteger), 0))
        return select(literal(HOP), tenths, func.count()).group_by(tenths)

    def _tenths(self, seconds: ColumnElement[Any]) -> ColumnElement[Any]:
        return (cast(seconds, BigInteger)).op("/")(_SIX_MINUTES)

    def _seconds(self, moment: ColumnElement[Any]) -> ColumnElement[Any]:
        seconds = extract("epoch", moment)
        return cast(func.floor(seconds), BigInteger) if self._postgres else seconds

    def _day(self, moment: ColumnElement[Any]) -> ColumnElement[str]:
        if self._postgres:
            return func.to_char(func.timezone(literal("Asia/Shanghai"), moment), literal("YYYY-MM-DD"))
        return func.date(moment, literal("+8 hours"))


def _ran_out(since: datetime, now: datetime) -> Any:
    """Answers that are overdue now, and those due since then that came too late: both by an index."""
    told = (clocks.c.case_id, clocks.c.due_at)
    overdue = select(*told, literal(1).label("overdue")).where(
        clocks.c.state == ClockState.RUNNING.value, clocks.c.due_at < now
    )
    missed = select(*told, literal(0).label("overdue")).where(
        clocks.c.state == ClockState.MISSED.value, clocks.c.due_at >= since
    )
    of_answers = clocks.c.kind.in_(figures.ANSWERS)
    return union_all(overdue.where(of_answers), missed.where(of_answers)).subquery()


def _one(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _gathered(cohort: Cohort, now: datetime) -> tuple[Facts, Any]:
    """The facts of a cohort's cases, and the cases joined with them."""
    of_clocks = _grouped(
        cohort,
        clocks,
        late=figures.late_clock(now),
        met=figures.met_clock(),
        uncontacted=figures.uncontacted_clock(now),
        contacted=figures.contacted_clock(),
    )
    of_requests = _grouped(
        cohort,
        requests,
        returned=figures.approved(RequestKind.RETURN),
        extended=figures.approved(RequestKind.EXTENSION),
    )
    of_events = _firsts(cohort).subquery()
    joined = (
        cases.outerjoin(identities, identities.c.reporter_id == cases.c.reporter_id)
        .outerjoin(of_clocks, of_clocks.c.case_id == cases.c.id)
        .outerjoin(of_requests, of_requests.c.case_id == cases.c.id)
        .outerjoin(of_events, of_events.c.case_id == cases.c.id)
    )
    told = {
        column.name: func.coalesce(column, 0) == 1
        for part in (of_clocks, of_requests)
        for column in part.c
        if column.name != "case_id"
    }
    reopened = of_events.c[Action.REOPEN.value].is_not(None)
    took: dict[Figure, ColumnElement[bool]] = {
        step: func.coalesce(of_events.c[first.value] <= of_events.c[second.value], False)
        for step, (first, second) in STEPS.items()
    }
    gone = func.coalesce(figures.unreachable(), False)
    return Facts(**told, gone=gone, reopened=reopened, took=took), joined


def _grouped(cohort: Cohort, table: Any, **conditions: ColumnElement[bool]) -> Any:
    """One row a case: 1 where any of its rows in ``table`` is so."""
    any_of = [func.max(_one(condition)).label(name) for name, condition in conditions.items()]
    query = select(table.c.case_id, *any_of).join(cases, cases.c.id == table.c.case_id)
    return query.where(*cohort.conditions()).group_by(table.c.case_id).subquery()


def _firsts(cohort: Cohort) -> Select[Any]:
    """One row a case: when each step was first taken."""
    actions = [*dict.fromkeys(action for pair in STEPS.values() for action in pair), Action.REOPEN]
    firsts = [
        func.min(case((events.c.action == one.value, events.c.at))).label(one.value)
        for one in actions
        if one is not Action.FILE
    ]
    filed = func.min(cases.c.created_at).label(Action.FILE.value)
    return (
        select(events.c.subject_id.label("case_id"), filed, *firsts)
        .join(cases, and_(events.c.subject_kind == "case", events.c.subject_id == cases.c.id))
        .where(
            *cohort.conditions(),
            events.c.action.in_([one.value for one in actions if one is not Action.FILE]),
        )
        .group_by(events.c.subject_id)
    )
