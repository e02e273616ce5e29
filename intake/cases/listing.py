"""Lists of cases: what is asked for, and one line for each."""

from typing import Any

from intake.cases import seeing
from intake.cases.dues import ANSWERS
from intake.cases.numbering import BadNumber, normal_form
from intake.cases.states import BEFORE_ANSWER
from intake.desk import Desk
from intake.errors import Invalid
from storage.stores.cases import CaseRow
from storage.stores.clocks import ClockRow
from storage.vocab import CaseState

EXCERPT = 60


def wanted_of(
    desk: Desk,
    *,
    type: str | None = None,  # noqa: A002 (the API's word)
    state: str | None = None,
    department: str | None = None,
    overdue: bool | None = None,
    follow_up: bool | None = None,
    assignee: str | None = None,
    mine: str | None = None,
    commitment: str | None = None,
    q: str | None = None,
) -> dict[str, Any]:
    """Filters as ``CaseStore.page`` takes them; raises :class:`Invalid` for a unit that is not there.

    ``mine`` is a login: what is assigned to it, and to nobody.
    """
    wanted: dict[str, Any] = {
        "type": type,
        "state": state,
        "assignee": assignee,
        "mine": mine,
        "commitment": commitment,
        "q": _number_or_words(q),
        "follow_up": bool(follow_up),
    }
    if department:
        unit = desk.city.index.resolve(department)
        if unit is None:
            raise Invalid("没有这个单位", fields={"department": "没有这个单位"})
        wanted["department"] = unit.code
    if overdue is not None:
        wanted |= {"overdue": overdue, "overdue_at": desk.now()}
    return wanted


async def lines(desk: Desk, rows: list[CaseRow]) -> list[dict[str, Any]]:
    """One line for each case: its answer's deadline, whether that has passed, and its first words."""
    due: dict[str, ClockRow] = {}
    for clock in await desk.unit.clocks.of_cases([_governing(row) for row in rows]):
        if clock.kind in ANSWERS:
            due.setdefault(clock.case_id, clock)
    return [
        seeing.summary(desk, row)
        | seeing.deadline(desk, due.get(_governing(row)))
        | {"excerpt": row.text[:EXCERPT]}
        for row in rows
    ]


def _governing(case: CaseRow) -> str:
    """Whose answer is waited for: the lead's where the case follows one."""
    follows = case.merged_into is not None and CaseState(case.state) in BEFORE_ANSWER
    return case.merged_into or case.id if follows else case.id


def _number_or_words(q: str | None) -> str | None:
    try:
        return normal_form(q) if q else None
    except BadNumber:
        return q
