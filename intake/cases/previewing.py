"""What a step would tell the reporter, before it is taken: the facts that its push will have."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from intake.cases.informing import AnswerNow, worded
from intake.cases.moves import rules_of
from intake.clock import local
from intake.deadlines.clocks import deadline
from intake.desk import Desk
from intake.notices import case_facts
from storage.stores.cases import CaseRow
from storage.vocab import Action, CaseState, CaseType, ClockKind, Outcome

NOTICES: Mapping[Action, str] = {
    Action.ANSWER: "answered",
    Action.ANSWER_NOW: "answered",
    Action.ASK_CITIZEN: "question",
    Action.DECLINE: "declined",
    Action.TRANSCRIBE: "transcribed",
}
"""Steps whose words the reporter reads, and the notice that brings them."""


async def told(desk: Desk, case: CaseRow, action: Action, asked: BaseModel) -> dict[str, Any]:
    """The facts of the notice; raises :class:`Invalid` for a source that is not there."""
    given = asked.model_dump(mode="json", exclude_none=True)
    facts = await case_facts(desk, case)
    if action is Action.TRANSCRIBE:
        return facts | {"transcript": given["text"]}
    if action is Action.DECLINE:
        return facts | {"decline_code": given["code"], "reason": given["reason"]}
    if action is Action.ASK_CITIZEN:
        return facts | given
    return facts | await _answered(desk, case, await _answer(desk, case, asked, given))


async def to_be_sent(desk: Desk, case: CaseRow) -> dict[str, Any]:
    """The facts of the answer that waits for its head's word."""
    return await case_facts(desk, case) | await _answered(desk, case, {})


async def _answer(desk: Desk, case: CaseRow, asked: BaseModel, given: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(asked, AnswerNow):
        return {"planned_on": ""} | given | {"answer": given["text"]}
    text, source = await worded(desk, asked)
    unit = desk.city.unit_name(source.department)
    return {"answer": text, "outcome": Outcome.EXPLAINED.value, "department": unit}


async def _answered(desk: Desk, case: CaseRow, answer: dict[str, Any]) -> dict[str, Any]:
    """With the day until which to rate it, were it sent now."""
    rules = await rules_of(desk, case)
    rating = deadline(
        ClockKind.RATING,
        desk.now(),
        rules,
        desk.city.workdays,
        case_type=CaseType(case.type),
        urgent=case.urgent,
    )
    rate_by = local(rating.due_at).date().isoformat()
    return {**answer, "state": CaseState.ANSWERED.value, "rate_by": rate_by}
