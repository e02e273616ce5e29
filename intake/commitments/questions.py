"""A question taken apart: what is asked for, and how much of that an entry covers.

What is said in every question is taken out, words that mean the same stand for each other (``asking.yml``),
and what was written as it sounds is taken for what was meant.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from intake.yaml_file import read_yaml
from storage.sounds import spoken
from storage.terms import RUNS, plain, terms
from storage.vocab import EntryKind

LONGEST = 300
IN_OTHERS, LIKE, SOUNDS = 0.75, 0.95, 0.85
LABEL = re.compile(r"【[^】]*】")
FIRST_HAN = "\u3400"


@dataclass(frozen=True, slots=True)
class Said:
    """A stretch of the question: a run of characters, or a word with those that mean the same."""

    text: str
    alike: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """``kinds``: what the way of asking speaks for; ``cities``: those that it seems to be about."""

    said: tuple[Said, ...]
    kinds: frozenset[EntryKind] = frozenset()
    cities: tuple[str, ...] = ()
    terms: tuple[str, ...] = field(default=())

    @property
    def vague(self) -> bool:
        """Whether only single characters are left of it, which may stand in any word."""
        return all(len(one.text) == 1 for one in self.said)

    def weighed(self, weights: Mapping[str, float]) -> "Question":
        """With the weight of each character, from those of the terms."""
        return replace(self, said=tuple(_weighed(one, weights) for one in self.said))

    def covered(self, title: str, others: str) -> float:
        """Which share of the question's weight the entry has; less for what is not in its title."""
        whole = sum(sum(one.weights) for one in self.said)
        has = sum(_covered(one, title, others) for one in self.said)
        return has / whole if whole else 0.0

    def titled(self, title: str) -> float:
        """Which share of the title was asked for."""
        bare = _without(LABEL.sub(" ", title))
        runs = RUNS.findall(bare)
        marks = "".join(runs)
        told = [False] * len(marks)
        for word in (word for one in self.said for word in _asked_of(one, marks)):
            for at in (found.start() for found in re.finditer(re.escape(word), marks)):
                told[at : at + len(word)] = [True] * len(word)
        return sum(told) / len(told) if told else 0.0


def understood(question: str) -> Question:
    """Take a question apart; one that says nothing has no terms."""
    text, words = plain(question[:LONGEST]), _words()
    kinds = frozenset(kind for kind in EntryKind if any(word in text for word in words[kind]))
    moving = any(word in text for word in words["moving"])
    said = tuple(one for run in RUNS.findall(_without(text)) for one in _apart(run))
    asked = [term for one in said for word in (one.alike or (one.text,)) for term in terms(word)]
    return Question(
        said,
        kinds if len(kinds) == 1 else frozenset(),
        () if moving else tuple(name for name in words["cities"] if name in text),
        tuple(dict.fromkeys(asked)),
    )


@cache
def _words() -> dict[str, Any]:
    read: dict[str, Any] = read_yaml(Path(__file__).with_name("asking.yml"))
    matters: dict[str, list[Any]] = read_yaml(Path(__file__).with_name("matters.yml"))
    return read | {"matters": [group for groups in matters.values() for group in groups]}


@cache
def _unsaid() -> re.Pattern[str]:
    return _any_of(_words()["unsaid"])


@cache
def _alike() -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    groups: dict[str, tuple[str, ...]] = {}
    for group in (*_words()["matters"], *_words()["same"]):
        for word in map(plain, map(str, group)):
            groups[word] = tuple(dict.fromkeys((word, *groups.get(word, ()), *map(plain, map(str, group)))))
    return _any_of(groups), groups


def _any_of(words: Any) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(map(str, words), key=len, reverse=True))))


def _without(text: str) -> str:
    """The text without what says nothing; a word that means something is not cut into."""
    meaning, _ = _alike()
    kept, at = [], 0
    for found in meaning.finditer(text):
        kept += [_unsaid().sub(" ", text[at : found.start()]), found[0]]
        at = found.end()
    return "".join([*kept, _unsaid().sub(" ", text[at:])])


def _apart(run: str) -> list[Said]:
    meaning, groups = _alike()
    found, at = [], 0
    for hit in meaning.finditer(run):
        found += _misspelt(run[at : hit.start()])
        found.append(Said(hit[0], groups[hit[0]]))
        at = hit.end()
    return found + _misspelt(run[at:])


def _misspelt(run: str) -> list[Said]:
    """A stretch without known words, taken apart where one was written as it sounds."""
    for size in (5, 4, 3, 2):
        for at in range(len(run) - size + 1):
            if meant := _sounds().get(spoken(run[at : at + size], tone=size == 2)):
                _, groups = _alike()
                before, after = run[:at], run[at + size :]
                return [*_misspelt(before), Said(meant, groups[meant]), *_misspelt(after)]
    return [Said(run)] if run else []


@cache
def _sounds() -> dict[str, str]:
    """How the known words sound; those of two characters with their tones, for many sound alike without."""
    _, groups = _alike()
    han = [word for word in groups if len(word) > 1 and all(sign >= FIRST_HAN for sign in word)]
    return {spoken(word, tone=len(word) == 2): word for word in reversed(han)}


def _weighed(one: Said, weights: Mapping[str, float]) -> Said:
    most = max(weights.values(), default=1.0)
    if one.alike:
        each = [_mean([weights.get(term, most) for term in terms(word)]) for word in one.alike]
        return replace(one, weights=(min(each),) * len(one.text))
    pairs = [weights.get(one.text[at : at + 2], most) for at in range(len(one.text) - 1)]
    if not pairs or one.text[0] < FIRST_HAN:
        single = min(weights.get(one.text, most), most / 2 if len(one.text) == 1 else most)
        return replace(one, weights=(single,) * min(2, len(one.text)))
    around = [pairs[max(0, at - 1) : at + 1] for at in range(len(one.text))]
    return replace(one, weights=tuple(min(near) for near in around))


def _covered(one: Said, title: str, others: str) -> float:
    if one.alike:
        best = max(_found(word, title, others) * (1.0 if word == one.text else LIKE) for word in one.alike)
        return best * sum(one.weights)
    if len(one.weights) != len(one.text) or len(one.text) == 1:
        return _found(one.text, title, others) * sum(one.weights)
    found = [_found(one.text[at : at + 2], title, others) for at in range(len(one.text) - 1)]
    around = [max(found[max(0, at - 1) : at + 1]) for at in range(len(one.text))]
    return sum(has * weight for has, weight in zip(around, one.weights, strict=True))


def _asked_of(one: Said, marks: str) -> list[str]:
    """What a stretch asks for of a title: of words that mean the same the longest that is there."""
    if one.alike:
        return sorted((word for word in one.alike if word in marks), key=len)[-1:]
    return terms(one.text)


def _found(word: str, title: str, others: str) -> float:
    if word in title:
        return 1.0
    if len(word) > 1 and word[0] >= FIRST_HAN and spoken(word) in _aloud(title):
        return SOUNDS
    return IN_OTHERS if word in others else 0.0


@lru_cache(maxsize=4096)
def _aloud(title: str) -> str:
    return spoken(title)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
