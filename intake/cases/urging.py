"""Urging (催办): a reporter may press once per working day; the events of the case tell (domain 3)."""

from datetime import date

from intake.actor import Actor
from intake.cases.moves import Move, move
from intake.clock import local
from intake.deadlines.workdays import DAY, Workdays
from intake.desk import Desk
from intake.errors import OnceOnly
from storage.stores.cases import CaseRow
from storage.vocab import Action


async def urge(desk: Desk, actor: Actor, case: CaseRow) -> CaseRow:
    """Write down that the reporter presses.

    Raises :class:`OnceOnly` for a second time on the same working day (days off count to the working day
    before them) and :class:`StateRefuses` from ``answered`` on.
    """
    since = _working_day(local(desk.now()).date(), desk.city.workdays)
    for event in await desk.unit.events.of("case", case.id):
        if event.action == Action.URGE and local(event.at).date() >= since:
            raise OnceOnly("一个工作日只能催一次")
    return await move(desk, actor, case, Move(Action.URGE, {}, quiet=True))


def _working_day(day: date, workdays: Workdays) -> date:
    """The day itself, or the last working day before it."""
    while not workdays.is_workday(day):
        day -= DAY
    return day
