"""The city as the office knows it at a moment: units, places, rules, working days. A snapshot, not a cache:
whoever holds one passes it on; ``bot.factory`` makes a new one when the rows behind it change."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from intake.calendars import load_workdays
from intake.deadlines.workdays import Workdays
from intake.profiles.schema import Department, Flag, Place, Profile, Rules
from intake.routing.names import UnitIndex
from storage.stores.departments import CityKey, DepartmentRow
from storage.unit import Unit


class NotSeeded(Exception):
    """The database has no departments or no rules yet: ``python -m bot migrate`` or ``seed`` comes first."""


@dataclass(frozen=True)
class City:
    """Units by code, the places, and the rules that new cases get (``rules_version`` names them).

    ``calendar`` is the number of the last change of the working calendar, which ``workdays`` knows.
    As long as it and ``key`` stand, so does the snapshot.
    """

    name: str
    units: dict[str, Department] = field(repr=False)
    places: tuple[Place, ...] = field(repr=False)
    rules: Rules = field(repr=False)
    rules_version: str
    workdays: Workdays
    calendar: int = 0
    retired: dict[str, str] = field(default_factory=dict, repr=False)
    """Code -> name of units that are no more: old cases still name them."""
    key: CityKey | None = field(default=None, repr=False, compare=False)

    @cached_property
    def index(self) -> UnitIndex:
        return UnitIndex(tuple(self.units.values()), self.places)

    def unit_name(self, code: str | None) -> str:
        """What people call the unit; empty where there is none."""
        unit = self.units.get(code or "")
        return unit.name if unit else self.retired.get(code or "", "")

    def flagged(self, flag: Flag) -> str | None:
        """The code of the unit that plays a part."""
        return next((code for code, unit in self.units.items() if flag in unit.flags), None)


async def load_city(unit: Unit, before: City | None = None) -> City:
    """Read the snapshot; ``before`` itself where nothing has changed since. Raises :class:`NotSeeded`."""
    key, change = await unit.departments.key(), await unit.calendar.last()
    calendar = change.id if change else 0
    if before is not None and (before.key, before.calendar) == (key, calendar):
        return before
    known = await unit.departments.all()
    rows = [row for row in known if row.active]
    profile = await unit.departments.profile()
    if not rows or profile is None:
        raise NotSeeded("数据库里还没有单位和规则：请先运行 python -m bot migrate")
    body = profile.body
    return City(
        name=str(body["name"]),
        units={row.code: _unit(row) for row in rows},
        places=tuple(Place.model_validate(place) for place in body["places"]),
        rules=Rules.model_validate(body["rules"]),
        rules_version=profile.version,
        workdays=await load_workdays(unit),
        calendar=calendar,
        retired={row.code: row.name for row in known if not row.active},
        key=key,
    )


async def seed_city(unit: Unit, profile: Profile, *, at: Any) -> int:
    """Write what a profile has and the database lacks; edits made since stay. Returns the units added."""
    rows = [department.model_dump(mode="json") | {"active": True} for department in profile.departments]
    added = await unit.departments.add_missing(rows)
    if await unit.departments.profile() is None:
        body = profile.model_dump(mode="json", exclude={"departments"})
        await unit.departments.add_profile(f"{profile.rules.name}-1", body, at)
    return added


def _unit(row: DepartmentRow) -> Department:
    """A row as the rules know it: the stored words are checked on the way."""
    return Department.model_validate({name: getattr(row, name) for name in Department.model_fields})
