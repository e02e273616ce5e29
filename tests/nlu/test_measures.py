"""The figures of the understanding, and the set that was written apart, as it must be."""

from collections import Counter

from bot.nlu.port import INTENTS
from nlu_data import apart, measures


def test_f1_counts_a_label_that_is_never_answered_as_zero() -> None:
    pairs = [("a", "a"), ("a", "b"), ("b", "b"), ("c", "a")]

    assert measures.f1_by_label(pairs) == {"a": 0.5, "b": 0.6667, "c": 0.0}
    assert measures.accuracy(pairs) == 0.5


def test_the_area_is_one_when_all_true_ones_stand_above() -> None:
    assert measures.area_under_curve([(True, 0.9), (True, 0.6), (False, 0.5)]) == 1.0
    assert measures.area_under_curve([(True, 0.5), (False, 0.5)]) == 0.5


def test_things_are_counted_as_often_as_they_are_named() -> None:
    assert measures.f1_of_things(["x", "x", "y"], ["x", "y", "z"]) == 0.6667
    assert measures.f1_of_things([], []) == 1.0


def test_a_model_that_is_right_as_often_as_it_says_has_no_calibration_error() -> None:
    honest = [(0.75, True), (0.75, True), (0.75, True), (0.75, False)]
    boastful = [(0.95, False), (0.95, True)]

    assert measures.calibration_error(honest) == 0.0
    assert measures.calibration_error(boastful) == 0.45


def test_the_apart_set_is_wide_enough() -> None:
    messages = apart.read(apart.EVAL / "apart")
    by_intent = Counter(message.intent for message in messages)

    assert len(messages) >= 520
    assert set(by_intent) == set(INTENTS)
    assert min(by_intent.values()) >= 15
    assert by_intent["emergency"] >= 25
    assert sum(message.seems_urgent for message in messages) >= 40
    assert sum(len(message.text) >= apart.LONG for message in messages) >= 80
    assert len({message.text for message in messages}) == len(messages)
