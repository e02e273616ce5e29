"""Readers of the same features, and their common answer: a linear one, and networks with a hidden layer.

The linear one keeps small intents apart from few examples; the networks, which differ only in how they began,
hear what only words together say (a question and a trouble are a complaint). Their shares are multiplied, so
that both kinds must agree on what is sure.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression

from components.network import Network

#: A label with few examples is drawn more often, by the root of what it lacks, within these bounds.
LEAST, MOST = 0.6, 3.0


class Readers(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Logistic regression and small networks; ``settings`` are those of the whole classifier."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings

    def fit(self, rows: csr_matrix, labels: Sequence[str], times: Sequence[int]) -> "Readers":
        named = np.asarray(labels)
        self.linear_ = LogisticRegression(
            C=self.settings["C"],
            class_weight="balanced",
            max_iter=self.settings["max_iter"],
            tol=self.settings["tol"],
        ).fit(rows, named, sample_weight=np.asarray(times))
        # The sparse product reads coefficients laid out like this without a copy for each message.
        self.linear_.coef_ = np.asfortranarray(self.linear_.coef_)
        drawn = balanced(named, np.asarray(times))
        settings = (self.settings["hidden"], self.settings["rounds"], self.settings["dropped"])
        self.networks_ = [
            Network(*settings, seed).fit(rows[drawn], named[drawn])
            for seed in range(self.settings["networks"])
        ]
        self.classes_ = self.linear_.classes_
        return self

    def decision_function(self, rows: csr_matrix) -> np.ndarray:
        """The mean of what the linear one and the networks say, as logarithms of shares; a column a class."""
        linear = np.log(np.maximum(self.linear_.predict_proba(rows), 1e-9))
        networks = np.mean([one.predict_log_proba(rows) for one in self.networks_], axis=0)
        return (linear + networks) / 2

    def predict(self, rows: csr_matrix) -> np.ndarray:
        return self.classes_[self.decision_function(rows).argmax(axis=1)]


def balanced(labels: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Which rows to learn from, each so many ``times`` and some of the rare labels more often; the same for
    the same labels."""
    chance = np.random.RandomState(0)
    rows = np.repeat(np.arange(len(labels)), times)
    names, counts = np.unique(labels[rows], return_counts=True)
    fair = len(rows) / len(names)
    drawn = []
    for name, count in zip(names, counts, strict=True):
        own = rows[labels[rows] == name]
        wanted = int(fair * min(MOST, max(LEAST, (count / fair) ** 0.5)))
        drawn.append(own if count >= fair else chance.choice(own, wanted, replace=True))
    return np.concatenate(drawn)
