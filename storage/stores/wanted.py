"""Which commitments a list asks for, as conditions of a query."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, false, func, not_, or_

from storage.tables.registry import commitments
from storage.vocab import CommitmentState

PUBLISHED = frozenset(CommitmentState) - {CommitmentState.DRAFT, CommitmentState.REVIEW}
"""States that everybody may read of, where the commitment is public."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is None is not asked for. ``overdue`` is seen from ``today``; ``waiting``: for somebody's word;
    ``codes``: of these; ``after``: codes behind this one."""

    today: date
    public_only: bool = True
    state: str | None = None
    department: str | None = None
    category: str | None = None
    overdue: bool | None = None
    due_year: int | None = None
    due_since: date | None = None
    due_until: date | None = None
    waiting: bool | None = None
    codes: tuple[str, ...] | None = None
    after: str = ""

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """Of the table ``commitment``, all of which must hold."""
        it = commitments.c
        if self.public_only:
            yield and_(it.public.is_(True), it.state.in_(PUBLISHED))
        for name in ("state", "department", "category"):
            if getattr(self, name) is not None:
                yield it[name] == getattr(self, name)
        if self.overdue is not None:
            late = and_(it.due_on.is_not(None), it.due_on < self.today, it.state == CommitmentState.ACTIVE)
            yield late if self.overdue else not_(func.coalesce(late, false()))
        if self.due_year is not None:
            yield it.due_on.between(date(self.due_year, 1, 1), date(self.due_year, 12, 31))
        if self.due_since is not None:
            yield it.due_on >= self.due_since
        if self.due_until is not None:
            yield it.due_on <= self.due_until
        if self.waiting is not None:
            approved = func.coalesce(it.proposal["approved"].as_boolean(), false())
            waits = or_(it.claimed_at.is_not(None), and_(it.proposal.is_not(None), approved.is_(false())))
            yield waits if self.waiting else not_(waits)
        if self.codes is not None:
            yield it.code.in_(self.codes)
        if self.after:
            yield it.code > self.after
