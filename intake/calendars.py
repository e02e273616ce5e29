"""What is known of the working calendar: published years as files, an admin's days in the database.

The years up to the last that ``chinesecalendar`` knows need neither. A later year is a file, shipped in
``intake/published`` or loaded into the database (``python -m bot calendar load``)::

    year: 2030
    source: the notice that announces it
    days_off: [2030-01-01, …]    # weekends that belong to a holiday may be left out
    make_up: [2030-02-02, …]     # weekends on which people work
"""

import hashlib
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated

import chinese_calendar
import yaml
from pydantic import Field, ValidationError, model_validator

from intake.deadlines.workdays import Workdays
from intake.profiles.schema import Frozen
from storage.unit import Unit

SHIPPED = Path(__file__).parent / "published"


class Year(Frozen):
    """The holidays and make-up days of one year, as its notice has them."""

    year: Annotated[int, Field(ge=2004, le=2199)]
    source: Annotated[str, Field(min_length=2, max_length=300)]
    days_off: Annotated[frozenset[date], Field(min_length=1)]
    make_up: frozenset[date] = frozenset()

    @model_validator(mode="after")
    def _whole(self) -> "Year":
        strange = sorted(day for day in self.days_off | self.make_up if day.year != self.year)
        if strange:
            raise ValueError(f"不在 {self.year} 年：{_listed(strange)}")
        both = sorted(self.days_off & self.make_up)
        if both:
            raise ValueError(f"又放假又上班：{_listed(both)}")
        return self

    def days(self) -> dict[date, bool]:
        """Each day that is not as its day of the week says; true where people work."""
        return dict.fromkeys(self.days_off, False) | dict.fromkeys(self.make_up, True)


class YearFault(ValueError):
    """A file that is not a year."""


def read_year(path: Path) -> Year:
    """Read a year's file; raises :class:`YearFault`, and :class:`OSError` where it cannot be read."""
    try:
        return Year.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise YearFault(f"{path.name}: {error}") from error


@cache
def shipped(folder: Path = SHIPPED) -> tuple[Year, ...]:
    """The years that came with this version; raises :class:`YearFault`."""
    return tuple(read_year(path) for path in sorted(folder.glob("*.yml")))


def known() -> str:
    """A digest of all that is known without the database; it changes with a new version."""
    said = hashlib.sha256()
    for year in shipped():
        said.update(year.model_dump_json().encode())
    for year_known in sorted({day.year for day in chinese_calendar.holidays}):
        said.update(f"{year_known}".encode())
    for table in (chinese_calendar.holidays, chinese_calendar.workdays):
        said.update("".join(sorted(day.isoformat() for day in table)).encode())
    return said.hexdigest()


async def load_workdays(unit: Unit) -> Workdays:
    """The calendar as it stands; what an admin wrote wins over a loaded year, that over a shipped one."""
    days: dict[date, bool] = {}
    for year in shipped():
        days |= year.days()
    days |= {row.day: row.working for row in await unit.calendar.days()}
    years = {year.year for year in shipped()} | set(await unit.calendar.years())
    return Workdays(days, frozenset(years))


def _listed(days: Iterable[date]) -> str:
    return "、".join(day.isoformat() for day in days)
