"""The words by which questions are understood: ``asking.yml``; ``matters.yml``, what matters are called."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from intake.yaml_file import read_yaml
from storage.sounds import spoken
from storage.terms import is_pair, plain, terms

FIRST_HAN = "\u3400"
#: With so many names, the official ones, each line of matters.yml begins.
OFFICIAL = 2
#: A pair of characters that stands in the names of more matters hints at none.
FEW = 4


class Words:
    """Finds words in a text, at each place the longest; as quickly however many they are."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for word in self._words:
            lengths[word[0]].add(len(word))
        self._lengths = {first: sorted(those, reverse=True) for first, those in lengths.items()}

    def within(self, text: str) -> Iterator[tuple[int, str]]:
        """Each word that is found with the place at which it starts; none overlaps another."""
        at = 0
        while at < len(text):
            starting = (text[at : at + length] for length in self._lengths.get(text[at], ()))
            if word := next((word for word in starting if word in self._words), ""):
                yield at, word
            at += len(word) or 1


@cache
def asking() -> dict[str, Any]:
    """The lists of ``asking.yml`` by name, and ``matters``: by sector, of each matter what it is called."""
    return _read("asking.yml") | {"matters": _read("matters.yml")}


@cache
def unsaid() -> re.Pattern[str]:
    """Finds what says nothing of the matter: words, and how many of what is only counted or dated."""
    counted = f"[{asking()['numbers']}]+(?:{_any_of(asking()['counted'])})"
    return re.compile(f"{counted}|{_any_of(asking()['unsaid'])}")


@cache
def alone() -> frozenset[str]:
    """The characters that say nothing where they stand alone."""
    return frozenset(asking()["alone"])


@cache
def known() -> Words:
    """Finds the known words."""
    return Words(alike())


@cache
def alike() -> dict[str, tuple[str, ...]]:
    """Known word → itself and those that mean the same."""
    groups: dict[str, tuple[str, ...]] = {}
    for group in (*chain.from_iterable(asking()["matters"].values()), *asking()["same"]):
        words = [plain(str(word)) for word in group]
        for word in words:
            groups[word] = tuple(dict.fromkeys((word, *groups.get(word, ()), *words)))
    return groups


@cache
def sectors() -> dict[str, frozenset[str]]:
    """Known word that names what is asked for → the sectors that have it."""
    named: defaultdict[str, set[str]] = defaultdict(set)
    for sector, groups in asking()["matters"].items():
        for word in chain.from_iterable(groups):
            named[plain(str(word))].add(sector)
    return {word: frozenset(those) for word, those in named.items()}


@lru_cache(maxsize=512)
def called(title: str) -> str:
    """What the matters that a title names are called, a line each."""
    named = (word for _, word in known().within(title) if word in sectors())
    return "\n".join(dict.fromkeys(name for word in named for name in alike()[word]))


@cache
def hinted() -> dict[str, tuple[str, ...]]:
    """Pair of characters → the official names of the matters that have it in any name, if they are few."""
    hints: defaultdict[str, list[list[str]]] = defaultdict(list)
    for group in chain.from_iterable(asking()["matters"].values()):
        names = [plain(str(word)) for word in group]
        for pair in {pair for name in names for pair in terms(name) if is_pair(pair)}:
            hints[pair].append(names[:OFFICIAL])
    return {pair: tuple(chain.from_iterable(named)) for pair, named in hints.items() if len(named) <= FEW}


@cache
def sounding() -> dict[str, tuple[str, ...]]:
    """The known words by their sound; those of two characters with tones, for many sound alike without."""
    heard: defaultdict[str, list[str]] = defaultdict(list)
    for word in alike():
        if len(word) > 1 and all(sign >= FIRST_HAN for sign in word):
            heard[spoken(word, tone=len(word) == 2)].append(word)
    return {sound: tuple(words) for sound, words in heard.items()}


def prepare() -> None:
    """Build all tables, which takes a third of a second, before a citizen waits for it."""
    for table in (unsaid, alone, known, sectors, hinted, sounding):
        table()


def _read(name: str) -> dict[str, Any]:
    read: dict[str, Any] = read_yaml(Path(__file__).with_name(name))
    return read


def _any_of(words: Iterable[Any]) -> str:
    return "|".join(map(re.escape, sorted(map(str, words), key=len, reverse=True)))
