"""The words by which questions are understood: ``asking.yml``; ``matters.yml``, what matters are called."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from intake.yaml_file import read_yaml
from storage.sounds import spoken
from storage.terms import plain

FIRST_HAN = "\u3400"


@cache
def asking() -> dict[str, Any]:
    """The lists of ``asking.yml`` by name, and ``matters``: those of all sectors."""
    return _read("asking.yml") | {"matters": [group for of in _read("matters.yml").values() for group in of]}


@cache
def unsaid() -> re.Pattern[str]:
    """Finds what says nothing of the matter."""
    return _any_of(asking()["unsaid"])


@cache
def alike() -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    """Finds the known words; word → itself and those that mean the same."""
    groups: dict[str, tuple[str, ...]] = {}
    for group in (*asking()["matters"], *asking()["same"]):
        words = [plain(str(word)) for word in group]
        for word in words:
            groups[word] = tuple(dict.fromkeys((word, *groups.get(word, ()), *words)))
    return _any_of(groups), groups


@cache
def matters() -> frozenset[str]:
    """Those of the known words that name what is asked for."""
    return frozenset(plain(str(word)) for group in asking()["matters"] for word in group)


@cache
def sounding() -> dict[str, str]:
    """How the known words sound; those of two characters with their tones, for many sound alike without."""
    _, groups = alike()
    han = [word for word in groups if len(word) > 1 and all(sign >= FIRST_HAN for sign in word)]
    return {spoken(word, tone=len(word) == 2): word for word in reversed(han)}


def _read(name: str) -> dict[str, Any]:
    read: dict[str, Any] = read_yaml(Path(__file__).with_name(name))
    return read


def _any_of(words: Iterable[Any]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(map(str, words), key=len, reverse=True))))
