"""``POST /understand``: what the service makes of a text. Nothing is stored."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from aiohttp import web

from bot.nlu.port import Entity, Understanding
from bot.web.api.endpoints import Call, shown
from bot.web.api.shapes import Text, Understood
from intake.city import City
from intake.commitments.matching import CommitmentIndex, raised
from intake.commitments.spoken import spoken_of
from intake.forms import checked
from intake.routing.match import rank
from storage.vocab import CaseType, Role

READERS = (Role.DISPATCHER, Role.SUPERVISOR, Role.ADMIN, Role.AUDITOR)
KINDS = ("tracking_no", "phone", "due_date", "amount_yuan")
CASE_TYPES = {kind.value: kind for kind in CaseType}


async def understand(call: Call) -> web.Response:
    call.only(*READERS)
    asked = checked(Text, await call.body())
    process = call.process
    heard = await process.understander.understand(asked.text, today=process.clock.today())
    async with process.database.read() as unit:
        commitments = await spoken_of(unit, asked.text)
    return shown(Understood, told(heard, asked.text, process.city, commitments))


def case_type(heard: Understanding) -> CaseType:
    """The type of case that the text asks for; a complaint where it asks for none."""
    return CASE_TYPES.get(heard.intent, CaseType.COMPLAINT)


def told(heard: Understanding, text: str, city: City, commitments: CommitmentIndex) -> dict[str, Any]:
    """An understanding joined with the city's units: ranked candidates, units and places by name,
    and with the commitments it may speak of."""
    ranking = rank(text, city.index, case_type=case_type(heard), sectors=heard.sector_shares())
    matches = commitments.best(text, departments=ranking.likely)
    return {
        "intent": heard.intent,
        "confidence": round(heard.confidence, 4),
        "source": heard.source,
        "about_commitment": round(raised(heard.about_commitment, matches), 4),
        "breach": [{"code": code, "score": round(score, 4)} for code, score in heard.breach],
        "departments": [
            {
                "code": candidate.code,
                "name": city.unit_name(candidate.code),
                "sector": city.units[candidate.code].sector.value,
                "score": candidate.score,
                "reason": candidate.reason,
            }
            for candidate in ranking.candidates
        ],
        "commitments": [match.as_json() for match in matches],
        "entities": {
            "department": _departments(heard, text, city),
            "place": _places(heard, text, city),
            **{kind: [_entity(e) for e in heard.entities if e.kind == kind] for kind in KINDS},
        },
    }


def _departments(heard: Understanding, text: str, city: City) -> list[dict[str, Any]]:
    found = []
    mentions = sorted(city.index.mentions(text), key=lambda m: (m.start, m.end))
    for (start, end), same in groupby(mentions, key=lambda m: (m.start, m.end)):
        codes = [mention.code for mention in same]
        code = codes[0] if len(codes) == 1 else None
        name = city.unit_name(code) or text[start:end]
        found.append({"text": text[start:end], "start": start, "end": end, "value": name, "code": code})
    for entity in _uncovered(heard.entities, "department", found):
        unit = city.index.resolve(entity.text)
        value = unit.name if unit else entity.text
        found.append(_entity(entity) | {"value": value, "code": unit.code if unit else None})
    return sorted(found, key=lambda one: int(one["start"]))


def _places(heard: Understanding, text: str, city: City) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"text": place.text, "start": place.start, "end": place.end, "value": place.name}
        for place in city.index.places(text)
    ]
    known = {place.name for place in city.places}
    found += [_entity(e) for e in _uncovered(heard.entities, "place", found) if e.value in known]
    return sorted(found, key=lambda one: int(one["start"]))


def _uncovered(entities: Iterable[Entity], kind: str, found: list[dict[str, Any]]) -> list[Entity]:
    return [
        entity
        for entity in entities
        if entity.kind == kind
        and not any(entity.start < one["end"] and one["start"] < entity.end for one in found)
    ]


def _entity(entity: Entity) -> dict[str, Any]:
    return {"text": entity.text, "start": entity.start, "end": entity.end, "value": entity.value}
