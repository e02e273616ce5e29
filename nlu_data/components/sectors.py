"""Which offices a message is for: logistic regression over its characters, as a Rasa component.

Learned from the sentences of each sector, the labelled messages, and what dispatchers corrected. Each answer
gets ``sectors``, the likeliest first; which unit of the sector it is remains the routing's to say.
"""

from functools import partial
from typing import Any

import joblib
import numpy as np
from expand import Example
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, METADATA, METADATA_EXAMPLE, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from components.features import grams, plain
from components.messages import known_examples
from components.temperature import Told, learned_temperature, shares

SECTOR, SECTORS = "sector", "sectors"


def told_by(found: list[Example]) -> Told:
    """The examples as they are learned from; each has a sector."""
    return Told(
        texts=[plain(one.text) for one in found],
        labels=[one.sector for one in found],
        lines=[one.pattern for one in found],
        alone=[one.whole for one in found],
        times=[1 for _ in found],
    )


def fitted(settings: dict[str, Any], told: Told) -> Pipeline:
    """One scikit-learn pipeline; takes plain texts."""
    regression = LogisticRegression(
        C=settings["C"], class_weight="balanced", max_iter=settings["max_iter"], tol=settings["tol"]
    )
    features = grams("whole", settings["longest"], settings["max_features"])
    return Pipeline([("features", features), ("regression", regression)]).fit(told.texts, told.labels)


def tempered(settings: dict[str, Any], told: Told) -> float:
    """How much less sure it may say it is, by one that learns from a part."""
    return learned_temperature(partial(fitted, settings), told, settings["calibration_share"])


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SectorClassifier(IntentClassifier, GraphComponent):  # type: ignore[misc]
    """The sectors of whole messages, each with its share."""

    FILE = "sector_classifier.joblib"

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "C": 6.0,
            "max_iter": 150,
            "tol": 2e-3,
            "longest": 3,
            "max_features": 60000,
            "named": 6,
            "calibration_share": 0.2,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SectorClassifier":
        return cls(config, model_storage, resource)

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        learned: Pipeline | None = None,
        *,
        temperature: float = 1.0,
    ) -> None:
        self.config = self.get_default_config() | config
        self._storage = storage
        self._resource = resource
        self._learned = learned
        self._temperature = temperature

    def train(self, training_data: TrainingData) -> Resource:
        known = known_examples()
        found = [accepted(m) or known.get(m.get(TEXT)) for m in training_data.intent_examples]
        examples = [one for one in found if one and one.sector]
        told = told_by(examples)
        both = (joblib.delayed(fitted)(self.config, told), joblib.delayed(tempered)(self.config, told))
        self._learned, self._temperature = joblib.Parallel(n_jobs=len(both))(both)
        regression = self._learned.named_steps["regression"]
        regression.coef_ = np.asfortranarray(regression.coef_)
        with self._storage.write_to(self._resource) as folder:
            joblib.dump((self._learned, self._temperature), folder / self.FILE, compress=1)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_more: Any,
    ) -> "SectorClassifier":
        with model_storage.read_from(resource) as folder:
            learned, temperature = joblib.load(folder / cls.FILE)
        return cls(config, model_storage, resource, learned, temperature=temperature)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            message.set(SECTORS, self._rank(message.get(TEXT) or ""), add_to_output=True)
        return messages

    def _rank(self, text: str) -> list[dict[str, Any]]:
        if self._learned is None:
            raise RuntimeError("asked before it was trained")
        sure = shares(self._learned.decision_function([plain(text)]), self._temperature)[0]
        best = sorted(zip(self._learned.classes_, sure, strict=True), key=lambda pair: -pair[1])
        return [{"name": str(n), "confidence": float(p)} for n, p in best[: self.config["named"]]]


def accepted(message: Message) -> Example | None:
    """An exported example whose unit people agreed on: it carries the sector beside its text."""
    about = (message.get(METADATA) or {}).get(METADATA_EXAMPLE) or {}
    sector = about.get(SECTOR) if isinstance(about, dict) else None
    return Example(message.get(INTENT), message.get(TEXT), message.get(TEXT), str(sector)) if sector else None
