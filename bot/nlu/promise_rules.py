"""The rules of ``promise.yml``: who promised, was it kept, and the mechanism's own phrases.

Each cue that a message shows adds its weight, so that the outcome can be explained to whoever asks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.nlu.pledges import Reading
from bot.nlu.wording import either, rules

_RULES = rules("promise")
_LISTS = _RULES["lists"]
_BIAS: float = _RULES["bias"]
_READ: dict[str, float] = _RULES["read"]
_NOT_KEPT = frozenset({"public_firm_broken", "public_weak_broken", "unknown_firm_broken"})
#: The breach classes of domain 3.
CLASSES = ("A1", "A2", "A3", "A9", "B1", "B2", "B3", "B4", "B5", "B9")


@dataclass(frozen=True, slots=True)
class _Cue:
    """A way of speaking: what it adds for a public promise, and for which breaches."""

    needs: re.Pattern[str] | None
    words: re.Pattern[str]
    unless: re.Pattern[str] | None
    about: float
    breach: dict[str, float]

    def shows(self, text: str) -> bool:
        if self.needs and not self.needs.search(text):
            return False
        return self.words.search(text) is not None and not (self.unless and self.unless.search(text))


_CUES = tuple(
    _Cue(
        re.compile(cue["needs"]) if "needs" in cue else None,
        either(cue["words"], _LISTS),
        either(cue["unless"], _LISTS) if "unless" in cue else None,
        float(cue.get("about", 0.0)),
        {str(code): float(points) for code, points in cue.get("breach", {}).items()},
    )
    for cue in _RULES["cues"]
)


def tells_of_failure(plain: str) -> bool:
    """Whether a flat text says that a promise, a public body's or nobody's in particular, was broken."""
    return not _NOT_KEPT.isdisjoint(_signs(Reading(plain)))


def by_rule(plain: str) -> tuple[float, dict[str, float]]:
    """What the rules of ``promise.yml`` make of a flat text: log odds of a public promise, and points for
    each breach class."""
    points, gains = _BIAS, dict.fromkeys(CLASSES, 0.0)
    for cue in _CUES:
        if cue.shows(plain):
            points += cue.about
            for code, gain in cue.breach.items():
                gains[code] += gain
    signs = set(_signs(Reading(plain)))
    if signs & _NOT_KEPT:
        for code, gain in _RULES["not_kept"].items():
            gains[code] += gain
    return points + sum(_READ[sign] for sign in signs), gains


def _signs(reading: Reading) -> Iterator[str]:
    """What the reading of who promised and how it went adds: names of weights under ``read``."""
    for pledge in reading.pledges:
        if pledge.giver == "unknown" and reading.long:
            continue
        firm = pledge.kind == "pledge" or (pledge.kind == "paper" and not reading.long)
        grade = "firm" if firm else "weak"
        yield f"{pledge.giver}_{grade}_{'broken' if pledge.broken else 'open'}"
    if reading.long:
        yield "long"
    if reading.private:
        rest = "private_beside" if reading.private < reading.public else "private_mostly"
        yield rest if reading.public else "private_alone"
    elif reading.public:
        yield "public_named"
