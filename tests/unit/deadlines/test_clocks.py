"""Every clock of a case, at the instants that people argue about."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import intake.profiles
from intake.deadlines.clocks import DATED, SHANGHAI, deadline, extended, on, overdue, resumed, return_window
from intake.deadlines.workdays import Workdays
from intake.profiles import load_profile
from storage.vocab import CaseType, ClockKind

RULES = load_profile(Path(intake.profiles.__file__).parent / "xinxiang.yml").rules
CALENDAR = Workdays({})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def due(
    kind: ClockKind, start: str, case_type: CaseType = CaseType.COMPLAINT, *, urgent: bool = False
) -> datetime:
    found = deadline(kind, at(start), RULES, CALENDAR, case_type=case_type, urgent=urgent)
    assert found.due_at.tzinfo is UTC
    return found.due_at.astimezone(SHANGHAI)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-11-20 17:00", "2026-11-23 17:00:00"),
        ("2026-11-21 10:00", "2026-11-23 23:59:59"),
        ("2026-11-23 09:30", "2026-11-24 09:30:00"),
        ("2026-11-20 00:00", "2026-11-20 23:59:59"),
        ("2025-09-30 16:00", "2025-10-09 16:00:00"),
        ("2026-10-10 08:00", "2026-10-12 08:00:00"),
    ],
)
def test_signing_counts_the_hours_of_working_days(start: str, end: str) -> None:
    assert due(ClockKind.SIGN, start) == at(end)


@pytest.mark.parametrize("kind", [ClockKind.SIGN, ClockKind.DISPATCH])
def test_urgent_limits_count_every_hour(kind: ClockKind) -> None:
    assert due(kind, "2026-11-21 23:30", urgent=True) == at("2026-11-22 01:30")


def test_dispatch_counts_every_hour() -> None:
    assert due(ClockKind.DISPATCH, "2026-11-20 17:00") == at("2026-11-21 17:00")


@pytest.mark.parametrize(
    ("case_type", "end"),
    [
        (CaseType.INQUIRY, "2026-11-26 23:59:59"),
        (CaseType.SUGGESTION, "2026-11-30 23:59:59"),
        (CaseType.COMPLAINT, "2026-12-07 23:59:59"),
    ],
)
def test_an_answer_is_due_at_the_end_of_a_day(case_type: CaseType, end: str) -> None:
    assert due(ClockKind.ANSWER, "2026-11-23 16:59", case_type) == at(end)


def test_the_day_of_dispatch_is_the_day_in_the_city() -> None:
    start = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    found = deadline(ClockKind.ANSWER, start, RULES, CALENDAR, case_type=CaseType.INQUIRY)
    assert found.due_at.astimezone(SHANGHAI) == at("2026-11-26 23:59:59")


@pytest.mark.parametrize(
    ("kind", "end"),
    [
        (ClockKind.FIRST_CONTACT, "2026-11-23 23:59:59"),
        (ClockKind.CONTACT, "2026-11-23 23:59:59"),
        (ClockKind.RULING, "2026-11-23 23:59:59"),
        (ClockKind.PAUSE, "2026-11-27 23:59:59"),
        (ClockKind.REWORK, "2026-11-27 23:59:59"),
        (ClockKind.RATING, "2026-11-27 23:59:59"),
    ],
)
def test_the_other_clocks_end_with_a_day(kind: ClockKind, end: str) -> None:
    assert due(kind, "2026-11-20 15:00") == at(end)


@pytest.mark.parametrize("kind", sorted(DATED))
def test_what_has_a_date_of_its_own_is_not_counted(kind: ClockKind) -> None:
    with pytest.raises(ValueError, match="date of its own"):
        due(kind, "2026-11-20 15:00")
    assert on(date(2026, 12, 31)).due_at.astimezone(SHANGHAI) == at("2026-12-31 23:59:59")


def test_a_naive_start_is_refused() -> None:
    naive = at("2026-11-20 15:00").replace(tzinfo=None)
    with pytest.raises(ValueError, match="time zone"):
        deadline(ClockKind.SIGN, naive, RULES, CALENDAR, case_type=CaseType.INQUIRY)


def test_a_deadline_in_an_unpublished_year_says_so() -> None:
    found = deadline(ClockKind.ANSWER, at("2026-12-28 10:00"), RULES, CALENDAR, case_type=CaseType.COMPLAINT)
    assert found.estimated
    assert "尚未公布" in found.explanation
    signing = deadline(ClockKind.SIGN, at("2026-12-31 10:00"), RULES, CALENDAR, case_type=CaseType.INQUIRY)
    assert signing.estimated


def test_overdue_starts_at_midnight() -> None:
    end = on(date(2026, 11, 23)).due_at
    assert not overdue(end, at("2026-11-23 23:59:59") + timedelta(milliseconds=900))
    assert overdue(end, at("2026-11-24 00:00:00"))


def test_a_return_may_be_asked_for_two_working_days() -> None:
    found = return_window(at("2026-11-20 17:00"), RULES, CALENDAR)
    assert found.due_at.astimezone(SHANGHAI) == at("2026-11-24 23:59:59")


def test_an_extension_counts_from_the_old_due_date() -> None:
    found = extended(on(date(2025, 9, 26)).due_at, 5, RULES, CALENDAR)
    assert found.due_at.astimezone(SHANGHAI) == at("2025-10-10 23:59:59")
    assert found.explanation.startswith("延期，原定2025年9月26日，顺延 5 个工作日：9月28日（调休上班）")


@pytest.mark.parametrize("days", [0, 11])
def test_an_extension_keeps_to_its_limit(days: int) -> None:
    with pytest.raises(ValueError, match="1 to 10"):
        extended(on(date(2026, 11, 23)).due_at, days, RULES, CALENDAR)


@pytest.mark.parametrize(
    ("asked", "replied", "end"),
    [
        ("2026-11-20 10:00", "2026-11-24 09:00", "2026-12-09 23:59:59"),
        ("2026-11-20 10:00", "2026-11-20 15:00", "2026-12-07 23:59:59"),
        ("2026-11-20 10:00", "2026-11-22 15:00", "2026-12-07 23:59:59"),
        ("2026-11-20 10:00", "2026-12-04 15:00", "2026-12-14 23:59:59"),
    ],
)
def test_waiting_for_a_citizen_moves_the_date_by_at_most_five_days(
    asked: str, replied: str, end: str
) -> None:
    found = resumed(on(date(2026, 12, 7)).due_at, at(asked), at(replied), RULES, CALENDAR)
    assert found.due_at.astimezone(SHANGHAI) == at(end)


@given(
    st.datetimes(datetime(2019, 1, 1), datetime(2026, 10, 1)),  # noqa: DTZ001 - made aware below
    st.sampled_from([k for k in ClockKind if k not in DATED]),
    st.sampled_from(CaseType),
    st.integers(0, 100_000),
)
def test_a_later_start_never_ends_earlier(
    start: datetime, kind: ClockKind, case_type: CaseType, seconds: int
) -> None:
    first = start.replace(tzinfo=SHANGHAI)
    ends = [
        deadline(kind, begin, RULES, CALENDAR, case_type=case_type).due_at
        for begin in (first, first + timedelta(seconds=seconds))
    ]
    assert ends[0] <= ends[1]
    assert ends[0] >= first.replace(microsecond=0)
