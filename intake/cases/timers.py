"""What the passing of time does to a case: an answer that nobody rates closes it, a question that nobody
replies to is waited for no longer (domain 3, 4)."""

from datetime import datetime, time, timedelta

from intake.actor import SYSTEM
from intake.cases.moves import Move, move
from intake.cases.questions import waited_long_enough
from intake.clock import SHANGHAI, local
from intake.desk import Desk
from intake.notices import tell
from storage.stores.clocks import ClockRow
from storage.vocab import Action, CaseState, ClockKind

BATCH = 50
AGAIN = 3  # days after an answer
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)  # a deadline is the last second in time


async def close_unrated(desk: Desk, limit: int = BATCH) -> int:
    """Close answered cases whose seven days for a rating are over; how many clocks were dealt with.

    The citizens are told. The rows stay locked until the unit ends, so two workers share the work.
    """
    clocks = await desk.unit.clocks.due(ClockKind.RATING.value, desk.now() - SECOND, limit)
    for clock in clocks:
        await _run_out(desk, clock)
    return len(clocks)


async def invite_again(desk: Desk) -> int:
    """Ask once more for a rating, three days after the answer, and then no more; how many were asked."""
    today = datetime.combine(local(desk.now()).date(), time.min, SHANGHAI)
    until = today - (AGAIN - 1) * DAY
    asked = 0
    for clock in await desk.unit.clocks.started_between(ClockKind.RATING.value, until - 2 * DAY, until):
        case = await desk.unit.cases.get(clock.case_id)
        if case is not None and case.state == CaseState.ANSWERED and case.rating is None:
            await tell(desk, case, "rate_again", {}, key=f"{case.id}:{clock.id}:rate_again")
            asked += 1
    return asked


async def end_pauses(desk: Desk, limit: int = BATCH) -> int:
    """Let the clocks of cases run on whose reporter did not reply in time; how many there were."""
    clocks = await desk.unit.clocks.due(ClockKind.PAUSE.value, desk.now() - SECOND, limit)
    for clock in clocks:
        case = await desk.unit.cases.get(clock.case_id)
        if case is not None:
            await waited_long_enough(desk, case)
        await desk.unit.clocks.end(clock.case_id, clock.kind, at=desk.now())
    return len(clocks)


async def _run_out(desk: Desk, clock: ClockRow) -> None:
    case = await desk.unit.cases.get(clock.case_id)
    if case is None or case.state != CaseState.ANSWERED:
        await desk.unit.clocks.end(clock.case_id, clock.kind, at=desk.now())
        return
    step = Move(
        Action.CLOSE, {"reason": "评价期满", "due_at": clock.due_at.isoformat()}, {"closed_at": desk.now()}
    )
    await move(desk, SYSTEM, case, step)
