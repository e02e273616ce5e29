"""One message in, one :class:`Understanding` out: Rasa when it answers, the rules when it does not."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from bot.nlu import keywords, promise, values
from bot.nlu.port import INTENTS, Entity, Source, Understanding
from bot.nlu.rasa import Health, RasaAway, RasaClient
from storage.vocab import Sector

#: Longer messages are asked about by their two ends, where people say what they want.
LONGEST, HEAD, TAIL = 3000, 2000, 1000
#: What Rasa may name; numbers, dates and amounts are read by :mod:`bot.nlu.values`.
NAMED = ("department", "place")
SECTORS = {sector.value: sector for sector in Sector}


class Understander:
    """Understands messages, with Rasa or without; never raises for a text.

    ``on_away`` is called with the reason each time the rules had to answer in Rasa's place.
    """

    def __init__(self, rasa: RasaClient | None, on_away: Callable[[str], None] | None = None) -> None:
        self._rasa = rasa
        self._on_away = on_away

    async def health(self) -> Health:
        """``ready``, ``starting`` or ``degraded``; without a Rasa configured it is ``degraded``."""
        return await self._rasa.probe() if self._rasa else "degraded"

    async def understand(self, text: str, *, today: date) -> Understanding:
        """``today`` is the Asia/Shanghai date from which 月底 and 去年 are counted."""
        own = values.entities(text, today=today)
        answer = await self._ask(text)
        if answer is None:
            return _put_together(text, keywords.intent(text), "rules", entities=own)
        found = _merge(own, _named(answer.get("entities", ()), text))
        model = str(answer.get("model", ""))
        return _put_together(
            text, _intent(answer), "rasa", entities=found, model=model, sectors=_sectors(answer)
        )

    async def _ask(self, text: str) -> dict[str, Any] | None:
        """Rasa's answer, or None when the rules must answer."""
        if self._rasa is None or not text.strip():
            return None
        try:
            answer = await self._rasa.parse(shortened(text))
            if _intent(answer)[0] not in INTENTS:
                raise RasaAway("unknown_intent")
        except RasaAway as away:
            if self._on_away:
                self._on_away(away.reason)
            return None
        return answer


def shortened(text: str) -> str:
    """The text as Rasa gets it: the two ends of a long one, and no leading ``/``.

    Rasa reads ``/greet`` as a command to answer *greet*; no citizen may choose the intent that way. The
    stand-in has the same length, so positions stay right.
    """
    if text.startswith("/"):
        text = "／" + text[1:]
    return text if len(text) <= LONGEST else text[:HEAD] + text[-TAIL:]


def _intent(answer: dict[str, Any]) -> tuple[str, float]:
    intent = answer["intent"]
    return str(intent["name"]), round(float(intent.get("confidence", 0.0)), 4)


def _sectors(answer: dict[str, Any]) -> tuple[tuple[Sector, float], ...]:
    """The sectors that a model names; one of before it learned them names none."""
    found = answer.get("sectors") or ()
    return tuple(
        (SECTORS[one["name"]], round(float(one["confidence"]), 4)) for one in found if one["name"] in SECTORS
    )


def _named(found: Iterable[dict[str, Any]], text: str) -> list[Entity]:
    """Rasa's units and places, moved back to where they stand in the whole text."""
    entities = []
    for item in found:
        kind, start, end = str(item.get("entity")), int(item.get("start", 0)), int(item.get("end", 0))
        if len(text) > LONGEST:
            if start < HEAD < end:
                continue
            moved = len(text) - TAIL - HEAD if start >= HEAD else 0
            start, end = start + moved, end + moved
        if kind in NAMED and 0 <= start < end <= len(text):
            entities.append(Entity(kind, text[start:end], start, end, str(item.get("value", ""))))
    return entities


def _merge(own: Iterable[Entity], named: Iterable[Entity]) -> tuple[Entity, ...]:
    """Both in the order of the text; of overlapping ones of a kind the longest, numbers before names."""
    kept: list[Entity] = list(own)
    for entity in sorted(named, key=lambda e: (e.start - e.end, e.start)):
        rivals = (k for k in kept if k.kind == entity.kind or k.kind not in NAMED)
        if not any(k.start < entity.end and entity.start < k.end for k in rivals):
            kept.append(entity)
    return tuple(sorted(kept, key=lambda e: (e.start, e.end, e.kind)))


def _put_together(
    text: str,
    judged: tuple[str, float],
    source: Source,
    *,
    entities: Iterable[Entity],
    model: str = "",
    sectors: tuple[tuple[Sector, float], ...] = (),
) -> Understanding:
    intent, confidence = judged
    return Understanding(
        intent=intent,
        confidence=confidence,
        source=source,
        entities=tuple(entities),
        about_commitment=promise.about_commitment(text, intent),
        breach=promise.breaches(text, intent),
        model=model,
        sectors=sectors,
    )
