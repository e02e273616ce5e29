"""Tracking numbers as they are given and as they are typed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.cases.numbering import BadNumber, new_query_code, normal_form, tracking_no
from storage.vocab import CaseType

DAY = date(2026, 11, 23)


def test_the_number_of_the_domain() -> None:
    assert tracking_no(CaseType.COMPLAINT, DAY, 42) == "TS20261123000423"


@pytest.mark.parametrize(
    "typed",
    [
        "ts20261123000423",
        "TS 2026 1123 0004 23",
        "TS-20261123-00042-3",
        "ＴＳ２０２６１１２３０００４２３",
        " ts20261123000423　",
    ],
)
def test_typed_in_any_way(typed: str) -> None:
    assert normal_form(typed) == "TS20261123000423"


@given(st.sampled_from(CaseType), st.dates(date(2024, 1, 1), date(2099, 12, 31)), st.integers(1, 99_999))
def test_every_number_reads_back_and_one_wrong_digit_does_not(kind: CaseType, day: date, serial: int) -> None:
    number = tracking_no(kind, day, serial)
    assert normal_form(number) == number
    for place in range(2, 16):
        wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
        with pytest.raises(BadNumber):
            normal_form(wrong)


@pytest.mark.parametrize(
    "typed", ["", "TS", "XX20261123000423", "TS2026112300042", "单号", "TS20261123000424"]
)
def test_what_is_no_number(typed: str) -> None:
    with pytest.raises(BadNumber):
        normal_form(typed)


@pytest.mark.parametrize("serial", [0, 100_000])
def test_a_serial_that_does_not_fit_is_refused(serial: int) -> None:
    with pytest.raises(OverflowError):
        tracking_no(CaseType.INQUIRY, DAY, serial)


def test_query_codes_have_six_digits() -> None:
    codes = {new_query_code() for _ in range(200)}
    assert all(len(code) == 6 and code.isdigit() for code in codes)
    assert len(codes) > 150
