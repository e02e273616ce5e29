"""Whom a text accuses: the unit whose conduct or broken promise is its subject (domain 6).

The nearest doer before a reproach carries it: in 教育局说学校乱收费 that is the school. A unit that is
greeted, asked, or only a place carries none; one that was told carries only reproaches of its own conduct.
A reproach that only people can earn (索贿, 态度恶劣), or one of an official, accuses the unit's people.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from intake.routing.doers import Cast, Doer
from intake.routing.names import Mention, UnitIndex
from intake.routing.roles import ACCUSING, CLAUSE, Role
from intake.routing.words import (
    BY_PEOPLE,
    DENIED,
    FAILED,
    HARSH,
    KINDLY,
    MILD,
    NEGATIVE,
    PLEDGED,
    RESENTED,
)
from storage.vocab import UnitKind

SENTENCE = re.compile(r"[^。！？!?\n；;]+")
ACCUSED_PERSON = re.compile(ACCUSING + r"[^" + CLAUSE + r"]{0,14}$")
LISTED = re.compile(r"[、和与及跟]")
CADRE = re.compile(r"村|镇|乡|支书")
LEAD_IN = 3
REACH = 45
CARRY = 30
NEAR = 22


@dataclass(frozen=True, slots=True)
class Accusation:
    """``units`` are codes; ``people`` says that the conduct of officials is a subject."""

    units: tuple[str, ...]
    people: bool


def accusation(text: str, index: UnitIndex, mentions: Sequence[Mention] | None = None) -> Accusation:
    """The units and people that ``text`` accuses; ``mentions`` saves finding the units again."""
    found = index.mentions(text) if mentions is None else mentions
    reader = _Reader(text, index, found)
    reproached = reader.reproached()
    codes = dict.fromkeys(code for doer, _ in reproached for code in reader.together(doer))
    return Accusation(tuple(codes), any(by_people for _, by_people in reproached))


class _Reader:
    """One text with its doers; the work of :func:`accusation` in steps."""

    def __init__(self, text: str, index: UnitIndex, mentions: Sequence[Mention]) -> None:
        self._text = text
        self._index = index
        self._doers = Cast(text, index, mentions).doers

    def reproached(self) -> list[tuple[Doer, bool]]:
        """Who carries a reproach, and whether it is one of people's conduct."""
        found = [(d, d.official) for d in self._doers if d.part is Role.ACCUSED and not d.private]
        found += [(doer, True) for doer in self._doers if doer.official and self._is_reported(doer)]
        for sentence in SENTENCE.finditer(self._text):
            found += self._in_sentence(sentence.start(), sentence.end())
        return found

    def together(self, doer: Doer) -> tuple[str, ...]:
        """The codes of a doer and of the units that stand in one list with it (住建局、城管局都…)."""
        codes, start, end = list(doer.codes), doer.start, doer.end
        units = [one for one in self._doers if one.codes and one.part is not Role.PLACE]
        for other in reversed(units):
            if other.end < start and LISTED.fullmatch(self._text[other.end : start]):
                codes, start = [*codes, *other.codes], other.start
        for other in units:
            if other.start > end and LISTED.fullmatch(self._text[end : other.start]):
                codes, end = [*codes, *other.codes], other.end
        return tuple(codes)

    def _is_reported(self, doer: Doer) -> bool:
        return bool(ACCUSED_PERSON.search(self._text[max(0, doer.start - 24) : doer.start]))

    def _in_sentence(self, start: int, end: int) -> Iterator[tuple[Doer, bool]]:
        for match in HARSH.finditer(self._text, start, end):
            yield from self._carried(match, start, mild=False)
        for match in MILD.finditer(self._text, start, end):
            yield from self._carried(match, start, mild=True)
        for match in RESENTED.finditer(self._text, start, end):
            yield from (
                (d, d.official) for d in self._doers if d.codes and match.start() <= d.start < match.end()
            )
        yield from self._broken_promises(start, end)
        yield from self._opening(start, end)

    def _opening(self, start: int, end: int) -> Iterator[tuple[Doer, bool]]:
        """A sentence that a unit opens, or its officials, and that neither asks nor thanks, tells what it
        did: with a word of denial or loss in it that is a reproach, however it is put."""
        sentence = self._text[start:end]
        if KINDLY.search(sentence) or not NEGATIVE.search(sentence):
            return
        opening = [doer for doer in self._doers if start <= doer.start <= start + LEAD_IN]
        if not opening or opening[0].private or opening[0].part is not Role.NAMED:
            return
        unit = opening[0]
        if not (unit.codes or (unit.official and CADRE.match(self._text, unit.start))):
            return
        yield unit, unit.official
        yield from ((d, True) for d in self._doers if d.official and 0 <= d.start - unit.end <= 1)

    def _carried(self, match: re.Match[str], start: int, *, mild: bool) -> Iterator[tuple[Doer, bool]]:
        if DENIED.search(self._text[max(start, match.start() - 8) : match.start()]):
            return
        doer = self._subject(match.start(), start)
        if doer is None or doer.private or doer.part in {Role.ASKED, Role.GREETED, Role.PLACE}:
            return
        if mild and (doer.official or doer.part is Role.TOLD):
            return
        by_people = doer.official or self._only_people(match[0], doer)
        loose = mild or (doer.official and not BY_PEOPLE.search(match[0]))
        if match.start() - doer.end > (NEAR if loose else REACH):
            return
        if doer.codes or by_people:
            yield doer, by_people

    def _only_people(self, reproach: str, doer: Doer) -> bool:
        """Bribes and bad manners are people's conduct, even where only the unit is named; a company that
        takes money and does not deliver is not."""
        if not BY_PEOPLE.search(reproach):
            return False
        company = any(self._index.unit(code).kind is UnitKind.PUBLIC_AFFAIRS for code in doer.codes)
        return not (company and reproach.startswith("收"))

    def _subject(self, at: int, sentence: int) -> Doer | None:
        """The nearest doer before a reproach: in its sentence, else at the end of the one before."""
        before = [doer for doer in self._doers if doer.end <= at]
        here = [doer for doer in before if doer.start >= sentence]
        if here:
            return self._last_able(here)
        carried = before[-1] if before else None
        if carried is None or at - sentence > CARRY or sentence - carried.end > REACH:
            return None
        return None if carried.part is Role.ASKED else carried

    def _last_able(self, doers: Sequence[Doer]) -> Doer:
        """The last doer, passing over mere places."""
        return next((doer for doer in reversed(doers) if doer.part is not Role.PLACE), doers[-1])

    def _broken_promises(self, start: int, end: int) -> Iterator[tuple[Doer, bool]]:
        for pledge in PLEDGED.finditer(self._text, start, end):
            doer = self._subject(pledge.start(), start)
            if doer is None or not doer.codes or doer.part in {Role.GREETED, Role.PLACE, Role.ASKED}:
                continue
            failed = FAILED.search(self._text, pledge.end(), min(len(self._text), pledge.end() + 90))
            if failed and not self._privately(pledge.end(), failed.start()):
                yield doer, False

    def _privately(self, start: int, end: int) -> bool:
        """Whether somebody private opens a clause between a promise and its failure: then it is theirs."""
        return any(
            doer.private and start < doer.start < end and self._text[doer.start - 1] in CLAUSE
            for doer in self._doers
        )
