"""A network with one hidden layer over sparse rows, that learns while half of each message is hidden from it.

Hiding (dropout of the input; Srivastava et al., 2014) makes it lean on many words instead of the few that
happened to tell its examples apart, which carries over to people who write otherwise. Adam (Kingma and Ba,
2015), with moments only for the columns that a batch holds, so that a round over all examples takes seconds.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

ROWS = 256
FIRST_RATE, LAST_RATE = 2e-3, 2e-4
FIRST, SECOND, TINY = 0.9, 0.999, 1e-8


class Network:
    """``hidden`` units, ``rounds`` over the examples, the share ``dropped`` of each row hidden meanwhile."""

    def __init__(self, hidden: int, rounds: int, dropped: float, seed: int = 0) -> None:
        self.hidden, self.rounds, self.dropped, self.seed = hidden, rounds, dropped, seed

    def fit(self, rows: csr_matrix, labels: np.ndarray) -> "Network":
        chance = np.random.RandomState(self.seed)
        self.classes_, right = np.unique(labels, return_inverse=True)
        edge = np.sqrt(6 / (self.hidden + len(self.classes_)))
        self.weights_ = [
            drawn(chance, 0.02, (rows.shape[1], self.hidden)),
            np.zeros(self.hidden, np.float32),
            drawn(chance, edge, (self.hidden, len(self.classes_))),
            np.zeros(len(self.classes_), np.float32),
        ]
        adam = Adam(self.weights_)
        batches = self.rounds * -(-len(right) // ROWS)
        for number, chosen in enumerate(self._batches(len(right), chance)):
            seen = self._half_hidden(rows[chosen], chance)
            rate = FIRST_RATE + (LAST_RATE - FIRST_RATE) * number / batches
            adam.step(rate, *self._slopes(seen, right[chosen]))
        return self

    def _batches(self, count: int, chance: np.random.RandomState) -> Iterator[np.ndarray]:
        for _ in range(self.rounds):
            order = chance.permutation(count)
            yield from (order[start : start + ROWS] for start in range(0, count, ROWS))

    def _half_hidden(self, rows: csr_matrix, chance: np.random.RandomState) -> csr_matrix:
        kept = chance.rand(rows.nnz) >= self.dropped
        rows.data = rows.data * (kept / (1 - self.dropped)).astype(np.float32)
        return rows

    def _slopes(self, rows: csr_matrix, right: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
        """The columns that the rows hold, and how the mean surprise changes with each of the weights."""
        first, bias, second, last = self.weights_
        inner = np.maximum(rows @ first + bias, 0)
        off = np.exp(log_shares(inner @ second + last))
        off[np.arange(len(right)), right] -= 1
        off /= len(right)
        back = (off @ second.T) * (inner > 0)
        columns = np.unique(rows.indices)
        return columns, [rows[:, columns].T @ back, back.sum(0), inner.T @ off, off.sum(0)]

    def predict_log_proba(self, rows: csr_matrix) -> np.ndarray:
        first, bias, second, last = self.weights_
        return log_shares(np.maximum(rows @ first + bias, 0) @ second + last)


class Adam:
    """Moves the weights, in place; of the first of them only the rows that are named."""

    def __init__(self, weights: list[np.ndarray]) -> None:
        self.weights = weights
        self.means: list[Any] = [np.zeros_like(one) for one in weights]
        self.squares: list[Any] = [np.zeros_like(one) for one in weights]
        self.steps = 0

    def step(self, rate: float, columns: np.ndarray, slopes: list[np.ndarray]) -> None:
        self.steps += 1
        grown = np.sqrt(1 - SECOND**self.steps) / (1 - FIRST**self.steps)
        for number, slope in enumerate(slopes):
            at = columns if number == 0 else slice(None)
            mean = FIRST * self.means[number][at] + (1 - FIRST) * slope
            square = SECOND * self.squares[number][at] + (1 - SECOND) * slope**2
            self.means[number][at], self.squares[number][at] = mean, square
            self.weights[number][at] -= rate * grown * mean / (np.sqrt(square) + TINY)


def drawn(chance: np.random.RandomState, edge: float, shape: tuple[int, int]) -> np.ndarray:
    return chance.uniform(-edge, edge, shape).astype(np.float32)


def log_shares(scores: np.ndarray) -> np.ndarray:
    """Logarithms of the softmax of each row."""
    lifted = scores - scores.max(axis=1, keepdims=True)
    return lifted - np.log(np.exp(lifted).sum(axis=1, keepdims=True))
