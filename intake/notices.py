"""Telling a citizen: a row in the outbox that commits with the case. ``bot`` finds the words at sending."""

from datetime import timedelta
from typing import Any

from intake.cases.dues import running
from intake.clock import local
from intake.desk import Desk
from storage.stores.cases import CaseRow
from storage.vocab import ClockKind

BODY = "outbox"
NO_WAY_LEFT = "no_allowance_no_consent"
NEWS = timedelta(days=30)  # what is older was emptied by then


async def tell(desk: Desk, case: CaseRow, notice: str, facts: dict[str, Any], *, key: str) -> None:
    """Queue a push about a case, or nothing where the reporter has no WeChat account to push to."""
    reporter = await desk.unit.identities.get(case.reporter_id)
    if reporter is None or reporter.openid is None:
        return
    body = {**await case_facts(desk, case), **facts}
    await queue(desk, case.reporter_id, notice, body, key=key, case=case)


async def queue(
    desk: Desk,
    reporter_id: str,
    notice: str,
    body: dict[str, Any],
    *,
    key: str | None = None,
    case: CaseRow | None = None,
) -> None:
    """Queue one thing to send; a citizen who left gets none, and the row says so."""
    reporter = await desk.unit.identities.get(reporter_id)
    gone = reporter is None or not reporter.reachable
    why = (reporter.unreachable_why if reporter else None) or "unreachable"
    added = await desk.unit.outbox.add(
        reporter_id=reporter_id,
        notice=notice,
        body=desk.vault.seal_json(body, BODY),
        at=desk.now(),
        due=desk.clock.wall(),
        dedupe_key=key,
        case_id=case.id if case else None,
        tracking_no=case.tracking_no if case else None,
        cancelled=why if gone else None,
    )
    if added and not gone:
        desk.unit.wake("outbox")


async def catch_up(desk: Desk, reporter_id: str) -> None:
    """Who writes again is told what there was no way to tell: the newest of each case, not all of it."""
    queued = await desk.unit.outbox.queue_again(
        reporter_id, reason=NO_WAY_LEFT, since=desk.now() - NEWS, due=desk.clock.wall()
    )
    if queued:
        desk.unit.wake("outbox")


async def case_facts(desk: Desk, case: CaseRow) -> dict[str, Any]:
    """What a push about a case may say: number, type, state, unit, next date. Nothing of other people."""
    facts: dict[str, Any] = {
        "tracking_no": case.tracking_no,
        "type": case.type,
        "state": case.state,
        "department": desk.city.unit_name(case.department),
        "phone": _phone(desk, case.department),
        "answer": case.answer or "",
        "outcome": case.outcome or "",
        "planned_on": case.planned_on.isoformat() if case.planned_on else "",
    }
    for clock in await running(desk, case):
        if clock.kind in (ClockKind.ANSWER, ClockKind.REWORK):
            facts["due"] = local(clock.due_at).date().isoformat()
            facts["estimated"] = clock.estimated
        elif clock.kind == ClockKind.RATING:
            facts["rate_by"] = local(clock.due_at).date().isoformat()
    return facts


def _phone(desk: Desk, code: str | None) -> str:
    unit = desk.city.units.get(code or "")
    return unit.phone if unit else ""
