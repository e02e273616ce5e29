"""A reader that listens for danger alone: which characters, and pairs of them, an emergency is told in.

It asks one question of the whole message, and is not led astray by what tells the other intents apart.
"""

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

EMERGENCY = "emergency"
#: No single message may count for more than this, in either direction.
LOUDEST = 6.0


class Alarm:
    """Odds of an emergency, learned from plain texts and the labels of all intents."""

    def fit(self, texts: list[str], labels: list[str]) -> "Alarm":
        pairs = TfidfVectorizer(
            analyzer="char", ngram_range=(1, 2), min_df=3, binary=True, use_idf=False, dtype=np.float32
        )
        regression = LogisticRegression(C=10.0, class_weight="balanced", max_iter=300, tol=1e-3)
        self.parts_ = Pipeline([("pairs", pairs), ("regression", regression)])
        self.parts_.fit(texts, np.asarray(labels) == EMERGENCY)
        return self

    def above(self, border: float, texts: list[str]) -> np.ndarray:
        """How far each text's log odds lie above ``border``, bounded."""
        return np.clip(self.parts_.decision_function(texts) - border, -LOUDEST, LOUDEST)
