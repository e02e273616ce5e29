"""Rules that tell the intent while Rasa is away: plain words, in the order of how sure they are.

Good enough to file what people bring and to hear their commands; every answer is marked ``rules``.
The words stand in ``keywords.yml``; emergencies are heard by the learned weights of :mod:`bot.nlu.danger`.
"""

import re
import unicodedata
from typing import NamedTuple

from bot.nlu import danger
from bot.nlu.wording import either, rules

_POINTS = re.compile(r"[\s，。！？、,.!?~～…；;：:]+")
_ORDER = r"(?:ts|zx|jy)[\s\-]*\d[\d\s\-]{10,}"
_SHORT = 24


class _Part(NamedTuple):
    intent: str
    pattern: re.Pattern[str]
    most: int
    sure: float


def _compiled(lines: list[str]) -> re.Pattern[str]:
    return either([line.replace("ORDER", _ORDER) for line in lines])


_RULES = rules("keywords")
_WHOLE = tuple((name, _compiled(lines)) for name, lines in _RULES["whole"].items())
_PARTS = tuple(
    _Part(part["intent"], _compiled(part["words"]), part["most"], part["sure"]) for part in _RULES["parts"]
)
_MATTER = {name: _compiled(lines) for name, lines in _RULES["matter"].items()}


def intent(text: str) -> tuple[str, float]:
    """Intent and confidence (0.3 to 0.95) of any text; never raises."""
    flat = unicodedata.normalize("NFKC", text).lower().strip()
    bare = _POINTS.sub("", flat)
    if not bare:
        return "out_of_scope", 0.3
    if len(bare) <= _SHORT:
        for name, pattern in _WHOLE:
            if pattern.fullmatch(bare):
                return name, 0.95
    in_danger, sure = danger.heard(text)
    if in_danger:
        return "emergency", round(min(0.95, sure), 2)
    for part in _PARTS:
        if len(bare) <= part.most and part.pattern.search(flat):
            return part.intent, part.sure
    return _matter(flat, bare)


def _matter(flat: str, bare: str) -> tuple[str, float]:
    """Complaint, inquiry or suggestion by what outweighs; a few characters with no mark are small talk."""
    ends = flat if len(flat) <= 56 else flat[:16] + "\n" + flat[-40:]
    scores = {
        "complaint": _count("accuse", flat) + 1.5 * (_count("demand", flat) + _count("overdue", flat)),
        "inquiry": 0.8 * _count("ask", flat) + 1.2 * _count("ask", ends),
        "suggestion": 2.2 * _count("propose", flat) + 1.5 * ("建议" in ends),
    }
    best = max(scores, key=lambda name: scores[name])
    total = sum(scores.values())
    if total == 0 and _MATTER["question"].search(flat) and len(bare) >= 6:
        return "inquiry", 0.4
    if total == 0:
        return ("out_of_scope", 0.35) if len(bare) < 6 else ("complaint", 0.35)
    return best, round(min(0.9, 0.35 + 0.5 * scores[best] / total), 2)


def _count(name: str, text: str) -> float:
    """Marks found, those after the third counting less."""
    found = sum(1 for _ in _MATTER[name].finditer(text))
    return min(found, 3) + 0.3 * max(0, min(found, 12) - 3)
