"""A question taken apart: what is asked for, and how much of that an entry covers.

What is said in every question is taken out, words that mean the same stand for each other (``known_words``),
and what was written as it sounds is taken for what was meant.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from intake.commitments.known_words import FIRST_HAN, alike, asking, matters, sounding, unsaid
from storage.sounds import spoken
from storage.terms import RUNS, plain, terms
from storage.vocab import EntryKind

LONGEST = 300
IN_OTHERS, LIKE, SOUNDS = 0.75, 0.95, 0.85
HALF = 0.5
#: So many terms are looked for, those of the question itself first: each costs the database a count.
MOST_TERMS = 40
LABEL = re.compile(r"【[^】]*】")


@dataclass(frozen=True, slots=True)
class Said:
    """A stretch of the question: a run of characters, or a word with those that mean the same.

    ``matter``: it names what is asked for. ``weights``: of each character, 1 where it stands nowhere.
    """

    text: str
    alike: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()
    matter: bool = False


@dataclass(frozen=True, slots=True)
class Grasp:
    """What an entry has of a question, weighed in characters: ``titled`` in its title, ``has`` anywhere;
    ``missed`` is the heaviest matter that it does not know."""

    has: float
    titled: float
    missed: float


@dataclass(frozen=True, slots=True)
class Question:
    """``kinds``: what the way of asking speaks for; ``cities``: those that it seems to be about; ``amounts``:
    of each sum or share that is asked for, the words one of which an answer would have."""

    said: tuple[Said, ...]
    kinds: frozenset[EntryKind] = frozenset()
    cities: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    amounts: tuple[tuple[str, ...], ...] = ()

    @property
    def vague(self) -> bool:
        """Whether only single characters are left of it, which may stand in any word."""
        return all(len(one.text) == 1 for one in self.said)

    def weighed(self, weights: Mapping[str, float]) -> "Question":
        """With the weight of each character, from those of the terms: however large the registry, what stands
        nowhere weighs 1."""
        most = max(weights.values(), default=1.0) or 1.0
        shares = {term: weight / most for term, weight in weights.items()}
        return replace(self, said=tuple(_weighed(one, shares) for one in self.said))

    def covered(self, title: str, others: str) -> float:
        """Which share of the question's weight the entry has; less for what is not in its title."""
        whole = sum(sum(one.weights) for one in self.said)
        has = sum(_covered(one, title, others) for one in self.said)
        return has / whole if whole else 0.0

    def grasped(self, title: str, told: str) -> Grasp:
        """What an entry has of it that tells ``told`` below its title."""
        has = [(_covered(one, title, told), sum(one.weights), one.matter) for one in self.said]
        missed = [weight for covered, weight, matter in has if matter and covered < HALF * weight]
        titled = sum(_covered(one, title, "") for one in self.said)
        return Grasp(sum(covered for covered, *_ in has), titled, max(missed, default=0.0))

    def asks_amount_of(self, words: str) -> bool:
        """Whether a sum or share is asked for that these words do not tell."""
        return not all(any(word in words for word in told) for told in self.amounts)

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
    text, words = plain(question[:LONGEST]), asking()
    kinds = frozenset(kind for kind in EntryKind if any(word in text for word in words[kind]))
    said = tuple(one for run in RUNS.findall(_without(text)) for one in _apart(run))
    asked = [*(one.text for one in said), *(word for one in said for word in one.alike)]
    return Question(
        said,
        kinds if len(kinds) == 1 else frozenset(),
        _cities(text),
        tuple(dict.fromkeys(term for word in asked for term in terms(word)))[:MOST_TERMS],
        tuple(tuple(one["told"]) for one in words["amounts"] if any(word in text for word in one["asked"])),
    )


def _cities(text: str) -> tuple[str, ...]:
    """The cities that a text may be about: not where somebody only comes from or goes to."""
    words = asking()
    moving = any(word in text for word in words["moving"])
    there = "|".join(words["toward"]) if moving else "(?!)"
    return tuple(name for name in words["cities"] if name in re.sub(f"(?:{there}){name}", " ", text))


def _without(text: str) -> str:
    """The text without what says nothing; a word that means something is not cut into."""
    meaning, _ = alike()
    kept, at = [], 0
    for found in meaning.finditer(text):
        kept += [unsaid().sub(" ", text[at : found.start()]), found[0]]
        at = found.end()
    return "".join([*kept, unsaid().sub(" ", text[at:])])


def _apart(run: str) -> list[Said]:
    meaning, _ = alike()
    found, at = [], 0
    for hit in meaning.finditer(run):
        found += _misspelt(run[at : hit.start()])
        found.append(_known(hit[0]))
        at = hit.end()
    return found + _misspelt(run[at:])


def _known(word: str) -> Said:
    return Said(word, alike()[1][word], matter=word in matters())


def _misspelt(run: str) -> list[Said]:
    """A stretch without known words, taken apart where one was written as it sounds."""
    for size in (5, 4, 3, 2):
        for at in range(len(run) - size + 1):
            if meant := sounding().get(spoken(run[at : at + size], tone=size == 2)):
                return [*_misspelt(run[:at]), _known(meant), *_misspelt(run[at + size :])]
    return [Said(run)] if run else []


def _weighed(one: Said, weights: Mapping[str, float]) -> Said:
    if one.alike:
        each = [_mean([weights.get(term, 1.0) for term in terms(word)]) for word in one.alike]
        return replace(one, weights=(min(each),) * len(one.text))
    pairs = [weights.get(one.text[at : at + 2], 1.0) for at in range(len(one.text) - 1)]
    if not pairs or one.text[0] < FIRST_HAN:
        single = min(weights.get(one.text, 1.0), HALF if len(one.text) == 1 else 1.0)
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
    if len(word) > 1 and word[0] >= FIRST_HAN and spoken(word) in spoken(title):
        return SOUNDS
    return IN_OTHERS if word in others else 0.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
