"""Whether a message is about a promise of a public body, and how the promise was broken.

Read from the wording alone (``promise.yml``), so that it can be explained to whoever asks. The classes
are those of the mechanism, 新营商办〔2020〕13号 四(一); its own phrases (新官不理旧账, 空头支票) are among
the words.
A private firm's broken word (a builder's, a shop's) counts little: it is no 政府承诺.
"""

import re
from collections.abc import Iterator

from bot.nlu.wording import either, rules
from storage.vocab import Breach

_RULES = rules("promise")
_LISTS = _RULES["lists"]
_PUBLIC, _PRIVATE = either(_LISTS["public"]), either(_LISTS["private"])
_PROMISE, _BROKEN = either(_LISTS["promise"]), either(_LISTS["broken"])
_MARKS = tuple((either(mark["words"], _LISTS), mark["weight"]) for mark in _RULES["marks"])
_CLASSES = tuple(
    (Breach(entry["code"]), either(entry["words"], _LISTS), entry["weight"]) for entry in _RULES["classes"]
)

#: How much of a promise's weight each intent carries; small talk carries none.
_SHARE = {"complaint": 1.0, "urge": 0.8, "supplement": 0.8, "inquiry": 0.7, "suggestion": 0.5}
_STOP = re.compile(r"[。！？!?；;\n]+")
_BEFORE, _AFTER = 25, 45
_LEAST = 0.4


def about_commitment(text: str, intent: str) -> float:
    """How surely ``text`` is about a public body's promise, 0 to 1.

    0.5 is the border of domain 3 (below it a complaint goes to the service desk). Questions and
    suggestions about a promise weigh less than complaints, small talk nothing.
    """
    rest = 1.0
    for weight in _weights(text.lower()):
        rest *= 1.0 - weight
    return round(_SHARE.get(intent, 0.0) * (1.0 - rest), 3)


def _weights(text: str) -> Iterator[float]:
    """What speaks for a public promise, each between 0 and 1; two promises at most."""
    only_private = _PRIVATE.search(text) is not None and _PUBLIC.search(text) is None
    for pattern, weight in _MARKS:
        if pattern.search(text):
            yield weight * 0.3 if only_private else weight
    yield from sorted(set(_promises(text)), reverse=True)[:2]


def _promises(text: str) -> Iterator[float]:
    """One weight for each promise that is named: who gave it (the last one named), and was it broken."""
    for match in _PROMISE.finditer(text):
        said_before = _STOP.split(text[max(0, match.start() - _BEFORE) : match.start()])[-1]
        broken = _BROKEN.search(text, match.end(), match.end() + _AFTER) is not None
        public, private = _last(_PUBLIC, said_before), _last(_PRIVATE, said_before)
        if public > private:
            yield 0.65 if broken else 0.35
        elif private >= 0:
            yield 0.08
        elif broken:
            yield 0.25 if _PRIVATE.search(text) else 0.4
        else:
            yield 0.05


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((match.start() for match in pattern.finditer(text)), default=-1)


def breaches(text: str, intent: str) -> tuple[tuple[Breach, float], ...]:
    """The breach classes of a complaint about a public promise, best first, at most three.

    Empty for other intents and where :func:`about_commitment` is below 0.4. A broken promise that fits no
    class by its words is B9.
    """
    about = about_commitment(text, intent)
    if intent != "complaint" or about < _LEAST:
        return ()
    flat = text.lower()
    scores = [(code, round(weight * about, 3)) for code, pattern, weight in _CLASSES if pattern.search(flat)]
    if not scores:
        return ((Breach.B9, round(0.4 * about, 3)),)
    return tuple(sorted(scores, key=lambda pair: -pair[1])[:3])
