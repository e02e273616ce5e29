"""How sure the classifier may say it is: one temperature, learned from lines that it had not seen.

The regression is surer of lines like those it learned from than it is right about new ones. Its scores are
divided by the temperature before they become shares of one, which changes no answer, only how sure it sounds
(Guo et al., On Calibration of Modern Neural Networks, 2017).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.model_selection import GroupShuffleSplit

COLDEST, HOTTEST = 0.3, 5.0


def shares(scores: np.ndarray, temperature: float) -> np.ndarray:
    """Softmax of each row of ``scores`` at a temperature."""
    cooled = scores / temperature
    raised = np.exp(cooled - cooled.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


def surprise(scores: np.ndarray, right: np.ndarray, weights: np.ndarray, temperature: float) -> float:
    """Mean negative logarithm of the share of the right column, each row with its weight."""
    given = shares(scores, temperature)[np.arange(len(right)), right]
    return float(-np.average(np.log(np.maximum(given, 1e-12)), weights=weights))


@dataclass(frozen=True)
class Told:
    """What is learned from: texts with their labels, the written line each grew from, whether that line
    is ``alone``, its sentences standing in no other line's messages, and how many ``times`` each counts."""

    texts: Sequence[str]
    labels: Sequence[str]
    lines: Sequence[str]
    alone: Sequence[bool]
    times: Sequence[int]

    def part(self, chosen: Sequence[int]) -> "Told":
        """Only what stands at these places."""
        columns = (self.texts, self.labels, self.lines, self.alone, self.times)
        return Told(*([column[i] for i in chosen] for column in columns))


def learned_temperature(learn: Callable[[Told], Any], told: Told, share: float) -> float:
    """The temperature that fits a ``share`` of the written lines, left out of a training of its own.

    What grew from one line is left out together; asked about is only the first text of a line that stands
    alone. Small intents count more than their number, the root of it: they are what people say most often.
    """
    split = GroupShuffleSplit(n_splits=1, test_size=share, random_state=0)
    learned, left_out = next(split.split(told.texts, told.labels, told.lines))
    first = {line: number for number, line in reversed(list(enumerate(told.lines)))}
    asked = told.part([i for i in left_out if told.alone[i] and first[told.lines[i]] == i] or list(left_out))
    model = learn(told.part(learned))
    right = np.searchsorted(model.classes_, asked.labels)
    scores = model.decision_function(asked.texts)
    weights = 1.0 / np.sqrt(np.bincount(right, minlength=len(model.classes_)))[right]
    found = minimize_scalar(
        lambda t: surprise(scores, right, weights, t), bounds=(COLDEST, HOTTEST), method="bounded"
    )
    return float(found.x)
