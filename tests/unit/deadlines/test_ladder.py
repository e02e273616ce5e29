"""Reminders: on which day, in office hours, and which are left out."""

from datetime import date, datetime
from pathlib import Path

import pytest

import intake.profiles
from intake.deadlines.clocks import SHANGHAI, on
from intake.deadlines.ladder import next_office_minute, rungs
from intake.deadlines.workdays import Workdays
from intake.profiles import load_profile

RULES = load_profile(Path(intake.profiles.__file__).parent / "xinxiang.yml").rules
CALENDAR = Workdays({})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def told(due: date, dispatched: str) -> list[tuple[str, str]]:
    found = rungs(on(due).due_at, at(dispatched), RULES, CALENDAR)
    return [(one.rung.name, f"{one.at.astimezone(SHANGHAI):%m-%d %H:%M}") for one in found]


def test_reminders_stand_on_working_days_at_the_first_office_minute() -> None:
    assert told(date(2025, 10, 9), "2025-09-22 10:00") == [
        ("T-3", "09-28 08:30"),
        ("T-1", "09-30 08:30"),
        ("T", "10-09 08:30"),
        ("T+1", "10-10 08:30"),
        ("T+5", "10-15 08:30"),
    ]


def test_reminders_on_or_before_the_day_of_dispatch_are_left_out() -> None:
    names = [name for name, _ in told(date(2026, 11, 26), "2026-11-23 10:00")]
    assert names == ["T-1", "T", "T+1", "T+5"]


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-11-23 09:10", "2026-11-23 09:10"),
        ("2026-11-23 06:00", "2026-11-23 08:30"),
        ("2026-11-23 12:00", "2026-11-23 14:30"),
        ("2026-11-20 17:30", "2026-11-23 08:30"),
        ("2025-09-30 18:00", "2025-10-09 08:30"),
    ],
)
def test_a_reminder_waits_for_office_hours(now: str, then: str) -> None:
    assert next_office_minute(at(now), RULES, CALENDAR) == at(then)
