"""协办: another unit reads a case and contributes; state and clock stay where they are (domain 3)."""

from datetime import date

from pydantic import BaseModel, Field

from intake.actor import OF_ONE_UNIT, Actor
from intake.cases import asking
from intake.cases.dues import Start, started
from intake.cases.fields import Text
from intake.cases.moves import Move, move, rules_of
from intake.clock import local
from intake.deadlines.clocks import on
from intake.desk import Desk
from intake.errors import AccusedUnit, Invalid
from storage.stores.cases import CaseRow
from storage.vocab import Action, ClockKind, RequestKind


class AskUnit(BaseModel):
    """``department``: code, name or short name of the unit that is to help, by ``due_on``."""

    department: str = Field(min_length=1, max_length=100)
    text: Text
    due_on: date


async def check_ask(desk: Desk, actor: Actor, case: CaseRow, asked: AskUnit) -> None:
    """Raises :class:`Invalid` for a unit that is not there or has the case, and for a day that has passed."""
    fields = {}
    unit = desk.city.index.resolve(asked.department)
    if unit is None or unit.code == case.department:
        fields["department"] = "没有这个单位" if unit is None else "这件事就在这个单位，请写另一个单位"
    if asked.due_on < local(desk.now()).date():
        fields["due_on"] = "这一天已经过去"
    if fields:
        raise Invalid("填写有误", fields=fields)


async def spare(desk: Desk, actor: Actor, case: CaseRow, asked: AskUnit) -> None:
    """Raises :class:`AccusedUnit` for a unit that the case accuses (domain 6)."""
    unit = desk.city.index.resolve(asked.department)
    if unit is not None and unit.code in await desk.unit.cases.hidden_from(case.id):
        raise AccusedUnit("不能请被反映的单位协办", department=unit.code)


async def ask_unit(desk: Desk, actor: Actor, case: CaseRow, asked: AskUnit) -> CaseRow:
    """Ask another unit to contribute by a day."""
    unit = desk.city.index.resolve(asked.department)
    assert unit is not None
    values = {"reason": asked.text, "basis": asked.due_on.isoformat(), "proposed_department": unit.code}
    await asking.ask(desk, actor, case, RequestKind.HELP, values)
    start = Start(ClockKind.COLLABORATION, desk.now(), on(asked.due_on), unit.code)
    await desk.unit.clocks.start([started(desk, case, await rules_of(desk, case), start)])
    payload = {"name": unit.name, "text": asked.text, "due_on": asked.due_on.isoformat()}
    return await move(desk, actor, case, Move(Action.ASK_UNIT, payload))


async def helps(desk: Desk, actor: Actor, case: CaseRow) -> bool:
    """Whether the actor's unit was asked to help with a case that another one has."""
    requests = await desk.unit.requests.of_case(case.id)
    asked = {row.proposed_department for row in requests if row.kind == RequestKind.HELP}
    return actor.department in asked


async def contributed(desk: Desk, actor: Actor, case: CaseRow) -> None:
    """A note of a unit that was asked is its contribution: nothing more is waited for from it."""
    if not has_it(actor, case) and actor.department is not None:
        kind = ClockKind.COLLABORATION.value
        await desk.unit.clocks.end(case.id, kind, at=desk.now(), department=actor.department)


def has_it(actor: Actor, case: CaseRow) -> bool:
    """Whether the actor belongs to no other unit than the one that has the case."""
    return actor.role not in OF_ONE_UNIT or actor.department == case.department
