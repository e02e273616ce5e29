"""Who sees which cases, as conditions: what stands in lists, and what may be read by its number."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select

from storage.tables.cases import cases, hidden_from
from storage.tables.requests import case_requests as requests


@dataclass(frozen=True, slots=True)
class Sight:
    """What a reader may see: everything, one department's cases, one reporter's own, those under supervision;
    by default nothing."""

    everything: bool = False
    department: str | None = None
    reporter_id: str | None = None
    supervised: bool = False


def seen(sight: Sight) -> ColumnElement[bool]:
    """What stands in the reader's lists."""
    if sight.everything:
        return cases.c.id.is_not(None)
    if sight.department is not None:
        return and_(cases.c.department == sight.department, ~_hidden(sight.department))
    if sight.reporter_id is not None:
        return cases.c.reporter_id == sight.reporter_id
    return cases.c.supervised.is_(True) if sight.supervised else cases.c.id.is_(None)


def readable(sight: Sight) -> ColumnElement[bool]:
    """What may be read by its number: a unit reads also what it gave back, and what it helps with."""
    if sight.department is None:
        return seen(sight)
    mine = sight.department
    gave_back = and_(requests.c.kind == "return", requests.c.approved, requests.c.department == mine)
    helps = and_(requests.c.kind == "help", requests.c.proposed_department == mine)
    joined = select(requests.c.id).where(requests.c.case_id == cases.c.id, or_(gave_back, helps)).exists()
    return and_(or_(cases.c.department == mine, joined), ~_hidden(mine))


def _hidden(department: str) -> ColumnElement[bool]:
    return (
        select(hidden_from.c.case_id)
        .where(hidden_from.c.case_id == cases.c.id, hidden_from.c.department == department)
        .exists()
    )
