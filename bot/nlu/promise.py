"""Whether a message is about a promise of a public body, and how the promise was broken.

Two readings of the wording are added up, and a logistic curve makes a figure of the sum: the rules of
``promise.yml`` (who promised, was it kept, the phrases of the mechanism), which can be explained to whoever
asks, and the learned weights of :mod:`bot.nlu.promise_grams`, which hear what no rule foresaw. The classes
are those of 新营商办〔2020〕13号 四(一).
A private firm's broken word (a builder's, a shop's) is no 政府承诺.
"""

import math
from functools import lru_cache

from bot.nlu.promise_grams import flat, read_weights, weigh
from bot.nlu.promise_rules import CLASSES, by_rule, tells_of_failure
from bot.nlu.wording import rules
from storage.vocab import Breach

_BLEND: dict[str, float] = rules("promise")["blend"]
_COLUMNS, _WEIGHTS = read_weights()

#: How much of a promise's weight each intent carries; thanks and greetings carry none.
_SHARE = {
    "complaint": 1.0,
    "urge": 0.9,
    "supplement": 0.9,
    "check_status": 0.8,
    "inquiry": 0.8,
    "emergency": 0.7,
    "suggestion": 0.6,
    "follow_commitment": 0.6,
    "withdraw": 0.5,
    "rate": 0.5,
    "request_human": 0.5,
    "out_of_scope": 0.5,
}
#: Intents that tell of a wrong; a question or a suggestion names no breach.
_TELLING = frozenset({"complaint", "urge", "supplement", "check_status"})
_LEAST, _PLAIN = 0.3, 0.9


def about_commitment(text: str, intent: str) -> float:
    """How surely ``text`` is about a public body's promise, 0 to 1.

    0.5 is the border of domain 3 (below it a complaint goes to the service desk). Questions and
    suggestions about a promise weigh less than complaints, small talk nothing.
    """
    share = _SHARE.get(intent, 0.0)
    return round(share * _judged(text)[0], 3) if share else 0.0


def breaches(text: str, intent: str) -> tuple[tuple[Breach, float], ...]:
    """The breach classes of a message that complains about a public promise, best first, at most three.

    Empty for other intents and where :func:`about_commitment` is below 0.3; what was taken for an inquiry but
    plainly tells of a broken promise has them as well, for its type may still be corrected. A promise that is
    just not kept is B5, as the seed says: 承诺不践诺、践诺不到位.
    """
    about = about_commitment(text, intent)
    if about < _LEAST or not (intent in _TELLING or (intent == "inquiry" and _plainly_broken(text))):
        return ()
    best = sorted(_judged(text)[1], key=lambda pair: -pair[1])[:3]
    return tuple((code, round(about * share, 3)) for code, share in best if about * share >= 0.01)


def _plainly_broken(text: str) -> bool:
    return _judged(text)[0] >= _PLAIN and tells_of_failure(flat(text))


@lru_cache(maxsize=64)
def _judged(text: str) -> tuple[float, tuple[tuple[Breach, float], ...]]:
    """The figure for a public promise, and each class's share of the breaches (together 1)."""
    plain = flat(text)
    points, gains = by_rule(plain)
    learned = dict(zip(_COLUMNS, weigh(plain, _WEIGHTS), strict=True))
    odds = _BLEND["about"] + learned.pop("about") + _BLEND["rules"] * max(points, _BLEND["least"])
    classes = {
        code: math.exp(_BLEND["sharp"] * (learned[code] + _BLEND["rules_breach"] * gains[code]))
        for code in CLASSES
    }
    whole = sum(classes.values())
    shares = tuple((Breach(code), weight / whole) for code, weight in classes.items())
    return 1 / (1 + math.exp(-odds)), shares
