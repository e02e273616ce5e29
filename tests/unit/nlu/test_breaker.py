"""The circuit breaker in front of Rasa."""

import pytest

from bot.nlu.breaker import Breaker


class Time:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def breaker(time: Time) -> Breaker:
    return Breaker(clock=time, failures=3, pause=5.0)


def fail(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        assert breaker.allows()
        breaker.failed()


def test_two_failures_keep_it_closed(breaker: Breaker) -> None:
    fail(breaker, 2)
    assert breaker.state == "closed"
    assert breaker.allows()


def test_a_success_between_starts_the_count_again(breaker: Breaker) -> None:
    fail(breaker, 2)
    breaker.succeeded()
    fail(breaker, 2)
    assert breaker.state == "closed"


def test_three_in_a_row_open_it(breaker: Breaker) -> None:
    fail(breaker, 3)
    assert breaker.state == "open"
    assert not breaker.allows()


def test_after_the_pause_one_probe_passes(breaker: Breaker, time: Time) -> None:
    fail(breaker, 3)
    time.now += 5.0
    assert breaker.state == "half_open"
    assert breaker.allows()
    assert not breaker.allows()


def test_a_good_probe_closes_it(breaker: Breaker, time: Time) -> None:
    fail(breaker, 3)
    time.now += 5.0
    assert breaker.allows()
    breaker.succeeded()
    assert breaker.state == "closed"


def test_a_bad_probe_opens_it_for_another_pause(breaker: Breaker, time: Time) -> None:
    fail(breaker, 3)
    time.now += 5.0
    assert breaker.allows()
    breaker.failed()
    assert breaker.state == "open"
    time.now += 4.9
    assert not breaker.allows()
    time.now += 0.2
    assert breaker.allows()


def test_a_probe_that_never_reports_is_given_up(breaker: Breaker, time: Time) -> None:
    fail(breaker, 3)
    time.now += 5.0
    assert breaker.allows()
    time.now += 5.0
    assert breaker.allows()
