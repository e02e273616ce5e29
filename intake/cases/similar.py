"""Cases that may be the same matter as one: what a dispatcher is shown, to merge them or not."""

from datetime import timedelta
from typing import Any

from intake.actor import Actor
from intake.cases import states
from intake.cases.likeness import ALIKE, likeness
from intake.desk import Desk
from storage.stores.cases import CaseRow
from storage.vocab import CaseState, Role

NEAR = timedelta(days=30)
LOOKED_AT = 200
SHOWN = 3
_OPEN = tuple(state.value for state in states.BEFORE_ANSWER)


async def similar(desk: Desk, actor: Actor, case: CaseRow) -> list[dict[str, Any]]:
    """The open cases of the last month most like this one, best first; nothing for who cannot merge them.

    Looked for are the newest of the same unit, or of the unit that the case most likely goes to, and of those
    that no unit has yet.
    """
    if actor.role is not Role.DISPATCHER or case.merged_into or CaseState(case.state) in states.FINAL:
        return []
    unit = case.department or next((one["code"] for one in case.suggestion), None)
    rows = await desk.unit.cases.near(unit, _OPEN, since=case.created_at - NEAR, limit=LOOKED_AT)
    told = case.transcript or case.text
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
