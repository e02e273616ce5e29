"""The figures of a period, each with the question whose list is exactly its cases (docs/figures.md)."""

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from intake.analysis.quantiles import quantile
from intake.analysis.rates import Rate, ranks
from intake.clock import local, midnight
from intake.deadlines.workdays import DAY
from intake.desk import Desk
from storage.stores.analysis import HOP, TIMED, Cohort, PromiseSum, SumRow
from storage.stores.sights import Sight
from storage.vocab import CaseState, CaseType, CommitmentState, Figure

F = Figure
RATES: dict[str, tuple[Figure, Figure]] = {
    "on_time": (F.ON_TIME, F.DUE),
    "response": (F.CONTACTED, F.CONTACT_DUE),
    "resolution": (F.RESOLVED, F.ANSWERED),
    "satisfaction": (F.SATISFIED, F.RATED),
}
"""按时率, 响应率, 解决率, 满意率: what is counted, of what."""
SHOWN = (F.OPEN, F.LATE, F.RETURNED, F.EXTENDED, F.REOPENED, F.DISSATISFIED)
KEPT = CommitmentState.FULFILLED, CommitmentState.BROKEN
WEEK = timedelta(days=7)
Cell = dict[str, Any]
Filed = tuple[date, str | None, int]
"""Day, place, cases filed."""
NOWHERE = {"department": F.UNDISPATCHED, "place": F.PLACELESS}


@dataclass(frozen=True, slots=True)
class Asked:
    """Days of Asia/Shanghai, both included; ``department`` a code."""

    since: date
    until: date
    department: str | None = None
    place: str | None = None

    def cohort(self, sight: Sight) -> Cohort:
        """The cases that are asked for, of those that ``sight`` shows."""
        ends = midnight(self.until + DAY)
        return Cohort(sight, midnight(self.since), ends, self.department, self.place)

    def weeks(self) -> list["Asked"]:
        """The same, seven days at a time."""
        begun = [self.since + n * WEEK for n in range((self.until - self.since) // WEEK + 1)]
        return [replace(self, since=day, until=min(day + WEEK - DAY, self.until)) for day in begun]

    def months(self) -> list["Asked"]:
        """The same, a calendar month at a time."""
        first, last = (day.year * 12 + day.month - 1 for day in (self.since, self.until))
        begun = [date(n // 12, n % 12 + 1, 1) for n in range(first, last + 1)]
        return [
            replace(self, since=max(day, self.since), until=min(_last_of(day), self.until)) for day in begun
        ]

    def cell(self, count: int, **more: object) -> Cell:
        """A number and the question that lists its cases."""
        days = {"since": self.since.isoformat(), "until": self.until.isoformat()}
        whole = {**days, "department": self.department, "place": self.place, **more}
        return {"n": count, "query": urlencode({name: it for name, it in whole.items() if it is not None})}

    def promises(self, count: int, **more: object) -> Cell:
        """The same of commitments due in these days."""
        days = {"due_since": self.since.isoformat(), "due_until": self.until.isoformat()}
        whole = {**days, "department": self.department, **more}
        return {"n": count, "query": urlencode({name: it for name, it in whole.items() if it is not None})}


async def reckoned(desk: Desk, sight: Sight, asked: Asked, *, many: bool) -> dict[str, Any]:
    """All figures of the period, of the cases that ``sight`` shows. JSON may hold the answer.

    Of ``many`` cases they are summed a week at a time, so that no statement takes long.
    """
    store, now = desk.unit.analysis, desk.now()
    told = await _gathered(desk, sight, asked.weeks() if many else [asked])
    rows, days, times = told.rows, told.days, told.times
    today = desk.clock.today()
    promises = replace(asked, department=sight.department or asked.department)
    promised = await store.promises(asked.since, asked.until, today, promises.department)
    names = _names(desk)
    return {
        "from": asked.since.isoformat(),
        "to": asked.until.isoformat(),
        "department": _unit(desk, asked.department),
        "place": asked.place,
        "as_of": local(now).isoformat(timespec="seconds"),
        "filed": asked.cell(sum(row.count for row in rows)),
        "figures": {one.value: asked.cell(_sum(rows, one), figure=one.value) for one in F},
        "rates": _rates(asked, rows),
        "types": _parts(asked, told.kinds, "type", CaseType),
        "states": _parts(asked, told.kinds, "state", CaseState),
        "days": _days(asked, days),
        "departments": _table(asked, rows, "department", names),
        "places": _table(asked, rows, "place", names),
        "months": [f"{month.since:%Y-%m}" for month in asked.months()],
        "heat": _heat(asked, days, names),
        "steps": [_step(asked, name, times[name]) for name in TIMED],
        "commitments": _promises(promises, promised, names),
    }


@dataclass(frozen=True, slots=True)
class _Gathered:
    """What the figures are summed from; ``kinds``: (type, state, cases)."""

    rows: list[SumRow]
    kinds: list[tuple[str, str, int]]
    days: list[Filed]
    times: dict[str, Counter[int]]


async def _gathered(desk: Desk, sight: Sight, parts: list[Asked]) -> _Gathered:
    """All of it, part by part."""
    store, told = desk.unit.analysis, _Gathered([], [], [], {name: Counter() for name in TIMED})
    for part in parts:
        cohort = part.cohort(sight)
        told.rows.extend(await store.sums(cohort, desk.now()))
        told.kinds.extend(await store.kinds(cohort))
        told.days.extend(await store.days(cohort))
        for name, counted in (await store.times(cohort)).items():
            told.times[name].update(counted)
    return told


def _sum(rows: Iterable[SumRow], figure: Figure | None) -> int:
    return sum(row.count if figure is None else row.figures[figure] for row in rows)


def _rates(asked: Asked, rows: list[SumRow], **where: object) -> dict[str, Any]:
    return {
        name: rate_told(Rate(_sum(rows, hit), _sum(rows, of)))
        | {
            "hits": asked.cell(_sum(rows, hit), **_with(where, hit)),
            "of": asked.cell(_sum(rows, of), **_with(where, of)),
        }
        for name, (hit, of) in RATES.items()
    }


def rate_told(rate: Rate) -> dict[str, Any]:
    """A rate and its interval in per cent, to a tenth."""
    low, high = rate.interval or (None, None)
    return {"per_cent": _per_cent(rate.value), "low": _per_cent(low), "high": _per_cent(high)}


def _per_cent(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 1)


def _with(where: dict[str, object], figure: Figure) -> dict[str, object]:
    """``figure`` of the cases at ``where``; what is nowhere is asked for by a figure itself."""
    return {**where, "figure": figure.value}


def _parts(asked: Asked, kinds: list[tuple[str, str, int]], name: str, codes: Iterable[str]) -> list[Cell]:
    counts: Counter[str] = Counter()
    for kind, state, count in kinds:
        counts[kind if name == "type" else state] += count
    return [{"code": str(code)} | asked.cell(counts[code], **{name: str(code)}) for code in codes]


def _days(asked: Asked, days: list[Filed]) -> list[Cell]:
    counts: Counter[date] = Counter()
    for day, _, count in days:
        counts[day] += count
    whole = (date.fromordinal(n) for n in range(asked.since.toordinal(), asked.until.toordinal() + 1))
    told = ((day, day.isoformat()) for day in whole)
    return [{"day": text} | asked.cell(counts[day], since=text, until=text) for day, text in told]


def _table(
    asked: Asked, rows: list[SumRow], name: str, names: Callable[[str, str | None], str]
) -> list[dict[str, Any]]:
    """A line for each unit or place with cases, most cases first; without one last, and without rates."""
    groups: dict[str | None, list[SumRow]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, name)].append(row)
    places = {
        rate: ranks({key: Rate(_sum(of, pair[0]), _sum(of, pair[1])) for key, of in groups.items() if key})
        for rate, pair in RATES.items()
    }
    lines = [_line(asked, name, key, of, places) | {"name": names(name, key)} for key, of in groups.items()]
    return sorted(lines, key=lambda line: (line["code"] is None, -line["filed"]["n"], line["name"]))


def _line(
    asked: Asked, name: str, key: str | None, rows: list[SumRow], places: dict[str, dict[str, int]]
) -> dict[str, Any]:
    count = _sum(rows, None)
    if key is None:
        filed = asked.cell(count, figure=NOWHERE[name].value)
        return {"code": None, "filed": filed, "figures": {}, "rates": None}
    rates = _rates(asked, rows, **{name: key})
    return {
        "code": key,
        "filed": asked.cell(count, **{name: key}),
        "figures": {one.value: asked.cell(_sum(rows, one), **_with({name: key}, one)) for one in SHOWN},
        "rates": {rate: told | {"rank": places[rate].get(key)} for rate, told in rates.items()},
    }


def _heat(
    asked: Asked,
    days: list[Filed],
    names: Callable[[str, str | None], str],
) -> list[dict[str, Any]]:
    """Places × months; ``shade`` 0–5 in sixths of the fullest cell, nothing is 0."""
    counts: Counter[tuple[str | None, str]] = Counter()
    for day, place, count in days:
        counts[place, f"{day:%Y-%m}"] += count
    most = max(counts.values(), default=0)
    known = dict.fromkeys(place for _, place, _ in days)
    lines = sorted(known, key=lambda place: (place is None, names("place", place)))
    return [
        {
            "code": place,
            "name": names("place", place),
            "cells": [
                _shaded(month, place, counts[place, f"{month.since:%Y-%m}"], most) for month in asked.months()
            ],
        }
        for place in lines
    ]


def _shaded(month: Asked, place: str | None, count: int, most: int) -> Cell:
    where = {"place": place} if place else {"figure": F.PLACELESS.value}
    return month.cell(count, **where) | {"shade": -(-5 * count // most) if most else 0}


def _step(asked: Asked, name: str, counted: dict[int, int]) -> dict[str, Any]:
    """How long a step took, in hours to a tenth; holidays and nights count."""
    figure = F.RETURNED.value if name == HOP else name
    median, most = quantile(counted, 50), quantile(counted, 90)
    return {
        "step": name,
        **asked.cell(sum(counted.values()), figure=figure),
        "median_hours": None if median is None else median / 10,
        "p90_hours": None if most is None else most / 10,
    }


def _promises(
    asked: Asked, rows: list[PromiseSum], names: Callable[[str, str | None], str]
) -> dict[str, Any]:
    groups: dict[str, list[PromiseSum]] = defaultdict(list)
    for row in rows:
        groups[row.department].append(row)
    lines = [
        {"code": code, "name": names("department", code)} | _promise_line(asked, of, department=code)
        for code, of in groups.items()
    ]
    states: Counter[str] = Counter()
    for row in rows:
        states[row.state] += row.count
    return {
        **_promise_line(asked, rows),
        "states": [
            {"code": one.value} | asked.promises(states[one], state=one.value) for one in CommitmentState
        ],
        "departments": sorted(lines, key=lambda line: (-line["due"]["n"], line["name"])),
    }


def _promise_line(asked: Asked, rows: list[PromiseSum], **where: object) -> dict[str, Any]:
    told = {"due": asked.promises(sum(row.count for row in rows), **where)}
    for state in KEPT:
        count = sum(row.count for row in rows if row.state == state)
        told[state.value] = asked.promises(count, state=state.value, **where)
    late = sum(row.count for row in rows if row.overdue)
    return told | {"overdue": asked.promises(late, overdue="true", **where)}


def _last_of(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _unit(desk: Desk, code: str | None) -> dict[str, str] | None:
    return {"code": code, "name": desk.city.unit_name(code)} if code else None


def _names(desk: Desk) -> Callable[[str, str | None], str]:
    def name(kind: str, key: str | None) -> str:
        if key is None:
            return "没有派单" if kind == "department" else "没有写明"
        return (desk.city.unit_name(key) or key) if kind == "department" else key

    return name
