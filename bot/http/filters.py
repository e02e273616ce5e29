"""What a list of cases or commitments can be asked for; the API and the console take the same."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from intake.actor import Actor
from storage.vocab import (
    CaseState,
    CaseType,
    Category,
    CommitmentState,
    Figure,
    GuideState,
    Heading,
    Order,
)


class CaseFilter(BaseModel):
    """Empty means all. ``department``: code, name or short name; ``q``: a number, or parts of the text."""

    model_config = ConfigDict(extra="forbid")

    type: CaseType | None = None
    state: CaseState | None = None
    department: str | None = Field(default=None, max_length=100, description="code, name or short name")
    overdue: bool | None = None
    follow_up: bool | None = Field(default=None, description="answered, without WeChat, not called yet")
    assignee: str | None = Field(default=None, max_length=64, description="login of who works the case")
    mine: bool | None = Field(default=None, description="one's own and the unassigned ones")
    commitment: str | None = Field(default=None, max_length=64, description="code of what it is about")
    due: int | None = Field(
        default=None, ge=0, le=30, description="answer due within so many working days, today's included"
    )
    sent_back: bool | None = Field(default=None, description="the head gave the answer back")
    asks: Literal["return", "extension", "any"] | None = Field(
        default=None, description="a request of the unit waits for its ruling"
    )
    returned: bool | None = Field(default=None, description="given back by a unit at least once")
    supervised: bool | None = Field(default=None, description="under supervision")
    heading: Heading | None = Field(default=None, description="as in `GET /supervision`")
    since: date | None = Field(default=None, description="filed on this day or later, Asia/Shanghai")
    until: date | None = Field(default=None, description="filed on this day or earlier")
    place: str | None = Field(default=None, max_length=64, description="name of the district or county")
    figure: Figure | None = Field(default=None, description="what an analysis counts: `docs/figures.md`")
    late_since: date | None = Field(
        default=None, description="its answer's time ran out on this day or later"
    )
    late_until: date | None = Field(default=None, description="as `late_since`; or earlier")
    q: str | None = Field(
        default=None, max_length=100, description="tracking number, or parts of text, transcript or answer"
    )
    sort: Order = Field(default=Order.NEWEST, description="a cursor goes on in the order it was given for")
    cursor: str | None = Field(default=None, max_length=200)
    limit: int = Field(default=50, ge=1, le=100)

    def wanted(self, actor: Actor) -> dict[str, Any]:
        """The filters alone, for ``intake.cases.listing.wanted_of``."""
        return self.model_dump(exclude={"cursor", "limit", "sort"}) | {
            "mine": actor.name if self.mine else None
        }


class CommitmentFilter(BaseModel):
    """As :class:`CaseFilter`. ``waiting``: for the supervisor's or the leader's word; to staff only."""

    model_config = ConfigDict(extra="forbid")

    q: str | None = Field(default=None, max_length=100, description="words of code, title, text, unit")
    state: CommitmentState | None = None
    department: str | None = Field(default=None, max_length=100, description="code, name or short name")
    category: Category | None = None
    overdue: bool | None = None
    due_year: int | None = Field(default=None, ge=1990, le=2100, description="in which it is to be kept")
    due_since: date | None = Field(default=None, description="to be kept by this day or a later one")
    due_until: date | None = Field(default=None, description="to be kept by this day or an earlier one")
    waiting: bool | None = Field(default=None, description="a claim or a proposal is not ruled on yet")


class CommitmentQuery(CommitmentFilter):
    """A page of the API: ``cursor`` is what the page before gave as ``next_cursor``."""

    cursor: str = Field(default="", max_length=64)
    limit: int = Field(default=100, ge=1, le=200)


class GuideFilter(BaseModel):
    """As :class:`CommitmentFilter`. ``state``: to staff only; without it the retired are left out."""

    model_config = ConfigDict(extra="forbid")

    q: str | None = Field(default=None, max_length=100, description="words of code, title, unit, content")
    state: GuideState | None = None
    department: str | None = Field(default=None, max_length=100, description="code, name or short name")
