"""What the characters of a message, and the pairs of them, say about a public promise and its breach.

The weights are learned from ``nlu_data/promises.yml`` by ``nlu_data/learn_promise.py`` (logistic regression)
and stand in ``promise_weights.tsv``, one gram a line. They hear what no rule foresaw; the rules of
``promise.yml`` stand beside them.
"""

import math
import unicodedata
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

from bot.nlu.wording import rules

WEIGHTS = Path(__file__).with_name("promise_weights.tsv")
#: The weight that does not belong to any gram.
ALWAYS = "*"
_HEAD, _TAIL = 2000, 1000
_USUAL = 80
_LETTERS = rules("promise")["letters"]
_AS_WRITTEN = str.maketrans(
    dict(zip(_LETTERS["traditional"] + ",!?; \n\t", _LETTERS["simple"] + "，！？；，。，", strict=True))
)


def flat(text: str) -> str:
    """The text as rules and weights are written: half width but for the stops, lower case, simplified
    characters; of a long one its two ends."""
    if len(text) > _HEAD + _TAIL:
        text = text[:_HEAD] + "\n" + text[-_TAIL:]
    return unicodedata.normalize("NFKC", text).lower().translate(_AS_WRITTEN)


def grams(text: str) -> frozenset[str]:
    """The characters and pairs of a flat text; digits count as one another."""
    plain = "".join("0" if letter.isdigit() and letter.isascii() else letter for letter in text)
    return frozenset(plain) | frozenset(map("".join, pairwise(plain)))


def read_weights(path: Path = WEIGHTS) -> tuple[tuple[str, ...], dict[str, tuple[float, ...]]]:
    """The names of the columns (``about``, then the breaches) and each gram's weights."""
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines)
    return tuple(head.split("\t")[1:]), {gram: tuple(map(float, row)) for gram, *row in rows}


def share(count: int) -> float:
    """What one gram of a message with so many weighs. Up to :data:`_USUAL` all together grow with their
    number; the grams of a longer message count as their average, or length alone would tell."""
    return 1 / math.sqrt(max(1, count)) if count <= _USUAL else math.sqrt(_USUAL) / count


def weigh(text: str, weights: Mapping[str, tuple[float, ...]]) -> tuple[float, ...]:
    """The weights of a flat text, one for each column."""
    found = grams(text)
    known = [weights[gram] for gram in found if gram in weights]
    if not known:
        return weights[ALWAYS]
    columns = zip(weights[ALWAYS], zip(*known, strict=True), strict=True)
    return tuple(always + sum(column) * share(len(found)) for always, column in columns)
