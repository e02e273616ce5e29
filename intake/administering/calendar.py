"""The working calendar as an administrator sees it: a year at a glance, and what another day would move."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from intake.actor import Actor
from intake.administering.log import only_admin
from intake.cases.dues import recounted
from intake.cases.moves import rules_named
from intake.clock import SHANGHAI, local
from intake.desk import Desk
from intake.errors import StaleVersion
from intake.recounting import DayChange, set_day
from storage.stores.calendar import DayRow

DAY = timedelta(days=1)
LOOKED_AT = 5000  # clocks: with more, the effect is told as "at least"


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the year; ``word``: what an administrator or a loaded year says of it."""

    date: date
    working: bool
    estimated: bool
    word: DayRow | None


@dataclass(frozen=True, slots=True)
class Move:
    """So many deadlines of one kind of a unit that would move from one day to another."""

    department: str | None
    kind: str
    before: date
    after: date
    count: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change would move; ``whole``: every clock was looked at."""

    moves: list[Move]
    looked: int
    whole: bool

    @property
    def count(self) -> int:
        """How many deadlines would have another day."""
        return sum(move.count for move in self.moves)


async def year_of(desk: Desk, actor: Actor, year: int) -> list[Day]:
    """Every day of a year; raises :class:`WrongRole`."""
    only_admin(actor)
    words = {row.day: row for row in await desk.unit.calendar.days(year)}
    days, known = (date(year, 1, 1) + n * DAY for n in range(366)), desk.city.workdays
    return [
        Day(day, known.is_workday(day), known.is_estimated(day), words.get(day))
        for day in days
        if day.year == year
    ]


async def effect(desk: Desk, actor: Actor, day: date, *, working: bool) -> Effect:
    """Which deadlines another word on a day would move; nothing is changed. No case is named: an
    administrator sees none. Raises :class:`WrongRole`."""
    only_admin(actor)
    begins = datetime.combine(day, datetime.min.time(), SHANGHAI)
    clocks = await desk.unit.clocks.over(begins, begins + DAY, LOOKED_AT)
    cases = await desk.unit.cases.by_ids({clock.case_id for clock in clocks})
    versions = {clock.rules_version for clock in clocks}
    rules = {version: await rules_named(desk, version) for version in versions}
    other = replace(desk, city=replace(desk.city, workdays=desk.city.workdays.but(day, working=working)))
    moves: Counter[tuple[str | None, str, date, date]] = Counter()
    for clock in clocks:
        case = cases[clock.case_id]
        due = recounted(other, case, clock, rules[clock.rules_version]).get("due_at", clock.due_at)
        before, after = local(clock.due_at).date(), local(due).date()
        if before != after:
            moves[clock.department or case.department, clock.kind, before, after] += 1
    told = [Move(*key, count) for key, count in moves.items()]
    told.sort(key=lambda move: (-move.count, move.before, move.department or ""))
    return Effect(told, len(clocks), len(clocks) < LOOKED_AT)


async def set_as_seen(desk: Desk, actor: Actor, day: date, asked: DayChange, calendar: int) -> None:
    """Say of a day whether people work, as decided over the calendar of change number ``calendar``.

    Raises :class:`WrongRole`, and :class:`StaleVersion` where it was changed meanwhile.
    """
    only_admin(actor)
    last = await desk.unit.calendar.last()
    if last is not None and last.id != calendar:
        raise StaleVersion("日历刚被改过，请再看一遍", version=last.id)
    await set_day(desk, actor, day, asked)
