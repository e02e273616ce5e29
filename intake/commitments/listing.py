"""What a list of commitments can be asked for, in words of people, as the registry understands it."""

from datetime import date

from intake.desk import Desk
from intake.errors import Invalid
from storage.stores.wanted import Wanted
from storage.vocab import Category, CommitmentState


def wanted_of(
    desk: Desk,
    *,
    state: CommitmentState | None = None,
    department: str | None = None,
    category: Category | None = None,
    overdue: bool | None = None,
    due_year: int | None = None,
    due_since: date | None = None,
    due_until: date | None = None,
    waiting: bool | None = None,
    q: str | None = None,
    everything: bool = False,
    after: str = "",
) -> Wanted:
    """``department`` is a code, a name or a short name; ``q`` is for the search
    (:mod:`intake.commitments.searching`).

    ``everything`` is for staff: also what is not public; ``waiting`` is of no meaning to others. Raises
    :class:`Invalid` for an unknown unit.
    """
    found = desk.city.index.resolve(department) if department else None
    if department and found is None:
        raise Invalid("没有这个单位", fields={"department": "没有这个单位"})
    return Wanted(
        today=desk.clock.today(),
        public_only=not everything,
        state=state.value if state else None,
        department=found.code if found else None,
        category=category.value if category else None,
        overdue=overdue,
        due_year=due_year,
        due_since=due_since,
        due_until=due_until,
        waiting=waiting if everything else None,
        after=after,
    )
