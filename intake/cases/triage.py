"""The dispatcher's commands: accept and dispatch, decline, write down what a recording says."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

from intake import learning
from intake.actor import Actor
from intake.cases.accusing import facts_of, hide, lead_around, widened
from intake.cases.fields import Reason, Text
from intake.cases.moves import Move, move
from intake.cases.opening import dispatch_to, suggestion
from intake.desk import Desk
from intake.errors import AccusedUnit, Invalid
from intake.reporters import kept_words
from intake.routing.around import CaseFacts, shut_out
from intake.routing.match import rank
from storage.stores.cases import CaseRow
from storage.vocab import Action, CaseType, DeclineCode

NOBODY = "无"
_BETWEEN = re.compile(r"[\s,，、;；]+")


def _listed(given: Any) -> Any:
    """Units as a form sends them, in one line: names or codes with commas between, or 无."""
    if not isinstance(given, str):
        return given
    return [word for word in _BETWEEN.split(given) if word and word != NOBODY]


Units = Annotated[list[Annotated[str, Field(max_length=100)]], BeforeValidator(_listed), Field(max_length=20)]


class Dispatch(BaseModel):
    """``department``: code, name or short name. ``accused`` and ``accuses_people`` correct what was read
    from the text about whom the case accuses; left out, that stands."""

    department: str = Field(min_length=1, max_length=100)
    reason: str = Field(default="", max_length=300)
    accused: Units | None = None
    accuses_people: bool | None = None


class Correct(BaseModel):
    """Whom the case accuses, as an officer reads it: ``accused`` are codes, names or short names."""

    accused: Units
    accuses_people: bool = False
    reason: Reason


class Decline(BaseModel):
    code: DeclineCode
    reason: Reason


class Transcribe(BaseModel):
    text: Text


async def check_dispatch(desk: Desk, actor: Actor, case: CaseRow, asked: Dispatch) -> None:
    """Raises :class:`Invalid` for units that are not there, and for a correction by which units would see
    the case that did not, without a reason."""
    fields = {}
    if desk.city.index.resolve(asked.department) is None:
        fields["department"] = "没有这个单位"
    if unknown := _unknown(desk, asked.accused or ()):
        fields["accused"] = unknown
    elif not asked.reason.strip() and _hidden(desk, facts_of(case)) - _hidden(
        desk, _corrected(desk, case, asked)
    ):
        fields["reason"] = "放宽回避的单位要写明理由"
    if fields:
        raise Invalid("填写有误", fields=fields)


async def spare(desk: Desk, actor: Actor, case: CaseRow, asked: Dispatch) -> None:
    """Raises :class:`AccusedUnit` for a unit that the case, as it is corrected, accuses (domain 6)."""
    unit = desk.city.index.resolve(asked.department)
    before, after = facts_of(case), _corrected(desk, case, asked)
    hidden = _hidden(desk, after) if after != before else await desk.unit.cases.hidden_from(case.id)
    if unit is not None and unit.code in hidden:
        raise AccusedUnit("不能派给被反映的单位", department=unit.code)


async def dispatch(desk: Desk, actor: Actor, case: CaseRow, asked: Dispatch) -> CaseRow:
    """Send a case to a unit. What is corrected about whom the case accuses stands in the archive beside
    what was known before."""
    unit = desk.city.index.resolve(asked.department)
    assert unit is not None
    before, after = facts_of(case), _corrected(desk, case, asked)
    if after != before:
        await hide(desk, case, after)
    await learning.dispatched(desk, actor, case, unit.code)
    step = dispatch_to(desk, unit.code, asked.reason or "受理员派单")
    if after != before:
        step = replace(
            step,
            payload=step.payload | correction(desk, before, after),
            changes=step.changes | {"accused": list(after.accused), "accuses_people": after.accuses_people},
        )
    return await move(desk, actor, case, step)


async def check_correct(desk: Desk, actor: Actor, case: CaseRow, asked: Correct) -> None:
    """Raises :class:`Invalid` for units that are not there."""
    if unknown := _unknown(desk, asked.accused):
        raise Invalid("填写有误", fields={"accused": unknown})


async def correct(desk: Desk, actor: Actor, case: CaseRow, asked: Correct) -> CaseRow:
    """Say whom the case accuses; a unit that it accuses loses it at once (domain 6)."""
    before, after = facts_of(case), _corrected(desk, case, asked)
    await hide(desk, case, after)
    step = Move(
        Action.CORRECT_ACCUSED,
        correction(desk, before, after) | {"reason": asked.reason},
        changes={"accused": list(after.accused), "accuses_people": after.accuses_people},
    )
    return await lead_around(desk, await move(desk, actor, case, step))


async def decline(desk: Desk, actor: Actor, case: CaseRow, asked: Decline) -> CaseRow:
    """Refuse a case by one lawful code; the citizen is told why and may appeal once."""
    facts = {"decline_code": asked.code.value, "reason": asked.reason}
    return await move(desk, actor, case, Move(Action.DECLINE, facts, facts=facts))


async def transcribe(desk: Desk, actor: Actor, case: CaseRow, asked: Transcribe) -> CaseRow:
    """Enter what a voice message says: the case gets its words and a routing suggestion made from them.

    Where they accuse the unit that has the case, it is led around it at once.
    """
    shown = await kept_words(desk, case.reporter_id, case.mode, asked.text)
    ranking = rank(asked.text, desk.city.index, case_type=CaseType(case.type))
    facts = widened(case, ranking)
    changes = {
        "transcript": shown,
        "awaits_transcript": False,
        "suggestion": suggestion(desk, ranking),
        "accused": list(facts.accused),
        "accuses_people": facts.accuses_people,
    }
    await hide(desk, case, facts)
    step = Move(Action.TRANSCRIBE, {"text": shown}, changes=changes, facts={"transcript": shown})
    return await lead_around(desk, await move(desk, actor, case, step))


def _unknown(desk: Desk, names: Iterable[str]) -> str:
    """What is wrong with these units; empty where each is there."""
    unknown = [name for name in names if desk.city.index.resolve(name) is None]
    return f"没有这个单位：{'、'.join(unknown)}" if unknown else ""


def _corrected(desk: Desk, case: CaseRow, asked: Dispatch | Correct) -> CaseFacts:
    known = facts_of(case)
    if asked.accused is not None:
        units = [desk.city.index.resolve(name) for name in asked.accused]
        known = replace(known, accused=tuple(dict.fromkeys(unit.code for unit in units if unit)))
    if asked.accuses_people is not None:
        known = replace(known, accuses_people=asked.accuses_people)
    return known


def _hidden(desk: Desk, facts: CaseFacts) -> frozenset[str]:
    return shut_out(facts, desk.city.units)


def correction(desk: Desk, before: CaseFacts, after: CaseFacts) -> dict[str, Any]:
    """Both readings for the archive, and in words for who reads the case."""
    told = [_named(desk, facts) for facts in (before, after)]
    codes = [{"units": list(facts.accused), "people": facts.accuses_people} for facts in (before, after)]
    return {
        "accused_before": codes[0],
        "accused": codes[1],
        "correction": f"原为{told[0]}，改为{told[1]}",
    }


def _named(desk: Desk, facts: CaseFacts) -> str:
    names = "、".join(desk.city.unit_name(code) or code for code in facts.accused) or NOBODY
    return f"“{names}”" + ("（工作人员）" if facts.accuses_people else "")
