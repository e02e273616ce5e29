"""The intent classifier: :mod:`components.readers` over :mod:`components.features`, as a Rasa component.

Rasa's own featurizers make a row of features for every token, which costs a message of 1,500
characters 20 ms and answers no question that is asked here; this one looks at the message once.
How sure it is is calibrated on lines left out of the training (:mod:`components.temperature`).
Each answer carries ``model``, the name of the model file it came from.
"""

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from expand import FRAMED, Example
from expand import examples as written_examples
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.pipeline import Pipeline

from components.alarm import EMERGENCY, Alarm
from components.features import features, plain, read_lists
from components.readers import Readers
from components.temperature import Told, learned_temperature, shares

RANKING = "intent_ranking"
MODEL_NAME = "NLU_MODEL_NAME"
#: Counts up when what was stored before can no longer answer.
FORM = 3
HERE = Path(__file__).resolve().parent.parent
DICTIONARIES = HERE / "dictionaries"


class Judge(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Features and readers of plain texts, an ear for danger, and what is known beforehand of letters.

    Who writes a letter of ``letter_length`` characters or more proposes less often than the examples do,
    which are as many of each kind: ``letter_priors`` says what each kind gains. An emergency gains by what
    the :class:`~components.alarm.Alarm` hears above ``alarm_border``, and in a letter ``letter_alarm``:
    there it stands among other things.
    """

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings

    def fit(self, texts: Sequence[str], labels: Sequence[str], times: Sequence[int]) -> "Judge":
        parts = [
            ("features", features(read_lists(DICTIONARIES), self.settings)),
            ("readers", Readers(self.settings)),
        ]
        self.parts_ = Pipeline(parts).fit(texts, labels, readers__times=times)
        self.alarm_ = Alarm().fit(texts, labels)
        self.classes_ = self.parts_.classes_
        self.form_ = FORM
        return self

    def decision_function(self, texts: Sequence[str]) -> np.ndarray:
        """Logarithms of shares, not normed; one row a text, one column a class."""
        told = self.settings
        scores = self.parts_.decision_function(texts)
        letters = np.array([len(text) >= told["letter_length"] for text in texts])
        for kind, prior in told["letter_priors"].items():
            scores[np.ix_(letters, self.classes_ == kind)] += prior
        danger = told["alarm_weight"] * self.alarm_.above(told["alarm_border"], texts)
        scores[:, self.classes_ == EMERGENCY] += (danger + told["letter_alarm"] * letters)[:, None]
        return scores

    def predict(self, texts: Sequence[str]) -> np.ndarray:
        return self.classes_[self.decision_function(texts).argmax(axis=1)]


def known_examples() -> dict[str, Example]:
    """What the tree's own files yield, by the text as Rasa hands it on."""
    return {" ".join(example.text.split()): example for example in written_examples(HERE)}


def examples_of(messages: list[Message]) -> list[Example]:
    """What the messages grew from; one that nobody wrote down stands for itself."""
    known = known_examples()
    return [known.get(m.get(TEXT)) or Example(m.get(INTENT), m.get(TEXT), m.get(TEXT)) for m in messages]


def told_by(found: list[Example], whole_times: int) -> Told:
    """The examples as they are learned from.

    A labelled whole message counts ``whole_times``: it is nearer to what people send than those that are put
    together from sentences.
    """
    return Told(
        texts=[plain(one.text) for one in found],
        labels=[one.intent for one in found],
        lines=[one.pattern for one in found],
        alone=[one.whole or one.intent not in FRAMED for one in found],
        times=[whole_times if one.whole else 1 for one in found],
    )


def fitted(settings: dict[str, Any], told: Told) -> Judge:
    """The judge of all that is told; a function of its own, to run beside :func:`tempered`."""
    return Judge(settings).fit(told.texts, told.labels, told.times)


def tempered(settings: dict[str, Any], told: Told) -> float:
    """How much less sure the judge may say it is, by one that learns from a part."""
    return learned_temperature(partial(fitted, settings), told, settings["calibration_share"])


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class MessageClassifier(IntentClassifier, GraphComponent):  # type: ignore[misc]
    """Intent and ranking of whole messages."""

    FILE = "message_classifier.joblib"

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "C": 8.0,
            "max_iter": 100,
            "tol": 5e-3,
            "hidden": 64,
            "rounds": 10,
            "dropped": 0.5,
            "networks": 2,
            "max_features": 45000,
            "whole_weight": 0.8,
            "head_weight": 0.5,
            "tail_weight": 0.7,
            "asked_weight": 0.8,
            "lists_weight": 0.5,
            "letter_length": 60,
            "letter_priors": {"inquiry": 0.3, "suggestion": -2.0},
            "letter_alarm": 1.5,
            "alarm_weight": 1.0,
            "alarm_border": 2.0,
            "ranking_length": 5,
            "calibration_share": 0.25,
            "whole_times": 2,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "MessageClassifier":
        name = os.environ.get(MODEL_NAME) or execution_context.model_id or "unnamed"
        return cls(config, model_storage, resource, name, None)

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        name: str,
        learned: Judge | None,
        *,
        temperature: float = 1.0,
    ) -> None:
        self.config = self.get_default_config() | config
        self._storage = storage
        self._resource = resource
        self._name = name
        self._learned = learned
        self._temperature = temperature

    def train(self, training_data: TrainingData) -> Resource:
        examples = [m for m in training_data.intent_examples if m.get(TEXT) and m.get(INTENT)]
        told = told_by(examples_of(examples), self.config["whole_times"])
        both = (joblib.delayed(fitted)(self.config, told), joblib.delayed(tempered)(self.config, told))
        self._learned, self._temperature = joblib.Parallel(n_jobs=len(both))(both)
        with self._storage.write_to(self._resource) as folder:
            kept = (self._name, self._learned, self._temperature)
            joblib.dump(kept, folder / self.FILE, compress=1)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_more: Any,
    ) -> "MessageClassifier":
        with model_storage.read_from(resource) as folder:
            name, learned, temperature = joblib.load(folder / cls.FILE)
        if getattr(learned, "form_", 1) != FORM:
            raise RuntimeError(f"{name} was trained by other code; train it again")
        return cls(config, model_storage, resource, name, learned, temperature=temperature)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            ranking = self._rank(message.get(TEXT) or "")
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(RANKING, ranking, add_to_output=True)
            message.set("model", self._name, add_to_output=True)
        return messages

    def _rank(self, text: str) -> list[dict[str, Any]]:
        if self._learned is None:
            raise RuntimeError("asked before it was trained")
        scores = self._learned.decision_function([plain(text)])
        sure = shares(scores, self._temperature)[0]
        best = sorted(zip(self._learned.classes_, sure, strict=True), key=lambda pair: -pair[1])
        return [{"name": str(n), "confidence": float(p)} for n, p in best[: self.config["ranking_length"]]]
