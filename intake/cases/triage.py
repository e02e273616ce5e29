"""The dispatcher's commands: accept and dispatch, decline, write down what a recording says."""

from pydantic import BaseModel, Field

from intake.actor import Actor
from intake.cases.fields import Reason, Text
from intake.cases.moves import Move, move
from intake.cases.opening import dispatch_to, suggestion
from intake.desk import Desk
from intake.errors import AccusedUnit, Invalid
from intake.masking import masked
from intake.routing.around import hidden_units
from intake.routing.match import rank
from storage.stores.cases import CaseRow
from storage.vocab import Action, CaseType, DeclineCode, Mode


class Dispatch(BaseModel):
    """``department``: code, name or short name."""

    department: str = Field(min_length=1, max_length=100)
    reason: str = Field(default="", max_length=300)


class Decline(BaseModel):
    code: DeclineCode
    reason: Reason


class Transcribe(BaseModel):
    text: Text


async def dispatch(desk: Desk, actor: Actor, case: CaseRow, asked: Dispatch) -> CaseRow:
    """Send a case to a unit; raises :class:`Invalid` (unknown unit) or :class:`AccusedUnit` (domain 6)."""
    unit = desk.city.index.resolve(asked.department)
    if unit is None:
        raise Invalid("没有这个单位", fields={"department": "没有这个单位"})
    if unit.code in await desk.unit.cases.hidden_from(case.id):
        raise AccusedUnit("不能派给被反映的单位", department=unit.code)
    return await move(desk, actor, case, dispatch_to(desk, unit.code, asked.reason or "受理员派单"))


async def decline(desk: Desk, actor: Actor, case: CaseRow, asked: Decline) -> CaseRow:
    """Refuse a case by one lawful code; the citizen is told why and may appeal once."""
    facts = {"decline_code": asked.code.value, "reason": asked.reason}
    return await move(desk, actor, case, Move(Action.DECLINE, facts, facts=facts))


async def transcribe(desk: Desk, actor: Actor, case: CaseRow, asked: Transcribe) -> CaseRow:
    """Enter what a voice message says: the case gets its words and a routing suggestion made from them."""
    shown = asked.text if case.mode == Mode.NAMED else masked(asked.text)
    ranking = rank(asked.text, desk.city.index, case_type=CaseType(case.type))
    changes = {
        "transcript": shown,
        "awaits_transcript": False,
        "suggestion": suggestion(desk, ranking),
        "accused": list(ranking.accused),
        "accuses_people": ranking.accuses_people,
    }
    hidden = hidden_units(ranking, case_type=CaseType(case.type), mode=Mode(case.mode), units=desk.city.units)
    await desk.unit.cases.hide_from(case.id, sorted(hidden))
    step = Move(Action.TRANSCRIBE, {"text": shown}, changes=changes, facts={"transcript": shown})
    return await move(desk, actor, case, step)
