"""Rates, their intervals and ranks, and quantiles: against values known from elsewhere and plain counting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.analysis.quantiles import quantile
from intake.analysis.rates import FEW, Rate, ranks, wilson


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [  # Newcombe (1998), table I, method 3: 81/263, 15/148, 0/20, 1/29; and all of twenty
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (20, 20, 0.8389, 1.0),
    ],
)
def test_intervals_are_wilsons(hits: int, of: int, low: float, high: float) -> None:
    assert wilson(hits, of) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_an_interval_holds_its_rate_and_mirrors(counted: tuple[int, int]) -> None:
    hits, of = counted
    low, high = wilson(hits, of)
    assert 0 <= low <= hits / of <= high <= 1
    assert wilson(of - hits, of) == pytest.approx((1 - high, 1 - low))


def test_of_nothing_there_is_no_rate() -> None:
    assert (Rate(0, 0).value, Rate(0, 0).interval) == (None, None)
    with pytest.raises(ValueError, match="rate"):
        Rate(3, 2)


def test_nobody_is_ranked_below_twenty_cases() -> None:
    rates = {
        "best": Rate(20, 20),
        "few": Rate(19, 19),
        "same": Rate(30, 40),
        "as": Rate(15, 20),
        "last": Rate(0, 99),
    }
    assert FEW == 20
    assert ranks(rates) == {"best": 1, "same": 2, "as": 2, "last": 4}


@given(st.lists(st.integers(0, 40), max_size=60), st.integers(1, 100))
def test_a_quantile_is_the_first_that_so_many_do_not_exceed(values: list[int], per_cent: int) -> None:
    counted = {value: values.count(value) for value in values}
    found = quantile(counted, per_cent)
    enough = [v for v in sorted(values) if sum(one <= v for one in values) * 100 >= per_cent * len(values)]
    assert found == (enough[0] if enough else None)


def test_a_share_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="quantile"):
        quantile({1: 1}, 0)
