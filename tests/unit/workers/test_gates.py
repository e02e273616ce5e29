"""Interfaces that refuse are left alone: briefly, for a minute, until midnight in Shanghai."""

from datetime import timedelta

from bot.workers.gates import Gates
from bot.workers.verdict import Closed
from tests.support.time import HandClock

SECOND = timedelta(seconds=1)


def test_many_failures_at_once_are_one_and_pauses_grow_until_something_gets_through() -> None:
    clock = HandClock()
    gates, pauses = Gates(clock), []
    for _ in range(6):
        pauses.append(gates.close("service", Closed.BRIEFLY))
        assert gates.close("service", Closed.BRIEFLY) == pauses[-1]
        clock.advance(seconds=pauses[-1].total_seconds())
        assert gates.closed_for("service") is None
    assert [pause.seconds for pause in pauses] == [1, 2, 5, 10, 15, 15]

    gates.reopen("service")
    assert gates.close("service", Closed.BRIEFLY) == SECOND


def test_one_interface_does_not_close_another() -> None:
    gates = Gates(HandClock())
    gates.close("service", Closed.A_MINUTE)
    assert gates.closed_for("service") == timedelta(minutes=1)
    assert gates.closed_for("subscribe") is None


def test_a_quota_returns_at_midnight_by_the_offices_clock() -> None:
    clock = HandClock()  # 09:30 in Shanghai
    gates = Gates(clock)
    gates.close("service", Closed.UNTIL_MIDNIGHT)

    clock.advance(hours=14, minutes=29)
    assert gates.closed_for("service") is not None
    clock.advance(minutes=1)
    assert gates.closed_for("service") is None


def test_the_operator_is_told_of_the_end_once() -> None:
    gates = Gates(HandClock())
    assert gates.reopen("media")  # a fault may stand from before this process began
    assert not gates.reopen("media")
    gates.close("media", Closed.BRIEFLY)
    assert gates.reopen("media")
