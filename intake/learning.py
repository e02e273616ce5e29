"""Learning from people: what they corrected is kept as an example that an administrator accepts or refuses.

An example leads to nobody: its words are masked whatever the mode of the case was, and neither the reporter
nor the case stands beside them.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from intake.actor import Actor
from intake.desk import Desk
from intake.errors import Invalid, NotFound, WrongRole
from intake.masking import masked
from intake.reporters import known
from storage.stores.cases import CaseRow
from storage.stores.learning import ExampleRow
from storage.vocab import CaseType, ExampleState, Origin, Role

READERS = frozenset({Role.ADMIN, Role.DISPATCHER, Role.SUPERVISOR})
MAX_LENGTH = 5000
_NUMBER = re.compile(r"(?:TS|ZX|JY)[\s-]?\d(?:[\s-]?\d){13}(?!\d)|(?<!\d)\d{12,}(?!\d)", re.IGNORECASE)


def anonymous(text: str, told: list[str]) -> str:
    """``text`` without identity, phones, ID numbers and the numbers of cases; ``told`` is what the writer
    said of themselves elsewhere."""
    return _NUMBER.sub("＊＊＊", masked(unicodedata.normalize("NFC", text), told)).strip()[:MAX_LENGTH]


async def by_citizen(
    desk: Desk, case: CaseRow, heard: Mapping[str, Any], *, type_said: bool, unit_said: bool
) -> None:
    """Keep what a citizen corrected before filing ``case``: its type, its unit.

    ``heard`` holds ``intent``, ``confidence``, ``source``, ``model`` and ``department`` as answered.
    """
    said, unit = str(heard.get("intent") or ""), str(heard.get("department") or "")
    chosen = str(heard.get("chosen") or "")
    await _keep(
        desk,
        case,
        Origin.CITIZEN,
        heard,
        intent=case.type if type_said and said and said != case.type else None,
        department=chosen if unit_said and chosen and chosen != unit else None,
    )


async def dispatched(desk: Desk, actor: Actor, case: CaseRow, department: str) -> None:
    """Keep that a dispatcher sent ``case`` (as it was before) to another unit than was suggested.

    A way around an accused unit is a rule and teaches nothing.
    """
    if actor.role is Role.DISPATCHER:
        await _to_another(desk, Origin.DISPATCHER, case, department)


async def returned(desk: Desk, case: CaseRow, department: str) -> None:
    """Keep that a unit's return was approved and ``case`` (as it was before) goes to another unit."""
    await _to_another(desk, Origin.HANDLER, case, department, instead_of=case.department)


async def retyped(desk: Desk, case: CaseRow, kind: CaseType) -> None:
    """Keep that a dispatcher gave ``case`` (as it was before) another type."""
    if kind != case.type:
        heard = await _heard(desk, case)
        await _keep(desk, case, Origin.DISPATCHER, {"intent": case.type, **heard}, intent=kind.value)


async def listed(
    desk: Desk, actor: Actor, *, state: str = "", origin: str = "", before: int | None = None, limit: int = 50
) -> list[ExampleRow]:
    """Newest first; raises :class:`WrongRole` for who may not read them."""
    _may_read(actor)
    return await desk.unit.learning.listed(state=state, origin=origin, before=before, limit=limit)


async def decide(
    desk: Desk, actor: Actor, number: int, state: ExampleState, *, text: str, intent: str, department: str
) -> None:
    """Accept or refuse an example, with words and labels as the administrator leaves them.

    ``department`` a code, a name or empty. Raises WrongRole, NotFound, Invalid.
    """
    if actor.role is not Role.ADMIN:
        raise WrongRole("只有系统管理员可以决定")
    row = await desk.unit.learning.get(number)
    if row is None:
        raise NotFound("没有这个例句")
    unit = desk.city.index.resolve(department) if department.strip() else None
    words, fields = anonymous(text, []), {}
    if not words:
        fields["text"] = "例句不能是空的"
    if intent and intent not in set(CaseType):
        fields["intent"] = "没有这个类型"
    if department.strip() and unit is None:
        fields["department"] = "没有这个单位"
    if not intent and unit is None and state is ExampleState.ACCEPTED:
        fields["intent"] = "采用时要写明类型或单位"
    if fields:
        raise Invalid("；".join(fields.values()), fields=fields)
    await desk.unit.learning.change(
        number,
        {
            "state": state.value,
            "text": words,
            "intent": intent or None,
            "department": unit.code if unit else None,
            "decided_at": desk.now(),
            "decided_by": actor.name,
        },
    )


def _may_read(actor: Actor) -> None:
    if actor.role not in READERS:
        raise WrongRole("您的岗位看不到学习例句")


async def _to_another(
    desk: Desk, origin: Origin, case: CaseRow, department: str, instead_of: str | None = None
) -> None:
    best = instead_of or (str(case.suggestion[0]["code"]) if case.suggestion else "")
    if not best or best == department or best in await desk.unit.cases.hidden_from(case.id):
        return
    heard = await _heard(desk, case)
    await _keep(desk, case, origin, {**heard, "department": best}, department=department)


async def _heard(desk: Desk, case: CaseRow) -> dict[str, Any]:
    """The last answer that the case's events hold."""
    bodies = [event.body or {} for event in await desk.unit.events.of("case", case.id)]
    found: dict[str, Any] = next((body for body in reversed(bodies) if body.get("model")), {})
    return {
        "intent": found.get("heard") or found.get("intent"),
        "confidence": found.get("confidence"),
        "source": case.understood,
        "model": found.get("model") or "",
    }


async def _keep(
    desk: Desk,
    case: CaseRow,
    origin: Origin,
    heard: Mapping[str, Any],
    *,
    intent: str | None = None,
    department: str | None = None,
) -> None:
    words = case.transcript or ("" if case.awaits_transcript else case.text)
    if not words.strip() or not (intent or department):
        return
    told = await known(desk, case.reporter_id)
    confidence = heard.get("confidence")
    await desk.unit.learning.add(
        {
            "origin": origin.value,
            "text": anonymous(words, [one for one in (told.name, told.phone) if one]),
            "said_intent": heard.get("intent") or None,
            "said_department": heard.get("department") or None,
            "confidence": float(confidence) if isinstance(confidence, int | float) else None,
            "source": str(heard.get("source") or case.understood),
            "model": str(heard.get("model") or ""),
            "intent": intent,
            "department": department,
            "state": ExampleState.PROPOSED.value,
            "created_at": desk.now(),
        }
    )
