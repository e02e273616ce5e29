"""存为办事指南: the answer to an inquiry as the draft of a guide, without anything of who asked."""

import re
from typing import Any

from intake.actor import OF_ONE_UNIT, Actor
from intake.cases import helping, seeing
from intake.commitments.values import NUMBERED
from intake.desk import Desk
from intake.errors import NotFound
from intake.reporters import hidden_words
from storage.stores.cases import CaseRow
from storage.vocab import CaseState, CaseType, Role

KEEPERS = OF_ONE_UNIT | {Role.DISPATCHER}
LONGEST = 60  # characters of a title
_ASKING = re.compile(r"^(?:您好|你好|请问|问一下|想问一下|我想问一下|咨询一下|我想咨询|[，,。！!\s])+")
_SENTENCE = re.compile(r"\n+|(?<=[。；;！!？?])")
_SOURCE = re.compile(r"\n+依据：[^\n]*$")


def can_be_kept(actor: Actor, case: CaseRow) -> bool:
    """Whether the case is an answered inquiry, and the actor of those who may make a guide of its answer."""
    answered = case.state in (CaseState.ANSWERED, CaseState.CLOSED) and bool(case.answer)
    mine = actor.role in KEEPERS and helping.has_it(actor, case)
    return case.type == CaseType.INQUIRY and answered and mine


async def as_guide(desk: Desk, actor: Actor, number: str) -> dict[str, Any]:
    """What the form of a new guide starts from, as it would be typed: an item a line. Phones, names and what
    the reporter gave are hidden in every mode, for everybody reads guides.

    Raises :class:`NotFound` for a case that the actor does not see, or of which no guide can be made.
    """
    case = await seeing.find(desk, actor, number)
    if not can_be_kept(actor, case):
        raise NotFound("这一件不能存为办事指南")
    question = await hidden_words(desk, case.reporter_id, case.transcript or case.text)
    answer = await hidden_words(desk, case.reporter_id, _SOURCE.sub("", case.answer or ""))
    unit = desk.city.units.get(case.department or "")
    return {
        "title": _title(question),
        "department": unit.name if unit else "",
        "steps": "\n".join(_sentences(answer)),
        "phone": unit.phone if unit else "",
    }


def _title(question: str) -> str:
    first = next(iter(_sentences(_ASKING.sub("", question))), "")
    return first.rstrip("。；;！!？?")[:LONGEST]


def _sentences(text: str) -> list[str]:
    """The sentences of a text, without the numbers before them."""
    found = (one.strip() for one in _SENTENCE.split(text))
    return [one[number.end() :] if (number := NUMBERED.match(one)) else one for one in found if one]
