"""What the API takes and answers, as types: the doors use them and ``openapi.json`` is made from them."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bot.http.registering import Words
from storage.vocab import (
    Action,
    CaseState,
    CaseType,
    Channel,
    ClockKind,
    ClockState,
    CommitmentAction,
    CommitmentState,
    GuideState,
    Mode,
    Reach,
    Role,
    Step,
)


class Asked(BaseModel):
    """A body or query: what it does not know is refused."""

    model_config = ConfigDict(extra="forbid")


class Told(BaseModel):
    """An answer: these fields at least."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)


class Problem(BaseModel):
    """RFC 9457. ``code`` is stable; ``version``, ``state``, ``allowed``, ``fields`` come where they help;
    ``steps`` are those that keep a commitment from going on."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    fields: dict[str, str] | None = None
    version: int | None = None
    state: CaseState | CommitmentState | GuideState | None = None
    allowed: list[Action | CommitmentAction] | None = None
    steps: list[Step] | None = None


class Text(Asked):
    text: Words


class Candidate(Told):
    code: str
    name: str
    sector: str
    score: float
    reason: str


class Breach(Told):
    code: str
    score: float


class Entity(Told):
    """``start`` and ``end`` count characters of the text that came."""

    text: str
    start: int
    end: int
    value: str | float


class NamedUnit(Entity):
    """``value`` is the full name; ``code`` is null for a unit elsewhere, or where several may be meant."""

    code: str | None


class Entities(Told):
    department: list[NamedUnit] = []
    tracking_no: list[Entity] = []
    phone: list[Entity] = []
    due_date: list[Entity] = []
    amount_yuan: list[Entity] = []
    place: list[Entity] = []


class SpokenOf(Told):
    """A registered public commitment that the text may speak of."""

    code: str
    title: str
    score: float


class Understood(Told):
    intent: str
    confidence: float
    source: Literal["rasa", "rules"]
    about_commitment: float
    breach: list[Breach]
    departments: list[Candidate]
    commitments: list[SpokenOf]
    entities: Entities


class CaseCommitment(Told):
    """What a case is about; ``confirmed_by`` is ``citizen`` where only the reporter has said so."""

    code: str
    title: str
    confirmed_by: str


class CommitmentSuggestion(SpokenOf):
    """``denied``: the reporter said that it is not this one."""

    denied: bool


class UnitName(Told):
    code: str
    name: str


class CaseLine(Told):
    """A case as one line of a list; ``due_at`` is its answer's deadline while that runs, ``days_left`` the
    working days until then."""

    tracking_no: str
    type: CaseType
    state: CaseState
    channel: Channel
    department: UnitName | None
    assignee: str | None
    urgent: bool
    created_at: str
    updated_at: str
    due_at: str | None = None
    estimated: bool = False
    days_left: int | None = None
    version: int


class WatchedCase(Told):
    """A case under a heading, with the clock that put it there, or its next to run out; null without one."""

    tracking_no: str
    type: CaseType
    state: CaseState
    department: UnitName | None
    clock: str | None
    due_at: str | None
    estimated: bool
    urgent: bool


class WatchedCounts(Told):
    """How many cases each heading has, also those beyond the list."""

    due_today: int
    due_in_three_days: int
    overdue: int
    unsigned: int
    returned_more_than_once: int
    dissatisfied: int
    unreachable: int


class Supervision(Told):
    """At most 200 cases a heading; days are those of Asia/Shanghai. Today's are not in the three days."""

    due_today: list[WatchedCase]
    due_in_three_days: list[WatchedCase]
    overdue: list[WatchedCase]
    unsigned: list[WatchedCase]
    returned_more_than_once: list[WatchedCase]
    dissatisfied: list[WatchedCase]
    unreachable: list[WatchedCase]
    counts: WatchedCounts


class Clock(Told):
    """``due_at`` is the last moment in time, Asia/Shanghai."""

    kind: str
    due_at: str
    state: ClockState
    estimated: bool
    explanation: str


class Event(Told):
    seq: int
    at: str
    actor: str
    action: str
    from_: str | None = Field(alias="from")
    to: str | None
    reason: str | None = None
    hash: str
    previous: str


class Case(CaseLine):
    """A whole case, without anything of who reported it."""

    text: str
    mode: Mode
    about_commitment: float
    breach: list[Breach]
    commitment: CaseCommitment | None
    commitment_suggestions: list[CommitmentSuggestion] = Field(description="for who may link it")
    outcome: str | None
    planned_on: str | None
    claims: list[dict[str, Any]]
    attachments: list[dict[str, Any]]
    returns: list[dict[str, Any]]
    extensions: list[dict[str, Any]]
    questions: list[dict[str, Any]]
    helpers: list[dict[str, Any]]
    rating: int | None
    supervised: bool
    supervisions: list[dict[str, Any]] = Field(description="督办: demand, due_on, at, by; oldest first")
    no_contact: bool
    merged_into: str | None
    merged: list[str]
    similar: list[dict[str, Any]] = Field(description="for dispatchers: what may be the same matter")
    clocks: list[Clock]
    events: list[Event]
    allowed: list[Action]


class FiledCase(Case):
    """``query_code`` is shown this once; null where the case stood already."""

    query_code: str | None


class CasePage(Told):
    items: list[CaseLine]
    next_cursor: str | None


class IdentityReason(Asked):
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class Identity(Told):
    """Null where nothing was given."""

    name: str | None
    phone: str | None


class FileId(BaseModel):
    """Exactly these: a file's place in the store is nobody's business."""

    id: str
    kind: str
    content_type: str
    size: int


class LeftFile(Told):
    """Its bytes: ``GET /files/{id}``."""

    id: str
    kind: str


class Message(Told):
    id: int
    text: str
    attachments: list[LeftFile]
    created_at: str
    reply: str | None
    replied_at: str | None
    replied_by: str | None


class Messages(Told):
    items: list[Message]


class CalendarDay(Told):
    """``recounted``, ``moved``, ``pending`` come with a change: clocks looked at, clocks with another date,
    and whether the workers still count."""

    date: str
    working: bool
    estimated: bool
    source: Literal["override", "published", "weekday"]
    reason: str | None
    set_by: str | None
    set_at: str | None


class Recipient(Told):
    """``login`` null: nobody holds the post."""

    login: str | None
    role: Role
    department: str | None


class Reminder(Told):
    """One rung to one person by one channel. ``stands_for``: the login of who is away and has the recipient
    for a substitute. ``delivered`` null: not known yet. Of a commitment
    ``tracking_no`` is its code."""

    commitment: str | None
    tracking_no: str
    clock: ClockKind
    rung: str
    due_at: str
    estimated: bool
    recipient: Recipient
    channel: Reach | None
    stands_for: str | None
    at: str
    delivered: bool | None


class ReminderPage(Told):
    items: list[Reminder]
    next_cursor: str | None


class Department(Told):
    code: str
    name: str
    short_names: list[str]
    kind: str
    sector: str
    level: str
    parent: str | None
    place: str | None
    phone: str
    email: str
    supervision_phone: str
    supervision_email: str


class Departments(Told):
    items: list[Department]
