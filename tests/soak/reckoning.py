"""The rules of domain 4 reckoned a second time, from the package `holidays` and nothing of our own engine.

Days are counted one by one, hours by the shape of the rule; the ladder stands here as the domain tells it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone

import holidays

CHINA = timezone(timedelta(hours=8))
DAY, SECOND, MINUTE = timedelta(days=1), timedelta(seconds=1), timedelta(minutes=1)
PERIODS = ((time(8, 30), time(12)), (time(14, 30), time(17, 30)))
ANSWER_DAYS = {"inquiry": 3, "suggestion": 5, "complaint": 10}
WORKING_DAYS = {"rework": 5, "first_contact": 1, "contact": 1, "ruling": 1}
LADDER = {"T-3": -3, "T-1": -1, "T": 0, "T+1": 1, "T+5": 5}
ON_THE_DAY = ("ruling", "first_contact", "contact")
WHEN_OVER = ("dispatch", "sign")


class Days:
    """Whether people work on a day: `holidays`, and what the administrator said otherwise by then."""

    def __init__(self, years: range, said: dict[date, bool] | None = None) -> None:
        self._known = holidays.country_holidays("CN", years=years)
        self._said = said or {}
        self._seen: dict[date, bool] = {}

    def work(self, day: date) -> bool:
        if day not in self._seen:
            self._seen[day] = self._said.get(day, self._known.is_working_day(day))
        return self._seen[day]

    def count(self, day: date, n: int) -> date:
        """The n-th working day after ``day``, before it for a negative n."""
        step = DAY if n > 0 else -DAY
        for _ in range(abs(n)):
            day += step
            while not self.work(day):
                day += step
        return day

    def office(self, moment: datetime) -> datetime:
        """``moment`` in office hours, else the next opening."""
        local = moment.astimezone(CHINA)
        while True:
            if self.work(local.date()):
                for start, until in PERIODS:
                    if local.time() < until:
                        return max(local, datetime.combine(local.date(), start, CHINA))
            local = datetime.combine(local.date() + DAY, time.min, CHINA)


@dataclass
class Outages:
    """Stretches in which no process ran, in order."""

    spans: list[tuple[datetime, datetime]] = field(default_factory=list)

    def up(self, moment: datetime) -> datetime:
        """``moment``, or the end of the stretch it lies in."""
        return next((end for start, end in self.spans if start <= moment < end), moment)


@dataclass
class Epoch:
    """A stretch of a clock's life in which its date stood: from, to, and by which calendar it was counted."""

    begin: datetime
    end: datetime
    due: datetime
    version: int
    days: Days


@dataclass
class Life:
    """What happened to one clock. ``extensions``: when and by how many days; ``ended`` None: it runs."""

    kind: str
    type: str
    urgent: bool
    started: datetime
    ended: datetime | None
    extensions: list[tuple[datetime, int]]


def epochs(life: Life, calendars: list[tuple[datetime, Days]]) -> list[Epoch]:
    """How the date stood over time; ``calendars``: from when on each one was known, oldest first."""
    end = life.ended or datetime.max.replace(tzinfo=UTC)
    moments = {life.started, *(at for at, _ in life.extensions), *(at for at, _ in calendars)}
    marks = sorted({life.started, *(at for at in moments if life.started <= at < end)})
    found: list[Epoch] = []
    for at, until in zip(marks, [*marks[1:], end], strict=True):
        days = [known for since, known in calendars if since <= at][-1]
        due = _due(life, days, at)
        version = found[-1].version + (due != found[-1].due) if found else 1
        found.append(Epoch(at, until, due, version, days))
    return found


def demanded(life: Life, lived: list[Epoch], outages: Outages) -> Iterator[tuple[str, int, datetime]]:
    """Every rung that the rules demand: its name, the version of its date, and when it must be fired."""
    seen: set[tuple[str, int]] = set()
    for epoch in lived:
        for name, at in _rungs(life, epoch):
            fired = _settled(at, life.urgent, epoch.days, outages)
            if at >= epoch.begin and fired < epoch.end and (name, epoch.version) not in seen:
                seen.add((name, epoch.version))
                yield name, epoch.version, fired


def _settled(at: datetime, urgent: bool, days: Days, outages: Outages) -> datetime:
    """When somebody is there to fire it: not in an outage, and for what can wait not outside the office."""
    while True:
        then = outages.up(at)
        if then != at and not urgent:
            then = days.office(then)
        if then == at:
            return at
        at = then


def _due(life: Life, days: Days, at: datetime) -> datetime:
    start = life.started.astimezone(CHINA).replace(microsecond=0)
    if life.kind == "dispatch":
        return start + timedelta(hours=2 if life.urgent else 24)
    if life.kind == "sign":
        return start + timedelta(hours=2) if life.urgent else _a_working_day_on(start, days)
    if life.kind == "rating":
        return _end_of(start.date() + 7 * DAY)
    n = ANSWER_DAYS[life.type] if life.kind == "answer" else WORKING_DAYS[life.kind]
    due = days.count(start.date(), n)
    for asked, more in life.extensions:
        if asked <= at:
            due = days.count(due, more)
    return _end_of(due)


def _a_working_day_on(start: datetime, days: Days) -> datetime:
    """24 hours of working days: the same time on the next one, or the whole of the first after days off."""
    following = days.count(start.date(), 1)
    if not days.work(start.date()):
        return _end_of(following)
    if start.time() == time.min:
        return _end_of(start.date())
    return datetime.combine(following, start.time(), CHINA)


def _rungs(life: Life, epoch: Epoch) -> Iterator[tuple[str, datetime]]:
    start, due = life.started.astimezone(CHINA).date(), epoch.due.astimezone(CHINA).date()
    offsets: dict[str, int] = {}
    if life.kind in ("answer", "rework"):
        offsets = LADDER
    elif life.kind in ON_THE_DAY:
        offsets = {"T": 0}
    for name, n in offsets.items():
        day = epoch.days.count(due, n)
        if day > start:
            yield name, datetime.combine(day, PERIODS[0][0], CHINA)
    if life.kind in WHEN_OVER:
        minute = (epoch.due + SECOND).replace(second=0)
        over = minute if minute > epoch.due else minute + MINUTE
        yield "late", over if life.urgent else epoch.days.office(over)


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), CHINA)
