"""Which registered commitment a message speaks of, by what its words share with the commitments' own.

Shared pairs of characters count the more, the fewer commitments have them; the likeliest few are then
compared with the title by rapidfuzz, which forgives typos. A match is a suggestion: a person confirms it.
"""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

TITLE_SHARE, TEXT_SHARE, LIKENESS_SHARE = 0.5, 0.3, 0.2
SAME_UNIT = 0.1
LEAST = 0.25
HALF_CLEAR = 0.3
COMPARED = 12
#: With this share of the weight of its text a commitment's text is as good as told.
TOLD = 0.35
LONGEST = 3000
LABEL = re.compile(r"【[^】]*】")
LETTERS = re.compile(r"[\u4e00-\u9fff]+|[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Promise:
    """What is compared of a commitment; ``department`` is a code."""

    code: str
    title: str
    text: str
    department: str


@dataclass(frozen=True, slots=True)
class Match:
    """A commitment that a message may speak of; ``score`` is 0–1."""

    code: str
    score: float
    title: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "title": self.title, "score": self.score}


class CommitmentIndex:
    """The commitments that are compared with a text: some dozens, which the database found for it."""

    def __init__(self, promises: Iterable[Promise]) -> None:
        self._promises = tuple(promises)
        titles = [_pairs(LABEL.sub("", promise.title)) for promise in self._promises]
        texts = [_pairs(promise.text) | title for promise, title in zip(self._promises, titles, strict=True)]
        self._weights = _rarity(texts)
        self._titles = [self._weigh(title) for title in titles]
        self._texts = [self._weigh(text) for text in texts]
        self._in_title = _postings(titles, self._weights)
        self._in_text = _postings(texts, self._weights)

    def best(self, text: str, *, departments: frozenset[str] = frozenset(), most: int = 3) -> list[Match]:
        """The commitments ``text`` may speak of, best first, none below :data:`LEAST`.

        ``departments`` are the codes of the units that the text names or would go to.
        """
        said = _pairs(text)
        titles, texts = self._shared(said, self._in_title), self._shared(said, self._in_text)
        rough = {at: self._rough(at, titles[at], shared, departments) for at, shared in texts.items()}
        likely = sorted(rough, key=lambda at: -rough[at])[:COMPARED]
        found = [self._match(at, rough[at], text) for at in likely]
        found.sort(key=lambda match: (-match.score, match.code))
        return [match for match in found if match.score >= LEAST][:most]

    def _rough(self, at: int, title: float, text: float, departments: frozenset[str]) -> float:
        """The share of the commitment that is told, before its title is compared as a whole."""
        told = TITLE_SHARE * title / (self._titles[at] or 1.0)
        told += TEXT_SHARE * min(1.0, text / (TOLD * self._texts[at] or 1.0))
        return told + (SAME_UNIT if self._promises[at].department in departments else 0.0)

    def _match(self, at: int, rough: float, text: str) -> Match:
        promise = self._promises[at]
        return Match(promise.code, self._score(at, rough, text), promise.title)

    def _score(self, at: int, rough: float, text: str) -> float:
        title = LABEL.sub("", self._promises[at].title)
        likeness = fuzz.partial_ratio(title, text[:LONGEST]) / 100
        return round(min(1.0, rough + LIKENESS_SHARE * max(0.0, 2 * likeness - 1)), 3)

    def _weigh(self, pairs: frozenset[str]) -> float:
        return sum(self._weights.get(pair, 0.0) for pair in pairs)

    def _shared(self, said: frozenset[str], postings: dict[str, list[int]]) -> defaultdict[int, float]:
        """The weight that each commitment shares with what was said."""
        shared: defaultdict[int, float] = defaultdict(float)
        for pair in said:
            weight = self._weights.get(pair, 0.0)
            for at in postings.get(pair, ()):
                shared[at] += weight
        return shared


def raised(about: float, matches: Iterable[Match]) -> float:
    """``about_commitment`` with a match: who speaks of a promise half clearly, and of what was promised,
    speaks of the promise. A match alone raises nothing: a dark street is no broken word yet."""
    best = max((match.score for match in matches), default=0.0)
    if about < HALF_CLEAR or best < LEAST:
        return about
    return round(1.0 - (1.0 - about) * (1.0 - best), 3)


def _pairs(text: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).lower()
    return frozenset(
        word[at : at + 2] for word in LETTERS.findall(plain) for at in range(max(1, len(word) - 1))
    )


def _rarity(texts: list[frozenset[str]]) -> dict[str, float]:
    """The weight of each pair by how many of the commitments have it."""
    times = Counter(pair for pairs in texts for pair in pairs)
    return {pair: math.log(1 + len(texts) / count) for pair, count in times.items() if len(pair) > 1}


def _postings(sides: list[frozenset[str]], weights: dict[str, float]) -> dict[str, list[int]]:
    places: defaultdict[str, list[int]] = defaultdict(list)
    for at, pairs in enumerate(sides):
        for pair in pairs:
            if pair in weights:
                places[pair].append(at)
    return dict(places)
