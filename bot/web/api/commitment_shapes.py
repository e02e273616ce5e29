"""What the API answers about commitments; what it takes are the forms of ``intake.commitments``."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from bot.web.api.shapes import Clock, Event, Told, UnitName
from storage.vocab import (
    BrokenReason,
    Category,
    CommitmentAction,
    CommitmentState,
    MilestoneState,
    Step,
    StepState,
)


class Complaints(Told):
    """Linked complaints that were neither withdrawn nor declined; ``founded`` had something put right.

    Without a token the numbers are null and ``few`` is true while there are only one or two. Only roles that
    see every case are told of those that go around a unit.
    """

    total: int | None
    open: int | None
    founded: int | None
    few: bool


class CommitmentLine(Told):
    """A commitment as a list has it. ``overdue`` is computed; ``changed``: there is more than one version."""

    code: str
    title: str
    text: str
    target: str
    category: Category
    department: UnitName
    co_departments: list[UnitName]
    decision_owner: str
    execution_owner: str
    coordination_owner: str
    supervision_owner: str
    source_document: str
    source_number: str
    phone: str
    email: str
    made_on: str | None
    due_on: str | None
    state: CommitmentState
    progress: int = Field(description="percent")
    progress_text: str
    broken_reason: BrokenReason | None
    overdue: bool
    changed: bool
    public: bool
    historical: bool
    complaints: Complaints
    revision: int = Field(description="number of the text in force")
    version: int


class Commitments(Told):
    """A page; ``count`` is of all pages together."""

    items: list[CommitmentLine]
    next_cursor: str | None = None
    count: int


class RecordedStep(Told):
    n: int
    step: Step
    name: str
    state: StepState | Literal["open"]
    done_on: str | None
    outcome: str
    document: str
    reason: str
    decided_by: str


class EarlierSteps(Told):
    round: int
    steps: list[RecordedStep]


class Milestone(Told):
    n: int
    due_on: str
    title: str
    state: MilestoneState
    evidence: str
    overdue: bool


class TextVersion(Told):
    """``pending``: approved, and going through the procedure. ``consultation`` to staff only."""

    n: int
    text: str
    target: str
    due_on: str | None
    reason: str
    approved_at: str | None
    valid_from: str | None
    in_force: bool
    pending: bool


class Document(Told):
    """``of``: ``source``, or the step."""

    of: str
    name: str


class Paper(Told):
    """A document to be had at ``/commitments/{code}/documents/{id}``.

    ``of``: ``source``, the step, ``milestone`` or ``progress``; ``n``: the round, the milestone's number, the
    event; ``size`` in bytes.
    """

    id: str
    of: str
    n: int | None
    name: str
    content_type: str
    size: int


class Happened(Told):
    at: str
    seq: int
    action: CommitmentAction
    n: int | None = Field(description="number of the milestone")
    title: str | None = Field(description="of the milestone")
    percent: int | None
    text: str | None
    reason: str | None
    broken_reason: BrokenReason | None


class PollCounts(Told):
    agree: int
    against: int
    opinion: int


class PollAnswer(Told):
    """What the office makes of an opinion; the opinion itself is not told."""

    adopted: bool
    why: str


class Poll(Told):
    """The newest poll. ``counts`` when it is closed, to staff always."""

    question: str
    opened_on: str
    closes_on: str = Field(description="the last day on which people vote")
    closed_on: str | None
    open: bool
    counts: PollCounts | None
    result: str
    answers: list[PollAnswer]


class CitizensOpinion(Told):
    """To the dispatcher, the unit, supervisor and auditor. ``adopted`` null: not answered yet."""

    id: int
    at: str
    text: str
    adopted: bool | None
    why: str
    answered_by: str | None


class Commitment(CommitmentLine):
    """What everybody may read."""

    followers: int
    poll: Poll | None

    steps: list[RecordedStep]
    earlier_steps: list[EarlierSteps] = Field(description="of the texts before")
    milestones: list[Milestone]
    versions: list[TextVersion]
    documents: list[Document]
    files: list[Paper]
    timeline: list[Happened]


class CommitmentClock(Clock):
    estimated: bool = False
    explanation: str = ""
    milestone: int | None


class Evidence(Told):
    """An attachment of a case that this token may see: ``GET /files/{id}``."""

    id: str
    kind: str
    tracking_no: str


class WholeCommitment(Commitment):
    """What staff read; ``allowed`` is what this token may do now."""

    evidence: list[Evidence]

    allowed: list[CommitmentAction]
    claimed_at: str | None
    proposal: dict[str, Any] | None
    opinions: list[CitizensOpinion]
    clocks: list[CommitmentClock]
    events: list[Event]


class StepRecord(BaseModel):
    """The body of a step's record; see ``record_step``."""

    version: int
    state: StepState = StepState.DONE
    done_on: str | None = None
    outcome: str = ""
    document: str = ""
    reason: str = ""
    decided_by: str = ""
    attachments: list[str] = Field(default_factory=list, max_length=20)
