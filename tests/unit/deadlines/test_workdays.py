"""Working days against the published calendar, an independent package and the domain's own table."""

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.deadlines.workdays import Workdays

DAY = timedelta(days=1)
CALENDAR = Workdays({})
DIFFERENCES: dict[date, str] = {}
"""Days on which `holidays` says otherwise, and why ours is right. With its releases of 2026: none."""
known_days = st.dates(date(2018, 1, 1), date(2026, 10, 31))


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        (date(2025, 1, 23), 3, date(2025, 1, 27)),
        (date(2025, 1, 23), 10, date(2025, 2, 12)),
        (date(2025, 9, 26), 3, date(2025, 9, 30)),
        (date(2025, 9, 26), 5, date(2025, 10, 10)),
        (date(2026, 2, 12), 10, date(2026, 3, 4)),
        (date(2026, 9, 18), 5, date(2026, 9, 24)),
        (date(2026, 9, 29), 10, date(2026, 10, 19)),
    ],
)
def test_make_up_days_count_and_holidays_do_not(start: date, n: int, due: date) -> None:
    count = CALENDAR.add(start, n)
    assert (count.date, count.estimated) == (due, False)


def test_every_day_of_nine_years_agrees_with_an_independent_calendar() -> None:
    other = holidays.country_holidays("CN", years=range(2018, 2027))
    days = [date(2018, 1, 1) + n * DAY for n in range((date(2027, 1, 1) - date(2018, 1, 1)).days)]
    differing = {d for d in days if CALENDAR.is_workday(d) != other.is_working_day(d)}
    assert differing == DIFFERENCES.keys()


def test_an_explanation_lists_the_days_and_names_the_make_up_day() -> None:
    told = CALENDAR.add(date(2025, 9, 26), 3).explanation
    assert told == "3 个工作日：9月28日（调休上班）、9月29日、9月30日"


def test_an_explanation_names_the_holiday_that_was_passed_over() -> None:
    told = CALENDAR.add(date(2025, 9, 29), 2).explanation
    assert told == "2 个工作日：9月30日、10月9日；10月1日至10月8日放假，不计"


def test_an_explanation_names_the_year_when_it_changes() -> None:
    assert "2026年1月4日（调休上班）" in CALENDAR.add(date(2025, 12, 31), 1).explanation


def test_an_unpublished_year_is_counted_by_weeks_and_marked() -> None:
    count = CALENDAR.add(date(2026, 12, 30), 3)
    assert count.date == date(2027, 1, 4)
    assert count.estimated
    assert "尚未公布" in count.explanation


def test_an_override_wins_and_is_no_estimate() -> None:
    calendar = Workdays({date(2027, 1, 1): False, date(2026, 11, 24): False})
    assert calendar.add(date(2026, 11, 23), 1).date == date(2026, 11, 25)
    assert calendar.add(date(2026, 12, 31), 1).date == date(2027, 1, 4)
    assert not calendar.is_estimated(date(2027, 1, 1))
    assert calendar.is_estimated(date(2027, 1, 4))


def test_a_year_whose_overrides_are_complete_is_no_estimate() -> None:
    calendar = Workdays({date(2027, 1, 1): False}, published=frozenset({2027}))
    assert calendar.add(date(2026, 12, 31), 1).estimated is False


def test_nothing_is_counted_backwards_by_add() -> None:
    with pytest.raises(ValueError, match="forward"):
        CALENDAR.add(date(2026, 1, 5), -1)


@given(known_days, st.integers(1, 40))
def test_a_due_date_is_a_working_day(start: date, n: int) -> None:
    assert CALENDAR.is_workday(CALENDAR.add(start, n).date)


@given(known_days, st.integers(0, 30), st.integers(0, 10))
def test_counting_on_is_counting_in_one_go(start: date, n: int, more: int) -> None:
    assert CALENDAR.add(CALENDAR.add(start, n).date, more).date == CALENDAR.add(start, n + more).date


@given(known_days, st.integers(0, 40), st.integers(0, 30))
def test_a_later_start_is_never_due_earlier(start: date, n: int, later: int) -> None:
    assert CALENDAR.add(start + later * DAY, n).date >= CALENDAR.add(start, n).date


@given(known_days, st.integers(1, 30))
def test_counting_back_and_between_undo_counting_on(start: date, n: int) -> None:
    due = CALENDAR.add(start, n).date
    assert CALENDAR.between(start, due) == n
    assert CALENDAR.add(CALENDAR.subtract(due, n), n).date == due
