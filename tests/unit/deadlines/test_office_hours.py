"""Office hours are data: any periods a day, checked against walking every minute."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from intake.deadlines.clocks import SHANGHAI
from intake.deadlines.ladder import in_office, next_office_minute, opening, rungs
from intake.deadlines.workdays import Workdays
from intake.profiles.schema import Period, Rules, Rung
from storage.vocab import ClockKind
from tests.unit.deadlines.test_ladder import RULES

CALENDAR = Workdays({})
MINUTE = timedelta(minutes=1)


def with_office(*periods: tuple[int, int]) -> Rules:
    """The rules with office periods given as minutes of the day."""
    office = tuple(Period(start=clock(start), until=clock(until)) for start, until in periods)
    return Rules.model_validate({**RULES.model_dump(), "office": [one.model_dump() for one in office]})


def clock(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


@st.composite
def offices(draw: st.DrawFn) -> list[tuple[int, int]]:
    """One to four periods that do not overlap, in any order."""
    edges = sorted(draw(st.lists(st.integers(0, 1439), min_size=2, max_size=8, unique=True)))
    pairs = list(zip(edges[::2], edges[1::2], strict=False))
    return draw(st.permutations(pairs))


FIRST = datetime(2025, 1, 20, tzinfo=SHANGHAI)
moments = st.integers(0, 265 * 24 * 60).map(lambda minutes: FIRST + minutes * MINUTE)


def walked(now: datetime, periods: list[tuple[int, int]]) -> datetime:
    """The next office minute, found by looking at one minute after the other."""
    while True:
        minute = now.hour * 60 + now.minute
        if CALENDAR.is_workday(now.date()) and any(start <= minute < until for start, until in periods):
            return now
        now += MINUTE


@given(offices(), moments)
def test_the_next_office_minute_is_the_first_one_of_all(
    periods: list[tuple[int, int]], now: datetime
) -> None:
    rules = with_office(*periods)
    found = next_office_minute(now, rules, CALENDAR)
    assert found == walked(now, periods)
    assert in_office(found, rules, CALENDAR)
    assert in_office(now, rules, CALENDAR) == (found == now)


@given(offices(), st.dates(date(2025, 1, 20), date(2025, 10, 12)))
def test_a_day_opens_with_its_earliest_period(periods: list[tuple[int, int]], day: date) -> None:
    found = opening(day, with_office(*periods)).astimezone(SHANGHAI)
    assert (found.date(), found.hour * 60 + found.minute) == (day, min(start for start, _ in periods))


@given(offices(), moments, st.integers(1, 30), st.booleans())
def test_every_rung_stands_in_office_hours_but_an_urgent_lapse(
    periods: list[tuple[int, int]], started: datetime, hours: int, urgent: bool
) -> None:
    rules = with_office(*periods)
    due = (started + timedelta(hours=hours)).astimezone(UTC)
    for kind in (ClockKind.ANSWER, ClockKind.SIGN, ClockKind.RULING, ClockKind.DISPATCH):
        for one in rungs(due, started, rules, CALENDAR, kind=kind, urgent=urgent):
            lapse = one.rung.offset is None
            assert (urgent and lapse) or in_office(one.at, rules, CALENDAR)
            assert one.at.second == 0
            assert not (lapse and one.at <= due)


def test_a_date_on_a_day_off_is_reminded_of_before_it() -> None:
    rules = RULES.model_copy(
        update={"reminders": {ClockKind.MILESTONE: (Rung(name="T", offset=0, to=("head",)),)}}
    )
    sunday = datetime(2026, 11, 29, 23, 59, 59, tzinfo=SHANGHAI)
    (one,) = rungs(
        sunday, datetime(2026, 11, 2, 9, tzinfo=SHANGHAI), rules, CALENDAR, kind=ClockKind.MILESTONE
    )
    assert f"{one.at.astimezone(SHANGHAI):%m-%d %H:%M}" == "11-27 08:30"


@pytest.mark.parametrize(
    "wrong",
    [
        {"office": [{"start": "09:00", "until": "12:00"}, {"start": "11:59", "until": "13:00"}]},
        {"reminders": {"answer": [{"name": "T", "offset": 0, "to": ["head"]}]}},
        {"reminders": {"ruling": [{"name": "T", "to": ["head"]}, {"name": "T", "to": ["head"]}]}},
        {"reminders": {"ruling": [{"name": "T", "to": ["nobody"]}]}},
        {"reminders": {"ruling": [{"name": "T", "to": []}]}},
        {"ladder": [{"name": "T", "offset": 0, "to": ["head"], "event": "close"}]},
    ],
)
def test_rules_that_cannot_be_kept_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Rules.model_validate(RULES.model_dump(mode="json") | wrong)
