"""What understanding a message yields: the words between :mod:`bot.nlu` and those who use it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

from storage.vocab import Breach, Sector

#: The names of all intents, as in ``nlu_data/domain.yml`` and ``POST /understand``.
INTENTS: tuple[str, ...] = (
    "complaint",
    "inquiry",
    "suggestion",
    "check_status",
    "urge",
    "supplement",
    "withdraw",
    "rate",
    "follow_commitment",
    "request_human",
    "affirm",
    "deny",
    "greet",
    "thanks",
    "goodbye",
    "help",
    "emergency",
    "out_of_scope",
)

Source = Literal["rasa", "rules"]


@dataclass(frozen=True, slots=True)
class Entity:
    """Something named in the text. ``text`` is ``message[start:end]``, ``value`` its normal form.

    ``kind`` is one of ``department``, ``place``, ``tracking_no``, ``phone``, ``due_date`` (ISO date),
    ``amount_yuan`` (number of yuan). ``code`` stays None here: which unit is meant is for routing to say.
    """

    kind: str
    text: str
    start: int
    end: int
    value: str | float
    code: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "value": self.value,
            "code": self.code,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            kind=str(data["kind"]),
            text=str(data["text"]),
            start=int(data["start"]),
            end=int(data["end"]),
            value=data["value"],
            code=data.get("code"),
        )


@dataclass(frozen=True, slots=True)
class Understanding:
    """What one message means.

    ``confidence`` and ``about_commitment`` run from 0 to 1; ``breach`` is best first and empty for what is
    no complaint about a promise. ``source`` says who answered, ``model`` with which model (empty for rules).
    ``sectors`` are the kinds of office the matter is for, best first with their shares; rules name none.
    """

    intent: str
    confidence: float
    source: Source
    entities: tuple[Entity, ...]
    about_commitment: float
    breach: tuple[tuple[Breach, float], ...]
    model: str
    sectors: tuple[tuple[Sector, float], ...] = ()

    def of_kind(self, kind: str) -> tuple[Entity, ...]:
        """The entities of one kind in the order of the text."""
        return tuple(entity for entity in self.entities if entity.kind == kind)

    def sector_shares(self) -> dict[str, float]:
        """The sectors by name, as the routing takes them."""
        return {sector.value: share for sector, share in self.sectors}

    def in_short(self) -> dict[str, Any]:
        """Who answered what, how surely: without the words of the message."""
        return {
            "heard": self.intent,
            "confidence": self.confidence,
            "source": self.source,
            "model": self.model,
        }

    def as_json(self) -> dict[str, Any]:
        """Plain data for storing; :meth:`from_json` gives an equal object back."""
        return {
            "intent": self.intent,
            "confidence": self.confidence,
            "source": self.source,
            "entities": [entity.as_json() for entity in self.entities],
            "about_commitment": self.about_commitment,
            "breach": [[code.value, score] for code, score in self.breach],
            "model": self.model,
            "sectors": [[sector.value, share] for sector, share in self.sectors],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Raises KeyError or ValueError when ``data`` was not made by :meth:`as_json`."""
        breach: Sequence[Sequence[Any]] = data["breach"]
        return cls(
            intent=str(data["intent"]),
            confidence=float(data["confidence"]),
            source="rasa" if data["source"] == "rasa" else "rules",
            entities=tuple(Entity.from_json(entity) for entity in data["entities"]),
            about_commitment=float(data["about_commitment"]),
            breach=tuple((Breach(code), float(score)) for code, score in breach),
            model=str(data["model"]),
            sectors=tuple((Sector(name), float(share)) for name, share in data.get("sectors", ())),
        )
