"""What everybody is told of commitments as it happens: published, progress, changed, kept, broken, ended."""

from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from intake.commitments.listing import wanted_of
from intake.desk import Desk
from storage.stores.happened import HappenedRow
from storage.vocab import CommitmentAction, CommitmentState

A = CommitmentAction
CHANGED, BROUGHT = "changed", "brought"
ACTIONS = (A.PUBLISH, A.REPORT_PROGRESS, A.CONFIRM_FULFILLED, A.DECLARE_BROKEN, A.END)
KINDS = frozenset(ACTIONS) | {CHANGED, BROUGHT}
MOST = 50


@dataclass(frozen=True, slots=True)
class News:
    """``id`` never changes; ``what`` is one of :data:`KINDS`, and the rest what was said of it."""

    id: UUID
    code: str
    title: str
    unit: str
    what: str
    percent: int | None
    text: str
    broken_reason: str
    at: datetime


async def latest(desk: Desk, department: str | None = None) -> list[News]:
    """The last news, newest first, of all units or of one (a code)."""
    wanted = wanted_of(desk, department=department)
    rows = await desk.unit.happened.of_actions(wanted, [action.value for action in ACTIONS], MOST)
    rows += await desk.unit.happened.brought(wanted, MOST)
    newest = sorted(rows, key=lambda row: (row.at, row.code, row.seq), reverse=True)
    return [_told(desk, row) for row in newest[:MOST]]


def _told(desk: Desk, row: HappenedRow) -> News:
    again = row.action == A.PUBLISH and row.from_state == CommitmentState.ACTIVE
    body = row.body or {}
    return News(
        id=uuid5(NAMESPACE_URL, f"{desk.city.name}/{row.code}/{row.seq}"),
        code=row.code,
        title=row.title,
        unit=desk.city.unit_name(row.department),
        what=BROUGHT if not row.seq else CHANGED if again else row.action,
        percent=body.get("percent"),
        text=str(body.get("text") or body.get("reason") or "") if row.action != A.PUBLISH else "",
        broken_reason=str(body.get("broken_reason") or ""),
        at=row.at,
    )
