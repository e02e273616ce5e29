"""Where a message speaks of a promise: who gave it, and whether it was kept.

A promise is a word of promising (答应, 说好), a paper that binds a public body (公告, 会议纪要), a plain 说
with something to be done behind it (镇里说给修), or a time limit that hangs on a wall (三个工作日). It is
given by whoever is named last before it in its sentence, else by whoever was named shortly before.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.nlu.wording import either, rules

_LISTS = rules("promise")["lists"]
_PUBLIC, _PRIVATE = either(_LISTS["public"]), either(_LISTS["private"])
_WORDS = {
    name: either(_LISTS[name], _LISTS)
    for name in ("pledge", "paper", "approved", "contract", "said", "limit")
}
_BROKEN, _DENIED = either(_LISTS["broken"]), either(_LISTS["denied"])

_STOP = re.compile(r"[。！？!?；;\n]")
_CLAUSE = re.compile(r"[^，。；！？,;!?\n]+")
_BEFORE, _CARRIED, _AFTER, _WITH, _LONG, _LITTLE = 45, 60, 90, 12, 160, 3

Giver = Literal["public", "private", "unknown"]


@dataclass(frozen=True, slots=True)
class Pledge:
    """``text[start:end]`` is the word of promising; ``kind`` is its list in ``promise.yml``."""

    start: int
    end: int
    kind: str
    giver: Giver
    broken: bool


class Reading:
    """One message with those who are named in it; ``text`` in lower case.

    ``public`` and ``private`` count the mentions; ``long`` texts speak of many things."""

    def __init__(self, text: str) -> None:
        self._text = text
        private = [(m.start(), m.end()) for m in _PRIVATE.finditer(text)]
        public = [
            (m.start(), m.end())
            for m in _PUBLIC.finditer(text)
            if not any(start < m.end() and m.start() < end for start, end in private)
        ]
        self.private, self.public, self.long = len(private), len(public), len(text) > _LONG
        named: list[tuple[int, Giver]] = [(end, "private") for _, end in private]
        named += [(end, "public") for _, end in public]
        self._named = sorted(named)
        self.pledges = tuple(self._pledges())

    def _pledges(self) -> Iterator[Pledge]:
        for kind, words in _WORDS.items():
            for match in words.finditer(self._text):
                before = self._text[max(0, match.start() - 10) : match.end()]
                if _DENIED.search(before):
                    continue
                broken = _BROKEN.search(self._text, match.end(), self._reach(match.end())) is not None
                yield Pledge(match.start(), match.end(), kind, self._giver(match, kind), broken)

    def _giver(self, match: re.Match[str], kind: str) -> Giver:
        begin = self._sentence(match.start())
        here = self._last(max(begin, match.start() - _BEFORE), match.end())
        if here is None and kind in {"paper", "limit"}:
            return "private" if self.private and not self.public else "public"
        if here is None and kind == "contract":
            here = self._last(match.end(), match.end() + _WITH)
        if here is None and kind != "contract":
            here = self._last(match.start() - _CARRIED, match.start())
        return here or "unknown"

    def _reach(self, at: int) -> int:
        """How far a promise's failure is told: to the end of the sentence after its own."""
        stops = [stop.start() for stop in _STOP.finditer(self._text, at, at + _AFTER)]
        return stops[1] if len(stops) > 1 else at + _AFTER

    def _sentence(self, at: int) -> int:
        """Where the sentence around ``at`` begins."""
        return max((stop.end() for stop in _STOP.finditer(self._text, 0, at)), default=0)

    def _last(self, start: int, end: int) -> Giver | None:
        return next((giver for at, giver in reversed(self._named) if start < at <= end), None)


def promise_phrase(text: str) -> str:
    """What was promised, in the citizen's words: the clause of the promise, the next one with it where that
    one alone says little; at most 80 characters, empty where nothing was promised."""
    span = promised(text)
    return text[span[0] : span[1]].strip()[:80] if span else ""


def promised(text: str) -> tuple[int, int] | None:
    """Where the clause stands that tells the promise: a public body's before anybody else's."""
    pledges = sorted(Reading(text.lower()).pledges, key=lambda one: (one.giver != "public", one.start))
    if not pledges:
        return None
    clauses = [clause.span() for clause in _CLAUSE.finditer(text)]
    for number, (start, end) in enumerate(clauses):
        if start <= pledges[0].start < end:
            brief = end - pledges[0].end < _LITTLE and number + 1 < len(clauses)
            return start, clauses[number + 1][1] if brief else end
    return None
