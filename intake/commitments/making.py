"""Making a commitment: writing it down, its ten recorded steps, its publication (seed 二(二); domain 2)."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints

from intake.actor import OF_ONE_UNIT, Actor
from intake.cases.fields import Text
from intake.cases.handling import Bare
from intake.cases.triage import Units
from intake.commitments import polls
from intake.commitments.documents import Papers, faults_of, hang
from intake.commitments.moves import Move, born, move
from intake.commitments.polls import OpenPoll
from intake.commitments.states import CHANGE, DECIDING, END, MAKERS
from intake.desk import Desk
from intake.errors import Invalid, WrongRole
from storage.stores.registry import CommitmentRow
from storage.vocab import Category, CommitmentAction, CommitmentState, Step, StepState

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5000)]
Contact = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)]
PREFIX = "CN"
OWNERS = ("decision_owner", "execution_owner", "coordination_owner", "supervision_owner")


class Described(BaseModel):
    """What a commitment says. Units are codes, names or short names; the owners are those of the four duties
    (决策, 执行, 协调, 监督)."""

    title: Title
    text: Text
    target: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""
    category: Category
    department: Line = ""
    co_departments: Units = []
    decision_owner: Line = ""
    execution_owner: Line = ""
    coordination_owner: Line = ""
    supervision_owner: Line = ""
    source_document: Line = ""
    source_number: Contact = ""
    made_on: date | None = None
    due_on: date | None = None
    public: bool = True
    phone: Contact = ""
    email: Contact = ""


class NewCommitment(Described):
    """``code`` is given by the office where it is left out."""

    code: Annotated[str, Field(pattern=r"^\w[\w.()〔〕-]{0,63}$")] | None = None


class RecordStep(BaseModel):
    """A step ``done`` has a date, an outcome and a document; one that is ``not_applicable`` a reason and who
    decided so."""

    step: Step
    state: StepState = StepState.DONE
    done_on: date | None = None
    outcome: Words = ""
    document: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""
    reason: Words = ""
    decided_by: Line = ""
    attachments: Papers = []


async def create(
    desk: Desk, actor: Actor, asked: NewCommitment, *, historical: bool = False
) -> CommitmentRow:
    """Write a commitment down as a draft; one that was made before (历史承诺) is in force at once.

    Raises :class:`WrongRole`, :class:`Invalid`.
    """
    if actor.role not in MAKERS:
        raise WrongRole("您的岗位不能做这一步")
    values = described(desk, actor, asked)
    code = asked.code or await _new_code(desk)
    if await desk.unit.commitments.get(code) is not None:
        raise Invalid("填写有误", fields={"code": "这个编号已经用过"})
    values["historical"] = historical
    state = CommitmentState.ACTIVE if historical else CommitmentState.DRAFT
    return await born(desk, actor, {"code": code, **values}, _payload(values), state)


async def check_revision(desk: Desk, actor: Actor, row: CommitmentRow, asked: Described) -> None:
    """Raises :class:`Invalid` for what the form alone cannot know."""
    described(desk, actor, asked, standing=row.department)


async def revise(desk: Desk, actor: Actor, row: CommitmentRow, asked: Described) -> CommitmentRow:
    """Write a commitment anew that is not disclosed yet, as the opinions on it ask for."""
    values = described(desk, actor, asked, standing=row.department)
    return await move(desk, actor, row, Move(CommitmentAction.REVISE, _payload(values), values))


async def submit(desk: Desk, actor: Actor, row: CommitmentRow, asked: Bare) -> CommitmentRow:
    return await move(desk, actor, row, Move(CommitmentAction.SUBMIT, {}))


async def check_poll(desk: Desk, actor: Actor, row: CommitmentRow, asked: OpenPoll) -> None:
    """Raises :class:`Invalid` for a last day that cannot be."""
    polls.check_days(desk, asked)


async def predisclose(desk: Desk, actor: Actor, row: CommitmentRow, asked: OpenPoll) -> CommitmentRow:
    """Everybody may read it now, vote and say what they think; the first eight steps are recorded."""
    return await _polled(desk, actor, row, asked, CommitmentAction.PREDISCLOSE)


async def open_poll(desk: Desk, actor: Actor, row: CommitmentRow, asked: OpenPoll) -> CommitmentRow:
    """Ask people about an approved change or end, too."""
    return await _polled(desk, actor, row, asked, CommitmentAction.OPEN_POLL)


async def check_step(desk: Desk, actor: Actor, row: CommitmentRow, asked: RecordStep) -> None:
    """Raises :class:`Invalid` for a record that lacks what its kind needs."""
    if asked.state is StepState.DONE:
        fields = {name: "要填写" for name in ("done_on", "outcome", "document") if not getattr(asked, name)}
        if asked.done_on and asked.done_on > desk.clock.today():
            fields["done_on"] = "不能晚于今天"
    else:
        fields = {name: "要填写" for name in ("reason", "decided_by") if not getattr(asked, name)}
        if asked.step not in DECIDING:
            fields["state"] = "这一步必须做，不能写不适用"
    if fields := fields | await faults_of(desk, actor, asked.attachments):
        raise Invalid("填写有误", fields=fields)
    if asked.step is Step.POLL:
        polls.check_over(desk, await polls.of_round(desk, row))


async def record_step(desk: Desk, actor: Actor, row: CommitmentRow, asked: RecordStep) -> CommitmentRow:
    """Record one step of the procedure as it goes now; a later record of it takes the place of an earlier.
    A poll whose last day nobody named is over with its record."""
    if asked.step is Step.POLL:
        await polls.close_of_round(desk, row)
    said = {"done_on", "outcome", "document"} if asked.state is StepState.DONE else {"reason", "decided_by"}
    record = asked.model_dump(mode="json", include={"step", "state", *said})
    record |= {"attachments": asked.attachments} if asked.attachments else {}
    await hang(desk, actor, row, asked.attachments, (asked.step.value, row.round))
    moved = await move(desk, actor, row, Move(CommitmentAction.RECORD_STEP, {**record, "round": row.round}))
    empty = {"done_on": None, "outcome": "", "document": "", "reason": "", "decided_by": ""}
    values = empty | asked.model_dump(include=said) | {"step": asked.step.value, "state": asked.state.value}
    stamps = {"round": row.round, "recorded_by": actor.name, "recorded_at": desk.now()}
    await desk.unit.commitments.put_step({"commitment": row.code, **values, **stamps})
    return moved


async def publish(desk: Desk, actor: Actor, row: CommitmentRow, asked: Bare) -> CommitmentRow:
    """Bring a commitment into force, or its approved change; all ten steps are recorded."""
    today = desk.clock.today()
    change = row.proposal if (row.proposal or {}).get("kind") == CHANGE else None
    if change is None:
        changes: dict[str, Any] = {"made_on": row.made_on or today}
    else:
        due_on = date.fromisoformat(change["due_on"]) if change["due_on"] else None
        changes = {"text": change["text"], "target": change["target"], "due_on": due_on}
        changes |= {"proposal": None, "revision": row.revision + 1}
    moved = await move(desk, actor, row, Move(CommitmentAction.PUBLISH, {"revision": row.revision}, changes))
    said = {name: getattr(moved, name) for name in ("text", "target", "due_on")}
    why = {name: (change or {}).get(name, "") for name in ("reason", "consultation")}
    await desk.unit.commitments.put_version(
        {"commitment": row.code, "n": moved.revision, **said, **why, "valid_from": today}
    )
    return moved


async def end(desk: Desk, actor: Actor, row: CommitmentRow, asked: Bare) -> CommitmentRow:
    """End a commitment whose end was approved and went through the procedure."""
    why = {"reason": (row.proposal or {}).get("reason", "")}
    assert (row.proposal or {}).get("kind") == END
    return await move(desk, actor, row, Move(CommitmentAction.END, why))


async def _polled(
    desk: Desk, actor: Actor, row: CommitmentRow, asked: OpenPoll, action: CommitmentAction
) -> CommitmentRow:
    moved = await move(desk, actor, row, Move(action, asked.model_dump(mode="json")))
    await polls.begin(desk, moved, asked)
    return moved


def described(desk: Desk, actor: Actor, asked: Described, *, standing: str = "") -> dict[str, Any]:
    """The columns that a description comes to; ``standing`` is the unit that has the commitment.

    Raises :class:`Invalid` for units that are not there, another's unit, and dates out of order.
    """
    own = actor.department if actor.role in OF_ONE_UNIT else None
    unit = desk.city.index.resolve(asked.department) if asked.department else None
    code = unit.code if unit else "" if asked.department else standing or own or ""
    fields = {} if code else {"department": "没有这个单位" if asked.department else "要填写"}
    if own and code and code != own:
        fields["department"] = "只能写本单位的承诺"
    others = {name: desk.city.index.resolve(name) for name in asked.co_departments}
    if unknown := [name for name, found in others.items() if found is None]:
        fields["co_departments"] = f"没有这个单位：{'、'.join(unknown)}"
    if asked.made_on and asked.due_on and asked.due_on < asked.made_on:
        fields["due_on"] = "到期日期早于承诺日期"
    if fields:
        raise Invalid("填写有误", fields=fields)
    codes = sorted({found.code for found in others.values() if found} - {code})
    values = asked.model_dump(exclude={"code"}) | {"department": code, "co_departments": codes}
    return values | {"category": asked.category.value}


def _payload(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


async def _new_code(desk: Desk) -> str:
    """``CN2026-0001``: the next number of the year that no file has used."""
    year = desk.clock.today().year
    while True:
        serial = await desk.unit.cases.next_serial(PREFIX, date(year, 1, 1))
        code = f"{PREFIX}{year}-{serial:04d}"
        if await desk.unit.commitments.get(code) is None:
            return code
