"""The dispatcher's queue: the cases that wait longest, each with the units that it most likely goes to."""

from dataclasses import dataclass
from typing import Any

from intake.actor import Actor
from intake.cases.listing import lines
from intake.cases.seeing import page
from intake.desk import Desk
from storage.stores.cases import CaseRow
from storage.vocab import CaseState, Order

LENGTH = 10
BEST = 3


@dataclass(frozen=True, slots=True)
class Queued:
    """One case of the queue; without ``units`` where somebody has to read, or hear, it first."""

    line: dict[str, Any]
    text: str
    awaits_transcript: bool
    units: list[dict[str, Any]]


async def queue(desk: Desk, actor: Actor) -> list[Queued]:
    """The first of what waits to be dispatched."""
    wanted = {"state": CaseState.RECEIVED.value}
    rows, _ = await page(desk, actor, wanted, limit=LENGTH, order=Order.WAITING)
    hidden = await desk.unit.cases.hidden_from_each([row.id for row in rows])
    shown = zip(rows, await lines(desk, rows), strict=True)
    return [
        Queued(
            line, row.transcript or row.text, row.awaits_transcript, suggested(row, hidden.get(row.id, set()))
        )
        for row, line in shown
    ]


def suggested(case: CaseRow, hidden: set[str]) -> list[dict[str, Any]]:
    """The best ranked units that may have the case; none before a recording is written down."""
    if case.state != CaseState.RECEIVED or case.awaits_transcript:
        return []
    return [unit for unit in case.suggestion if unit["code"] not in hidden][:BEST]
