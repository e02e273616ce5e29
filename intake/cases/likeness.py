"""Whether two texts tell of one matter: the same place in them, and much the same words about it. Pure.

Measured on a set of its own (``tests/unit/cases/likeness.yml``).
"""

import re
from itertools import pairwise

from rapidfuzz import fuzz

ALIKE = 54.0
"""From here on two texts count as one matter; of 100."""
SURE = 60.0
"""From here on a citizen is offered to join."""
_HAN = r"[\u4e00-\u9fff]"
_SPOT = re.compile(rf"({_HAN}{{1,3}}?)(?:大道|小区|花园|小学|中学|医院|市场|广场|公园|[路街村镇苑河桥])")
_NO_NAME = re.compile(r".*[马修走公铁过往上]路|.*[进全本]村|.*[这那条个在到]\S{1,2}|.*[天危]桥")
"""What looks like a name and is none: 马路, 修路, 进村, 这条路."""
_EMPTY = re.compile(
    r"[^\u4e00-\u9fff]|我们|你们|他们|这个|那个|的|了|都|在|是|有|就|也|很|太|还|一直|好几|没有|没人|没|不|个|里|上|下"
)


def likeness(one: str, other: str) -> float:
    """How alike two tellings are, 0–100; 0 where both name a place and none is the same."""
    here, there = spot(one), spot(other)
    if here and there and not (here.endswith(there) or there.endswith(here)):
        return 0.0
    return fuzz.token_set_ratio(_words(one, here), _words(other, there))


def spot(text: str) -> str:
    """The road, estate, village, school … that a text names first; empty where it names none."""
    named = (found[0] for found in _SPOT.finditer(text) if not _NO_NAME.fullmatch(found[0]))
    return next(named, "")


def _words(text: str, place: str) -> str:
    """The text's pairs of characters as words, without its place and without what every text has."""
    rest = _EMPTY.sub(" ", text.replace(place, " ") if place else text)
    pairs = [a + b for part in rest.split() for a, b in pairwise(part)]
    return " ".join(sorted(set(pairs)))
