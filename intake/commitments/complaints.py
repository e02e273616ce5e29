"""How many complaints a commitment has, as each reader may know it.

A complaint that goes around a unit is not there for that unit (domain 6), and a number that grows tells of it
like a page would. Only those who see all cases are told of all; everybody else, the units included, of those
that are hidden from nobody. In public one or two are not told apart: neighbours would know who it was.
"""

from collections.abc import Sequence
from typing import Any

from intake.actor import ALL_SEEING, Actor
from intake.desk import Desk
from intake.registry import commitment_facts
from storage.stores.promised import Complaints
from storage.stores.registry import CommitmentRow

FEW = 3
"""From here on numbers are public."""


async def facts_of(desk: Desk, rows: Sequence[CommitmentRow], actor: Actor | None) -> list[dict[str, Any]]:
    """Commitments as they are shown in a list, with their ``complaints``; one query for all of them."""
    sees_all = actor is not None and actor.role in ALL_SEEING
    counts = await desk.unit.promised.complaints([row.code for row in rows], hidden=sees_all)
    return [
        commitment_facts(desk, row) | {"complaints": _told(counts.get(row.code, Complaints()), actor)}
        for row in rows
    ]


def _told(counted: Complaints, actor: Actor | None) -> dict[str, Any]:
    few = actor is None and 0 < counted.total < FEW
    numbers = {"total": counted.total, "open": counted.open, "founded": counted.founded}
    return (dict.fromkeys(numbers) if few else numbers) | {"few": few}
