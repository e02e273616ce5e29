"""What a text is about: matter words of the units' duties, weighed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from intake.profiles.schema import Department
from intake.routing.lexicon import Lexicon
from intake.routing.words import SCENERY
from storage.vocab import Sector

SCENE = re.compile(
    r"的?(?:大?门口|大?门前|附近|旁边|旁|对面|隔壁|路口|周边|路段|东侧|西侧|南侧|北侧|后门|出口|入口)"
)
EARLY = 60


@dataclass(slots=True)
class Weight:
    """What speaks for a sector: its points, the words that gave them, and the points of each unit."""

    points: float = 0.0
    words: list[str] = field(default_factory=list)
    units: dict[str, float] = field(default_factory=dict)


class Matters:
    """The matter words of all units. A word that many sectors share says less; so does one that only sets
    the scene (学校门口…), one that comes late, and one that has been counted before."""

    def __init__(self, departments: Iterable[Department]) -> None:
        self._units: dict[str, list[tuple[Sector, str]]] = {}
        for unit in departments:
            for word in unit.duties:
                self._units.setdefault(word, []).append((unit.sector, unit.code))
        self._sectors = {word: frozenset(s for s, _ in units) for word, units in self._units.items()}
        self._lexicon = Lexicon(self._units)

    def weigh(self, text: str, unless: Iterable[tuple[int, int]] = ()) -> dict[Sector, Weight]:
        """The sectors that ``text`` speaks of; spans ``unless`` (names of units) are left out."""
        taken = list(unless)
        points: dict[str, float] = {}
        for hit in self._lexicon.find(text):
            if any(start < hit.end and hit.start < end for start, end in taken):
                continue
            gain = self._gain(hit.word, scene=bool(SCENE.match(text, hit.end)), early=hit.start < EARLY)
            points[hit.word] = min(points.get(hit.word, 0.0) + gain, 2.5 * gain)
        return self._shared(points)

    def _gain(self, word: str, *, scene: bool, early: bool) -> float:
        gain = min(0.5 * len(word), 2.0) * (0.3 if word in SCENERY else 1.0)
        return gain * (0.2 if scene else 1.0) * (1.5 if early else 1.0)

    def _shared(self, points: dict[str, float]) -> dict[Sector, Weight]:
        weights: dict[Sector, Weight] = {}
        for word, gain in points.items():
            share = gain / len(self._sectors[word])
            for sector in self._sectors[word]:
                weight = weights.setdefault(sector, Weight())
                weight.points += share
                weight.words.append(word)
            for sector, code in self._units[word]:
                units = weights[sector].units
                units[code] = units.get(code, 0.0) + share
        return weights
