"""A question taken apart: what is asked for, and how much of that an entry covers.

What is said in every question is taken out, words that mean the same stand for each other (``known_words``),
and what was written as it sounds is taken for what was meant.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from intake.commitments.known_words import (
    FIRST_HAN,
    OFFICIAL,
    alike,
    alone,
    asking,
    hinted,
    known,
    sectors,
    sounding,
    unsaid,
)
from storage.sounds import spoken
from storage.terms import RUNS, plain, terms
from storage.vocab import EntryKind

LONGEST = 300
IN_OTHERS, LIKE, SOUNDS = 0.75, 0.95, 0.85
HALF = 0.5
#: So many terms are looked for, each costs the database a count.
MOST_TERMS = 40
LABEL = re.compile(r"【[^】]*】")


@dataclass(frozen=True, slots=True)
class Said:
    """A stretch of the question: a run of characters, or a word with those that mean the same.

    ``sectors``: those that have the matter which it names, none where it names no matter. ``weights``: of
    each character, 1 where it stands nowhere. ``odd``: its pairs that stand nowhere and so may be misspelt.
    """

    text: str
    alike: tuple[str, ...] = ()
    sectors: frozenset[str] = frozenset()
    weights: tuple[float, ...] = ()
    odd: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Question:
    """``kinds``: what the way of asking speaks for; ``cities``: those that it seems to be about; ``aspects``:
    of each side of a matter that is asked for, a sum or what becomes of it, the words one of which an answer
    would have."""

    said: tuple[Said, ...]
    kinds: frozenset[EntryKind] = frozenset()
    cities: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    aspects: tuple[tuple[str, ...], ...] = ()

    @property
    def vague(self) -> bool:
        """Whether only single characters are left of it, which may stand in any word."""
        return all(len(one.text) == 1 for one in self.said)

    @property
    def whole(self) -> float:
        """The weight of all that is said, in characters."""
        return sum(sum(one.weights) for one in self.said)

    def weighed(self, weights: Mapping[str, float]) -> "Question":
        """With the weight of each character, from those of the terms: however large the registry, what stands
        nowhere weighs 1."""
        most = max(weights.values(), default=1.0) or 1.0
        shares = {term: weight / most for term, weight in weights.items()}
        return replace(self, said=tuple(_weighed(one, shares) for one in self.said))

    def of_sector(self, sector: str) -> float:
        """Which share of the matters that it names is of the sector."""
        named = [one for one in self.said if one.sectors]
        return sum(sector in one.sectors for one in named) / len(named) if named else 0.0

    def covered(self, title: str, others: str) -> float:
        """How much of it an entry has, weighed in characters; less for what is not in its title."""
        return sum(_covered(one, title, others) for one in self.said)

    def missed(self, title: str, told: str) -> float:
        """The weight of the heaviest matter named that an entry does not know."""
        named = [(sum(one.weights), _covered(one, title, told)) for one in self.said if one.sectors]
        return max((weight for weight, has in named if has < HALF * weight), default=0.0)

    def untold(self, words: str) -> bool:
        """Whether a side of the matter is asked for of which these words tell nothing."""
        return not all(any(word in words for word in told) for told in self.aspects)

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
    return Question(
        said,
        kinds if len(kinds) == 1 else frozenset(),
        _cities(text),
        tuple(dict.fromkeys(term for word in _looked_for(said) for term in terms(word)))[:MOST_TERMS],
        tuple(tuple(one["told"]) for one in words["aspects"] if any(word in text for word in one["asked"])),
    )


def _looked_for(said: Sequence[Said]) -> list[str]:
    """What to look for, the likeliest first: what the matters are called, by the asker and officially; what
    was said beside them, and the matters at which that hints."""
    named = [one for one in said if one.sectors]
    called = [word for one in named for word in one.alike[: OFFICIAL + 1]]
    rest = [one.text for one in said]
    pairs = (pair for one in said if not one.alike for pair in terms(one.text))
    hints = [name for pair in pairs for name in hinted().get(pair, ())]
    return [*called, *rest, *hints, *(word for one in said for word in one.alike)]


def _cities(text: str) -> tuple[str, ...]:
    """The cities that a text may be about: not where somebody only comes from or goes to."""
    words = asking()
    moving = any(word in text for word in words["moving"])
    there = "|".join(words["toward"]) if moving else "(?!)"
    return tuple(name for name in words["cities"] if name in re.sub(f"(?:{there}){name}", " ", text))


def _without(text: str) -> str:
    """The text without what says nothing; a word that means something is not cut into."""
    kept, at = [], 0
    for start, word in known().within(text):
        kept += [unsaid().sub(" ", text[at:start]), word]
        at = start + len(word)
    return "".join([*kept, unsaid().sub(" ", text[at:])])


def _apart(run: str) -> list[Said]:
    found, at = [], 0
    for start, word in known().within(run):
        found += [*_misspelt(run[at:start]), _known(word)]
        at = start + len(word)
    return found + _misspelt(run[at:])


def _known(word: str) -> Said:
    return Said(word, alike()[word], sectors().get(word, frozenset()))


def _misspelt(run: str) -> list[Said]:
    """A stretch without known words, taken apart where one was written as it sounds."""
    for size in (5, 4, 3, 2):
        for at in range(len(run) - size + 1):
            if meant := _meant(run[at : at + size]):
                return [*_misspelt(run[:at]), _known(meant), *_misspelt(run[at + size :])]
    return [Said(run)] if run and run not in alone() else []


def _meant(written: str) -> str:
    """The known word that sounds like what was written and shares most signs with it, one at least."""
    heard = sounding().get(spoken(written, tone=len(written) == 2), ())
    shared = [(sum(map(str.__eq__, written, word)), word) for word in heard]
    most, meant = max(shared, key=lambda one: one[0], default=(0, ""))
    return meant if most else ""


def _weighed(one: Said, weights: Mapping[str, float]) -> Said:
    if one.alike:
        names = [word for word in one.alike if len(word) > 1] or [one.text]
        rarest = (max(weights.get(term, 1.0) for term in terms(name)) for name in names)
        return replace(one, weights=(min(rarest),) * len(one.text))
    pairs = [weights.get(one.text[at : at + 2], 1.0) for at in range(len(one.text) - 1)]
    if not pairs or one.text[0] < FIRST_HAN:
        single = min(weights.get(one.text, 1.0), HALF if len(one.text) == 1 else 1.0)
        return replace(one, weights=(single,) * min(2, len(one.text)))
    around = [pairs[max(0, at - 1) : at + 1] for at in range(len(one.text))]
    odd = frozenset(one.text[at : at + 2] for at, weight in enumerate(pairs) if weight >= 1.0)
    return replace(one, weights=tuple(min(near) for near in around), odd=odd)


def _covered(one: Said, title: str, others: str) -> float:
    if one.alike:
        others_said = [LIKE * _stands(word, title, others) for word in one.alike if len(word) > 1]
        return max(_stands(one.text, title, others), *others_said, 0.0) * sum(one.weights)
    if len(one.weights) != len(one.text) or len(one.text) == 1:
        return _stands(one.text, title, others) * sum(one.weights)
    pairs = [one.text[at : at + 2] for at in range(len(one.text) - 1)]
    heard = [SOUNDS * (pair in one.odd and _sounds(pair, title)) for pair in pairs]
    found = [max(_stands(pair, title, others), sound) for pair, sound in zip(pairs, heard, strict=True)]
    around = [max(found[max(0, at - 1) : at + 1]) for at in range(len(one.text))]
    return sum(has * weight for has, weight in zip(around, one.weights, strict=True))


def _asked_of(one: Said, marks: str) -> list[str]:
    """What a stretch asks for of a title: of words that mean the same the longest that is there."""
    if one.alike:
        return sorted((word for word in one.alike if word in marks), key=len)[-1:]
    return terms(one.text)


def _stands(word: str, title: str, others: str) -> float:
    return 1.0 if word in title else IN_OTHERS if word in others else 0.0


def _sounds(word: str, title: str) -> bool:
    """Whether it sounds like what stands in the title and shares a sign with it: no slip changes all."""
    if spoken(word) not in spoken(title):
        return False
    places = (title[at : at + len(word)] for at in range(len(title) - len(word) + 1))
    return any(any(map(str.__eq__, word, there)) and spoken(there) == spoken(word) for there in places)
