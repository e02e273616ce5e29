"""Cases that may be the same matter: what a dispatcher is shown, and what a citizen may join (我也遇到了)."""

from datetime import timedelta
from typing import Any

from intake.actor import SYSTEM, Actor
from intake.cases import merging, states
from intake.cases.likeness import ALIKE, SURE, likeness, spot
from intake.cases.opening import NewCase
from intake.desk import Desk
from intake.errors import AccusedUnit, Invalid
from storage.stores.cases import CaseRow, NearRow
from storage.vocab import CaseState, Role

NEAR = timedelta(days=30)
LOOKED_AT = 100
OFFERED = 20
"""Cases that are compared for an offer in the chat, where every confirmation looks."""
SHOWN = 3
_OPEN = tuple(state.value for state in states.BEFORE_ANSWER)


async def same_matter(desk: Desk, new: NewCase, department: str | None) -> NearRow | None:
    """An open case of somebody else that what is being told is most likely the same matter as. One that
    accuses somebody is never told of."""
    place = spot(new.text)
    if not place or department is None:
        return None  # without a place it may be the same matter anywhere in the city
    since = desk.now() - NEAR
    rows = await desk.unit.cases.near([department], _OPEN, since=since, holding=place, limit=OFFERED)
    best, most = None, SURE
    for row in rows:
        plain = row.type == new.type.value and row.merged_into is None and not row.accused
        if plain and row.reporter_id != new.reporter_id:
            score = likeness(new.text, row.transcript or row.text)
            best, most = (row, score) if score >= most else (best, most)
    return best


async def joined_to(desk: Desk, case: CaseRow, into: str) -> bool:
    """Have a case that was just filed follow another one; False where that one cannot be followed now."""
    asked = merging.Merge(into=into)
    try:
        await merging.check_merge(desk, SYSTEM, case, asked)
        await merging.merge(desk, SYSTEM, case, asked)
    except (Invalid, AccusedUnit):
        return False
    return True


async def similar(desk: Desk, actor: Actor, case: CaseRow) -> list[dict[str, Any]]:
    """The open cases of the last month most like this one, best first; nothing for who cannot merge them.

    Looked for are the newest of the same unit, or of the unit that the case most likely goes to, and of those
    that no unit has yet.
    """
    if actor.role is not Role.DISPATCHER or case.merged_into or CaseState(case.state) in states.FINAL:
        return []
    unit = case.department or next((one["code"] for one in case.suggestion), None)
    told, since = case.transcript or case.text, case.created_at - NEAR
    rows = await desk.unit.cases.near({unit, None}, _OPEN, since=since, holding=spot(told), limit=LOOKED_AT)
    found = [
        (likeness(told, row.transcript or row.text), row)
        for row in rows
        if row.id != case.id and row.type == case.type and row.merged_into is None
    ]
    best = sorted((one for one in found if one[0] >= ALIKE), key=lambda one: -one[0])[:SHOWN]
    return [
        {
            "tracking_no": row.tracking_no,
            "state": row.state,
            "excerpt": row.text[:60],
            "score": round(score / 100, 2),
        }
        for score, row in best
    ]
