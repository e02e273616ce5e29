"""Figures over judged messages: F1 of labels and of named things, area under the curve, calibration.

Standard library only; pairs are ``(expected, answered)``.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence

Pairs = Sequence[tuple[str, str]]


def accuracy(pairs: Pairs) -> float:
    """Share of equal pairs, 0 for none."""
    return round(sum(gold == got for gold, got in pairs) / len(pairs), 4) if pairs else 0.0


def f1_by_label(pairs: Pairs) -> dict[str, float]:
    """F1 of every label that is expected at least once."""
    found = {}
    for label in sorted({gold for gold, _ in pairs}):
        hit = sum(gold == label == got for gold, got in pairs)
        missed = sum(gold == label != got for gold, got in pairs)
        wrong = sum(got == label != gold for gold, got in pairs)
        found[label] = round(2 * hit / (2 * hit + wrong + missed), 4)
    return found


def precision_and_recall(pairs: Pairs) -> dict[str, tuple[float, float, int]]:
    """``(precision, recall, how many are expected)`` of every label that is expected at least once."""
    found = {}
    for label in sorted({gold for gold, _ in pairs}):
        hit = sum(gold == label == got for gold, got in pairs)
        expected = sum(gold == label for gold, _ in pairs)
        answered = sum(got == label for _, got in pairs)
        found[label] = (round(hit / answered, 4) if answered else 0.0, round(hit / expected, 4), expected)
    return found


def mean(values: Iterable[float]) -> float:
    """Arithmetic mean, 0 for none."""
    known = list(values)
    return round(sum(known) / len(known), 4) if known else 0.0


def f1_of_things(expected: Iterable[Hashable], answered: Iterable[Hashable]) -> float:
    """Micro F1 of two multisets, 1 when both are empty."""
    gold, got = Counter(expected), Counter(answered)
    both, all_ = (gold & got).total(), gold.total() + got.total()
    return round(2 * both / all_, 4) if all_ else 1.0


def area_under_curve(scored: Sequence[tuple[bool, float]]) -> float:
    """How often a true one scores above a false one, ties counting half; 0 when a kind is missing."""
    true = [score for is_true, score in scored if is_true]
    false = [score for is_true, score in scored if not is_true]
    wins = sum((t > f) + 0.5 * (t == f) for t in true for f in false)
    return round(wins / (len(true) * len(false)), 4) if true and false else 0.0


def calibration(judged: Sequence[tuple[float, bool]], bins: int = 10) -> list[tuple[int, float, float]]:
    """``(n, mean confidence, share right)`` of each tenth of the confidence that holds messages."""
    rows = []
    for number in range(bins):
        own = [(c, right) for c, right in judged if number == min(bins - 1, int(c * bins))]
        if own:
            share = sum(right for _, right in own) / len(own)
            rows.append((len(own), sum(c for c, _ in own) / len(own), share))
    return rows


def calibration_error(judged: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """Expected calibration error: the mean gap between confidence and share right, weighted by number."""
    total = len(judged) or 1
    return round(sum(n * abs(said - right) for n, said, right in calibration(judged, bins)) / total, 4)
