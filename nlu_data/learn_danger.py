"""Learn the weights of bot/nlu/danger.py from all examples: does somebody stand in danger now?

Run ``nlu_data/.venv/bin/python nlu_data/learn_danger.py``: it needs the packages of this folder; the service
needs none of them. Says how many emergencies are heard, and how many alarms are false, on labelled messages
that were left out.
"""

import sys
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from expand import examples  # noqa: E402
from learn_promise import known_grams, matrix  # noqa: E402

from bot.nlu.danger import BORDER, COLUMN, WEIGHTS  # noqa: E402
from bot.nlu.promise_grams import ALWAYS, flat, grams  # noqa: E402

LEAST_WEIGHT = 0.5
AT_LEAST_IN = 4
STRENGTH, PARTS = 10.0, 5


def main() -> None:
    """Measure, learn from everything, write the file."""
    found = examples(HERE)
    said = [grams(flat(one.text)) for one in found]
    known = known_grams(said, AT_LEAST_IN)
    table, danger = matrix(said, known), np.array([one.intent == "emergency" for one in found])
    scores = np.zeros(len(found))
    for learned, asked in GroupKFold(PARTS).split(found, danger, [one.pattern for one in found]):
        scores[asked] = kept(fitted(table[learned], danger[learned])).score(table[asked])
    whole = np.array([one.whole for one in found])
    heard, false = (float(np.mean(scores[whole & kind] >= BORDER)) for kind in (danger, ~danger))
    weights = kept(fitted(table, danger))
    rows = [(gram, weight) for gram, weight in zip(known, weights.each, strict=True) if weight]
    lines = [f"gram\t{COLUMN}", f"{ALWAYS}\t{weights.always:.2f}", *(f"{g}\t{w:.2f}" for g, w in rows)]
    WEIGHTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(rows)} of {len(known)} grams kept; left out: {heard:.3f} heard, {false:.4f} false")


class Weights:
    """One weight a gram, those next to nothing left out, and one that is always there."""

    def __init__(self, each: np.ndarray, always: float) -> None:
        self.each, self.always = each, always

    def score(self, table: csr_matrix) -> np.ndarray:
        return table @ self.each + self.always


def fitted(table: csr_matrix, danger: np.ndarray) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=500).fit(table, danger)


def kept(judge: LogisticRegression) -> Weights:
    each = judge.coef_[0]
    return Weights(np.where(np.abs(each) >= LEAST_WEIGHT, each, 0.0), float(judge.intercept_[0]))


if __name__ == "__main__":
    main()
