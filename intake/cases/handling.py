"""The unit's commands: sign, answer, approve, send back, close, reopen, note."""

from datetime import date

from pydantic import BaseModel, Field, model_validator

from intake.actor import Actor
from intake.cases.claims import Treated, check_treated, with_answers
from intake.cases.dues import Start, started
from intake.cases.fields import Reason, Text
from intake.cases.helping import contributed
from intake.cases.moves import AFRESH, Move, move, rules_of
from intake.cases.questions import settled
from intake.clock import local
from intake.deadlines.clocks import on
from intake.desk import Desk
from intake.errors import Invalid
from storage.stores.cases import CaseRow
from storage.vocab import Action, CaseState, ClockKind, Outcome, Role


class Bare(BaseModel):
    """An action that needs the version alone."""


class Because(BaseModel):
    reason: Reason


class Note(BaseModel):
    text: Text


class Answer(BaseModel):
    """An answer with exactly one outcome; ``planned`` names a date."""

    text: Text
    outcome: Outcome
    planned_on: date | None = None
    attachments: list[str] = Field(default_factory=list, max_length=20)
    claims: list[Treated] = Field(default_factory=list, max_length=20)

    @model_validator(mode="after")
    def _planned_has_a_date(self) -> "Answer":
        if (self.outcome is Outcome.PLANNED) != (self.planned_on is not None):
            raise ValueError("planned_on: 列入计划要写日期，其他结果不写")
        return self


async def sign(desk: Desk, actor: Actor, case: CaseRow, asked: Bare) -> CaseRow:
    return await move(desk, actor, case, Move(Action.SIGN, {}))


async def check_answer(desk: Desk, actor: Actor, case: CaseRow, asked: Answer) -> None:
    """Raises :class:`Invalid` for a planned date that has passed, for files that are not the actor's, and
    where a claim is not treated."""
    check_treated(case, asked.claims)
    fields = {}
    if asked.planned_on is not None and asked.planned_on < local(desk.now()).date():
        fields["planned_on"] = "计划日期已经过去"
    if await desk.unit.files.loose(asked.attachments, uploaded_by=actor.name) != len(set(asked.attachments)):
        fields["attachments"] = "有附件不存在或已用在别处"
    if fields:
        raise Invalid("填写有误", fields=fields)


async def answer(desk: Desk, actor: Actor, case: CaseRow, asked: Answer) -> CaseRow:
    """Hand an answer to the head; a question to the reporter is not waited for any more."""
    if asked.attachments:
        await _attach(desk, actor, case, asked.attachments)
    changes = {
        "answer": asked.text,
        "outcome": asked.outcome.value,
        "planned_on": asked.planned_on,
        "claims": with_answers(case, asked.claims),
    }
    case = await move(desk, actor, case, Move(Action.ANSWER, asked.model_dump(mode="json"), changes=changes))
    return await settled(desk, actor, case)


async def approve(desk: Desk, actor: Actor, case: CaseRow, asked: Bare) -> CaseRow:
    """Send the answer to the reporter; a planned one starts the clock of the day it names, which runs on when
    the case is closed, until another answer is approved."""
    step = Move(
        Action.APPROVE,
        {"answer": case.answer, "outcome": case.outcome, "planned_on": _iso(case.planned_on)},
        changes={"answered_at": desk.now()} | AFRESH,
    )
    case = await move(desk, actor, case, step)
    if case.planned_on is not None:
        rules = await rules_of(desk, case)
        start = Start(ClockKind.MILESTONE, desk.now(), on(case.planned_on), case.department)
        await desk.unit.clocks.start([started(desk, case, rules, start)])
    return case


async def send_back(desk: Desk, actor: Actor, case: CaseRow, asked: Because) -> CaseRow:
    return await move(desk, actor, case, Move(Action.SEND_BACK, {"reason": asked.reason}))


async def close(desk: Desk, actor: Actor, case: CaseRow, asked: Bare) -> CaseRow:
    """Close an answered case: the system after a rating of 3–5 or seven days; the dispatcher after a
    recorded follow-up, without which ``intake.cases.actions`` does not offer it (domain 3)."""
    return await move(desk, actor, case, Move(Action.CLOSE, {}, changes={"closed_at": desk.now()}))


async def reopen(desk: Desk, actor: Actor, case: CaseRow, asked: Because) -> CaseRow:
    """The dispatcher's reopening; the citizen's own stands in ``intake.cases.reporter``."""
    step = Move(
        Action.REOPEN,
        {"reason": asked.reason},
        changes={"closed_at": None, "rating": None},
        facts={"reason": asked.reason},
    )
    return await move(desk, actor, case, step)


async def note(desk: Desk, actor: Actor, case: CaseRow, asked: Note) -> CaseRow:
    """An internal remark: the citizen does not see it."""
    await contributed(desk, actor, case)
    return await move(desk, actor, case, Move(Action.NOTE, {"text": asked.text}))


def may_close(actor: Actor, case: CaseRow) -> bool:
    """Whether a dispatcher may close: after a rating or a follow-up that is on record."""
    if actor.role is not Role.DISPATCHER or case.state != CaseState.ANSWERED or case.rating is not None:
        return True
    return case.followed_up_at is not None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


async def _attach(desk: Desk, actor: Actor, case: CaseRow, file_ids: list[str]) -> None:
    taken = await desk.unit.files.attach(file_ids, case_id=case.id, owner={"uploaded_by": actor.name})
    if taken != len(set(file_ids)):
        raise Invalid("有附件不存在", fields={"attachments": "有附件不存在或已用在别处"})
