"""Lists of cases: what is asked for, and one line for each."""

from datetime import date
from typing import Any

from intake.cases import seeing
from intake.cases.asking import RULED
from intake.cases.dues import ANSWERS
from intake.cases.numbering import BadNumber, normal_form
from intake.cases.states import BEFORE_ANSWER
from intake.clock import span
from intake.desk import Desk
from intake.errors import Invalid
from intake.supervision import asked_of, within
from storage.stores.cases import CaseRow
from storage.stores.clocks import ClockRow
from storage.vocab import CaseState, Heading

EXCERPT = 60
EITHER = "any"


def wanted_of(
    desk: Desk,
    *,
    department: str | None = None,
    overdue: bool | None = None,
    q: str | None = None,
    due: int | None = None,
    heading: Heading | None = None,
    returned: bool | None = None,
    asks: str | None = None,
    since: date | None = None,
    until: date | None = None,
    late_since: date | None = None,
    late_until: date | None = None,
    **plain: Any,
) -> dict[str, Any]:
    """Filters (``bot.http.filters``) as ``storage.stores.asked`` takes them; raises :class:`Invalid` for a
    unit that is not there.

    ``mine`` is a login: what is assigned to it, and to nobody.
    """
    wanted: dict[str, Any] = {**plain, **_number_or_words(q)}
    if department:
        unit = desk.city.index.resolve(department)
        if unit is None:
            raise Invalid("没有这个单位", fields={"department": "没有这个单位"})
        wanted["department"] = unit.code
    if overdue is not None:
        wanted |= {"overdue": overdue, "overdue_at": desk.now()}
    if heading is not None:
        wanted |= asked_of(desk, heading)
    if due is not None:
        wanted["clocks"] = [*wanted.get("clocks", ()), within(desk, due)]
    if returned:
        wanted["returned"] = max(1, wanted.get("returned", 1))
    if asks is not None:
        wanted["asks"] = RULED if asks == EITHER else (asks,)
    wanted |= {"filed": span(since, until), "late": span(late_since, late_until), "now": desk.now()}
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


def _number_or_words(q: str | None) -> dict[str, str]:
    """What is a number is looked for among numbers alone."""
    if not q or not q.strip():
        return {}
    try:
        return {"number": normal_form(q)}
    except BadNumber:
        return {"q": q}
