"""Working days in China, make-up days (调休上班) included.

Published years come from ``chinesecalendar``. In a year that nobody has published, Monday to Friday are
taken for working days and everything that counts such a day is marked as estimated.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import chinese_calendar

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Count:
    """A date reached by counting working days; ``explanation`` is for people to read."""

    date: date
    estimated: bool
    explanation: str


class Workdays:
    """The working calendar of a jurisdiction; holds what it has looked up, so keep one and reuse it.

    ``overrides`` says of single days whether they are worked and wins over everything else; ``published``
    names years whose overrides are complete, so that nothing in them is an estimate.
    """

    def __init__(self, overrides: Mapping[date, bool], published: frozenset[int] = frozenset()) -> None:
        self._overrides = dict(overrides)
        self._published = published
        self._known: dict[date, tuple[bool, bool]] = {}

    def but(self, day: date, *, working: bool) -> "Workdays":
        """The same calendar with another word on one day."""
        return Workdays({**self._overrides, day: working}, self._published)

    def is_workday(self, day: date) -> bool:
        """Whether people work on this day, by the best knowledge there is."""
        return self._look_up(day)[0]

    def is_estimated(self, day: date) -> bool:
        """Whether :meth:`is_workday` is a guess, because the year's holidays are not published."""
        return self._look_up(day)[1]

    def add(self, day: date, n: int) -> Count:
        """The ``n``-th working day after ``day``; ``day`` itself is day zero, worked or not.

        Raises :class:`ValueError` for a negative ``n``.
        """
        if n < 0:
            raise ValueError("working days are counted forward")
        counted: list[date] = []
        passed: list[date] = []
        for here in self._after(day):
            if len(counted) == n:
                break
            (counted if self.is_workday(here) else passed).append(here)
        reached = counted[-1] if counted else day
        estimated = any(self.is_estimated(one) for one in (*counted, *passed))
        return Count(reached, estimated, self._explain(day, counted, passed, estimated))

    def subtract(self, day: date, n: int) -> date:
        """The ``n``-th working day before ``day``; what :meth:`add` is forward."""
        while n > 0:
            day -= DAY
            n -= self.is_workday(day)
        return day

    def between(self, day: date, until: date) -> int:
        """How many working days there are after ``day`` up to and including ``until``."""
        return sum(self.is_workday(day + n * DAY) for n in range(1, (until - day).days + 1))

    def _after(self, day: date) -> Iterator[date]:
        while True:
            day += DAY
            yield day

    def _look_up(self, day: date) -> tuple[bool, bool]:
        if day not in self._known:
            self._known[day] = self._decide(day)
        return self._known[day]

    def _decide(self, day: date) -> tuple[bool, bool]:
        if day in self._overrides:
            return self._overrides[day], False
        published = _published(day)
        if published is not None:
            return published, False
        return day.weekday() < 5, day.year not in self._published

    def _explain(self, start: date, counted: list[date], passed: list[date], estimated: bool) -> str:
        days = "、".join(self._spell(day, start) for day in counted)
        text = f"{len(counted)} 个工作日：{days}" if counted else "当日"
        holidays = [day for day in passed if day.weekday() < 5]
        if holidays:
            text += f"；{_ranges(holidays)}放假，不计"
        return text + ("；有的年份放假安排尚未公布，暂按周一至周五上班推算" if estimated else "")

    def _spell(self, day: date, start: date) -> str:
        year = f"{day.year}年" if day.year != start.year else ""
        return f"{year}{_month_day(day)}{'（调休上班）' if day.weekday() >= 5 else ''}"


@cache
def _published(day: date) -> bool | None:
    """What the State Council's arrangement says of a day; None when the year is not known."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


def _month_day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _ranges(days: list[date]) -> str:
    """Days as stretches: weekends inside a holiday do not break it."""
    stretches = [[days[0], days[0]]]
    for day in days[1:]:
        if (day - stretches[-1][1]).days <= 3:
            stretches[-1][1] = day
        else:
            stretches.append([day, day])
    return "、".join(
        _month_day(first) if first == last else f"{_month_day(first)}至{_month_day(last)}"
        for first, last in stretches
    )
