"""Who acts in a text: units, officials, and people or bodies that are nobody's officials."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from intake.routing.names import Mention, UnitIndex
from intake.routing.roles import CLAUSE, Role, role
from intake.routing.words import OF_UNIT, OFFICIALS, PRIVATE, PUBLIC, STAFF

BESIDE = re.compile(r"[和跟与给替为][^" + CLAUSE + r"]{0,3}$")
REPLACED = re.compile(r"都?(?:换了|换人|调走|离任|退休|变动|更换)")
OWNED = 45


@dataclass(frozen=True, slots=True)
class Doer:
    """Somebody who can have done something: ``codes`` of the unit (or of the official's unit)."""

    start: int
    end: int
    part: Role
    codes: tuple[str, ...] = ()
    official: bool = False
    private: bool = False


class Cast:
    """The doers of one text, in order."""

    def __init__(self, text: str, index: UnitIndex, mentions: Sequence[Mention]) -> None:
        self._text = text
        self._index = index
        self._mentions = mentions

    @cached_property
    def doers(self) -> list[Doer]:
        """Everybody who acts, by where they stand."""
        units = list(self._units())
        spans = [(doer.start, doer.end) for doer in units]
        privates = list(self._matches(PRIVATE, spans, private=True))
        others = privates + [d for d in self._matches(PUBLIC, spans) if not self._belongs(d, units)]
        officials = list(self._officials(units, privates))
        return sorted([*units, *others, *officials], key=lambda doer: doer.start)

    def _belongs(self, doer: Doer, units: Sequence[Doer]) -> bool:
        """Whether a word like 窗口 only continues the name of a unit right before it."""
        return any(0 <= doer.start - unit.end <= 3 for unit in units)

    def _units(self) -> Iterator[Doer]:
        by_span: dict[tuple[int, int], list[str]] = {}
        for mention in self._mentions:
            by_span.setdefault((mention.start, mention.end), []).append(mention.code)
        for (start, end), codes in by_span.items():
            yield Doer(start, end, role(self._text, start, end), tuple(codes))

    def _matches(
        self, pattern: re.Pattern[str], taken: Iterable[tuple[int, int]], *, private: bool = False
    ) -> Iterator[Doer]:
        spans = list(taken)
        for match in pattern.finditer(self._text):
            beside = private and BESIDE.search(self._text[max(0, match.start() - 5) : match.start()])
            if not beside and not any(start < match.end() and match.start() < end for start, end in spans):
                yield Doer(match.start(), match.end(), Role.NAMED, private=private)

    def _officials(self, units: Sequence[Doer], privates: Sequence[Doer]) -> Iterator[Doer]:
        for match in OFFICIALS.finditer(self._text):
            inside = any(unit.start <= match.start() and match.end() < unit.end for unit in units)
            if inside or REPLACED.match(self._text, match.end()):
                continue
            owner = self._owner(match.start(), [*units, *privates])
            if owner is not None and owner.private and match[0] in STAFF:
                continue
            if match[0] in STAFF and owner is None and privates:
                continue
            yield self._official(match, owner)

    def _official(self, match: re.Match[str], owner: Doer | None) -> Doer:
        part = role(self._text, match.start(), match.end())
        attached = owner is not None and match.start() - owner.end <= 1
        if attached and owner is not None and owner.part in {Role.ASKED, Role.GREETED, Role.PLACE}:
            part = owner.part
        codes = owner.codes if owner is not None and not owner.private else ()
        if match[0] in OF_UNIT and not attached:
            codes = self._index.meant(OF_UNIT[match[0]], self._text, match.start())
        return Doer(match.start(), match.end(), part, codes, official=True)

    def _owner(self, at: int, doers: Sequence[Doer]) -> Doer | None:
        """Whose people somebody at ``at`` is: the nearest unit or private body shortly before."""
        before = [doer for doer in doers if doer.start <= at and doer.part is not Role.PLACE]
        nearest = max(before, key=lambda doer: doer.end, default=None)
        return nearest if nearest is not None and at - nearest.end <= OWNED else None
