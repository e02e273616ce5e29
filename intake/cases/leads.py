"""问责线索 proposed by rule from what a case went through; people decide (domain 5)."""

from collections.abc import Iterable

from intake.actor import SYSTEM
from intake.cases.moves import Move, mark
from intake.desk import Desk
from storage.stores.cases import CaseRow
from storage.stores.events import EventRow
from storage.vocab import Action, Outcome, Role

GOOD = 3  # ratings from here on agree with the answer
TWICE = 2
DENIED = "答复“已解决”，群众两次不认可"


async def denied(desk: Desk, case: CaseRow) -> CaseRow:
    """Propose a lead, once, where the reporter denied two answers that said resolved; called after a step in
    which one may have been denied."""
    events = await desk.unit.events.of("case", case.id)
    known = any(e.action == Action.LEAD_PROPOSED and (e.body or {}).get("reason") == DENIED for e in events)
    if known or denials(events) < TWICE:
        return case
    return await mark(desk, SYSTEM, case, Move(Action.LEAD_PROPOSED, {"reason": DENIED}))


def denials(events: Iterable[EventRow]) -> int:
    """How many answers that said resolved the reporter denied, by a rating of 1–2, by telephone too, or by
    having the matter worked on anew; each answer once."""
    count, standing = 0, False
    for event in events:
        body = event.body or {}
        if event.action == Action.APPROVE:
            standing = body.get("outcome") == Outcome.RESOLVED
        elif standing and _denies(event, body):
            count, standing = count + 1, False
    return count


def _denies(event: EventRow, body: dict[str, object]) -> bool:
    rating = body.get("rating")
    if event.action == Action.REOPEN:
        return event.actor_role == Role.CITIZEN
    told = event.action in (Action.RATE, Action.FOLLOW_UP)
    return told and ((isinstance(rating, int) and rating < GOOD) or body.get("reopen") is True)
