"""What cases and commitments have with each other: how many complaints there are about a commitment, and the
attachments it was written down from."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, and_, case, func, insert, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables.cases import cases, hidden_from
from storage.tables.files import files
from storage.tables.registry import commitment_evidence as evidence
from storage.vocab import CaseState, CaseType, Outcome

OPEN = (CaseState.RECEIVED, CaseState.DISPATCHED, CaseState.HANDLING, CaseState.REVIEWING)
ANSWERED = (CaseState.ANSWERED, CaseState.CLOSED)
FOUNDED = (Outcome.RESOLVED, Outcome.PARTLY, Outcome.PLANNED)
"""Outcomes by which something was to be put right."""


@dataclass(frozen=True, slots=True)
class Complaints:
    """How many complaints a commitment has: open ones, founded ones, and all with these."""

    total: int = 0
    open: int = 0
    founded: int = 0


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """An attachment that a commitment was written down from, and the number of its case."""

    file_id: str
    kind: str
    tracking_no: str


class PromisedStore:
    def __init__(self, connection: AsyncConnection) -> None:
        self._db = connection

    async def complaints(self, codes: Collection[str], *, hidden: bool) -> dict[str, Complaints]:
        """Of each of these commitments that has any, how many: neither withdrawn nor declined, and a case
        without one of its own counts with the case it follows. ``hidden``: also those that some unit must not
        know of."""
        if not codes:
            return {}
        every = union_all(_own(codes, hidden=hidden), _following(codes, hidden=hidden)).subquery()
        taken = every.c
        found = await self._db.execute(
            select(
                taken.code,
                func.count(),
                func.count(case((taken.state.in_(OPEN), 1))),
                func.count(case((and_(taken.state.in_(ANSWERED), taken.outcome.in_(FOUNDED)), 1))),
            ).group_by(taken.code)
        )
        return {row[0]: Complaints(*row[1:]) for row in found}

    async def add_evidence(self, code: str, file_ids: Collection[str]) -> None:
        """Note which attachments a new commitment rests on."""
        if file_ids:
            rows = [{"commitment": code, "file_id": one} for one in file_ids]
            await self._db.execute(insert(evidence), rows)

    async def evidence(self, code: str) -> list[EvidenceRow]:
        """The attachments that a commitment rests on, of whatever case."""
        found = await self._db.execute(
            select(files.c.id, files.c.kind, cases.c.tracking_no)
            .select_from(evidence.join(files, files.c.id == evidence.c.file_id))
            .join(cases, cases.c.id == files.c.case_id)
            .where(evidence.c.commitment == code)
            .order_by(cases.c.tracking_no, files.c.created_at, files.c.id)
        )
        return [EvidenceRow(*row) for row in found]


def _own(codes: Collection[str], *, hidden: bool) -> Select[tuple[str, str, str]]:
    query = select(cases.c.commitment.label("code"), cases.c.state, cases.c.outcome)
    return _counted(query.where(cases.c.commitment.in_(codes)), hidden=hidden)


def _following(codes: Collection[str], *, hidden: bool) -> Select[tuple[str, str, str]]:
    lead = cases.alias("lead")
    query = select(lead.c.commitment.label("code"), cases.c.state, cases.c.outcome)
    query = query.select_from(lead.join(cases, cases.c.merged_into == lead.c.id))
    return _counted(query.where(lead.c.commitment.in_(codes), cases.c.commitment.is_(None)), hidden=hidden)


def _counted(query: Select[tuple[str, str, str]], *, hidden: bool) -> Select[tuple[str, str, str]]:
    query = query.where(cases.c.type == CaseType.COMPLAINT, cases.c.state.in_((*OPEN, *ANSWERED)))
    if hidden:
        return query
    kept_from = select(hidden_from.c.case_id).where(hidden_from.c.case_id == cases.c.id)
    return query.where(~kept_from.exists())
