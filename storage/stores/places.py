"""Places in a list by age: where a page ended, and what is further on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, not_, or_, true


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: the last case's deadline (``dated``), or where it has none when it came."""

    at: datetime
    case_id: str
    dated: bool = False


def behind(place: Place | None, came: Any, name: Any, *, oldest: bool = False) -> ColumnElement[bool]:
    """The rows further on than the place; all of them where there is none. ``oldest``: those come first."""
    if place is None:
        return true()
    if oldest:
        return and_(came >= place.at, or_(came > place.at, name > place.case_id))
    return and_(came <= place.at, or_(came < place.at, name < place.case_id))


def up_to(place: Place | None, came: Any, name: Any, *, oldest: bool = False) -> ColumnElement[bool]:
    """The rows that are not, so that an index of ages is read no further."""
    if place is None:
        return true()
    near = came <= place.at if oldest else came >= place.at
    return and_(near, not_(behind(place, came, name, oldest=oldest)))
