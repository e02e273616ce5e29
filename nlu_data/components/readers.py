"""Two readers of the same features, and their common answer: a linear one and one with a hidden layer.

The linear one keeps small intents apart from few examples; the other hears what only words together say (a
question and a trouble are a complaint). Their shares are multiplied, so that both must agree on what is sure.
"""

from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

#: A label with few examples is drawn more often, by the root of what it lacks, within these bounds.
LEAST, MOST = 0.6, 3.0


class Readers(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Logistic regression and a small network; ``settings`` are those of the whole classifier."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings

    def fit(self, rows: csr_matrix, labels: list[str]) -> "Readers":
        named = np.asarray(labels)
        self.linear_ = LogisticRegression(
            C=self.settings["C"],
            class_weight="balanced",
            max_iter=self.settings["max_iter"],
            tol=self.settings["tol"],
        ).fit(rows, named)
        # The sparse product reads coefficients laid out like this without a copy for each message.
        self.linear_.coef_ = np.asfortranarray(self.linear_.coef_)
        drawn = balanced(named)
        self.hidden_ = MLPClassifier(
            hidden_layer_sizes=(self.settings["hidden"],),
            alpha=1e-5,
            batch_size=256,
            learning_rate_init=2e-3,
            max_iter=self.settings["rounds"],
            random_state=0,
        )
        for _ in range(self.settings["rounds"]):
            self.hidden_.partial_fit(rows[drawn], named[drawn], classes=self.linear_.classes_)
        self.classes_ = self.linear_.classes_
        return self

    def decision_function(self, rows: csr_matrix) -> np.ndarray:
        """The mean of both logarithms of shares, one column a class."""
        shares = (reader.predict_proba(rows) for reader in (self.linear_, self.hidden_))
        return sum(np.log(np.maximum(share, 1e-9)) for share in shares) / 2

    def predict(self, rows: csr_matrix) -> np.ndarray:
        return self.classes_[self.decision_function(rows).argmax(axis=1)]


def balanced(labels: np.ndarray) -> np.ndarray:
    """Which rows to learn from, some of the rare labels more than once; the same for the same labels."""
    chance = np.random.RandomState(0)
    names, counts = np.unique(labels, return_counts=True)
    fair = len(labels) / len(names)
    drawn = []
    for name, count in zip(names, counts, strict=True):
        own = np.flatnonzero(labels == name)
        wanted = int(fair * min(MOST, max(LEAST, (count / fair) ** 0.5)))
        drawn.append(own if count >= fair else chance.choice(own, wanted, replace=True))
    return np.concatenate(drawn)
