"""What a jurisdiction profile holds, and reading one with every fault named at once.

A profile is the sample or the starting point: ``seed`` writes it to the database, and afterwards the
database is the truth. Source of the fields: domain, "Departments" and "Clocks".
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import time
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from intake.profiles.expand import expand
from intake.yaml_file import read_yaml
from storage.vocab import CaseType, ClockKind, Sector, UnitKind

Days = Annotated[int, Field(ge=1, le=366)]
Hours = Annotated[int, Field(ge=1, le=240)]
Words = tuple[Annotated[str, Field(min_length=2)], ...]
Code = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class Level(StrEnum):
    """Whose unit it is: the city's, a county's (or county-level city's), a district's (or zone's)."""

    CITY = "city"
    COUNTY = "county"
    DISTRICT = "district"


class Flag(StrEnum):
    """Parts that exactly one unit of a jurisdiction plays (domain 3 and 6)."""

    SUPERVISION = "supervision"
    DISCIPLINE = "discipline"
    DESK_12345 = "desk_12345"


class PlaceKind(StrEnum):
    """What a place is; ``prefecture`` is the city itself and appears once."""

    PREFECTURE = "prefecture"
    DISTRICT = "district"
    COUNTY = "county"
    CITY = "city"
    ZONE = "zone"


class Frozen(BaseModel):
    """Values that compare by content, never change, and refuse a key they do not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Shape = TypeVar("Shape", bound=Frozen)


class Place(Frozen):
    """A district, county or zone; ``aliases`` are words that mean it anywhere in a text."""

    code: Code
    name: Annotated[str, Field(min_length=2)]
    aliases: Words = ()
    kind: PlaceKind


class Department(Frozen):
    """One unit. ``place`` is the name of its district or county (None: the city's own unit);
    ``duties`` are matters in citizens' words; ``parent`` is the code of the unit it answers to."""

    code: Code
    name: Annotated[str, Field(min_length=2)]
    short_names: Words = ()
    kind: UnitKind
    sector: Sector
    level: Level
    parent: str | None = None
    place: str | None = None
    duties: Words = ()
    phone: str = ""
    email: str = ""
    supervision_phone: str = ""
    supervision_email: str = ""
    leader_post: str = ""
    flags: frozenset[Flag] = frozenset()


class HourLimit(Frozen):
    """A limit in hours, and the shorter one of urgent cases."""

    normal: Hours
    urgent: Hours


class Period(Frozen):
    """One stretch of office time, Asia/Shanghai, ``until`` not included."""

    start: time
    until: time

    @model_validator(mode="after")
    def _forward(self) -> "Period":
        if self.start >= self.until:
            raise ValueError("a period ends after it starts")
        return self


class Audience(StrEnum):
    """Whom a reminder is for. ``assignee``: all handlers of the unit where nobody is assigned; the unit is
    the one that has the case, or the one that a clock of its own binds (a collaboration)."""

    ASSIGNEE = "assignee"
    HEAD = "head"
    SUPERVISOR = "supervisor"
    LEADER = "leader"
    DISPATCHER = "dispatcher"
    LIAISON = "liaison"


class Rung(Frozen):
    """A reminder, ``offset`` working days from the due date or, where it is left out, once the time has run
    out. ``event``: what is written into the case's archive besides."""

    name: Annotated[str, Field(min_length=1, max_length=64)]
    offset: Annotated[int, Field(ge=-30, le=30)] | None = None
    to: Annotated[tuple[Audience, ...], Field(min_length=1)]
    cc: tuple[Audience, ...] = ()
    event: Literal["", "lead_proposed"] = ""


class Rules(Frozen):
    """Every limit of domain 4 as data. Days are working days but ``rating_days`` (calendar days).

    ``urgent_answer_days`` may shorten the answer of urgent cases, per case type. ``ladder``: the reminders of
    ``answer`` and ``rework``; ``reminders``: those of every other clock. ``model_dump(mode="json")``
    and ``model_validate`` are the stored form; ``name`` is the version's name.
    """

    name: Annotated[str, Field(min_length=1)]
    dispatch_hours: HourLimit
    sign_hours: HourLimit
    answer_days: dict[CaseType, Days]
    urgent_answer_days: dict[CaseType, Days] = {}
    return_days: Days
    extension_days: Days
    pause_days: Days
    rating_days: Days
    rework_days: Days
    first_contact_days: Days
    contact_days: Days
    ruling_days: Days
    office: Annotated[tuple[Period, ...], Field(min_length=1)]
    ladder: tuple[Rung, ...]
    reminders: dict[ClockKind, tuple[Rung, ...]] = {}

    @model_validator(mode="after")
    def _whole(self) -> "Rules":
        missing = [kind.value for kind in CaseType if kind not in self.answer_days]
        if missing:
            raise ValueError(f"answer_days lacks {', '.join(missing)}")
        for where, rungs in (("ladder", self.ladder), *self.reminders.items()):
            twice = _repeated(rung.name for rung in rungs)
            if twice:
                raise ValueError(f"{where} names {', '.join(twice)} more than once")
        if {ClockKind.ANSWER, ClockKind.REWORK} & self.reminders.keys():
            raise ValueError("the reminders of answer and rework are the ladder")
        late = _overlapping(self.office)
        if late:
            raise ValueError(f"office periods overlap at {late}")
        return self


class Profile(Frozen):
    """A jurisdiction as its file describes it; ``places`` holds the city itself first."""

    name: str
    places: tuple[Place, ...]
    departments: tuple[Department, ...]
    rules: Rules


class ProfileFaults(ValueError):
    """Everything that is wrong with a profile, one line each, with its place in the file."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def load_profile(path: Path) -> Profile:
    """Read a profile and the rules that it names (``rules: NAME`` is ``NAME.yml`` beside it).

    Raises :class:`ProfileFaults` naming every fault at once, and :class:`OSError` when a file cannot be read.
    """
    raw = _mapping(path)
    rows, faults = expand(raw)
    places = _checked(Place, raw.get("places"), "places", faults)
    departments = _checked(Department, rows, "departments", faults)
    rules = _rules(path.parent, raw.get("rules"), faults)
    faults += _department_faults(departments, {place.name for place in places})
    faults += _place_faults(places)
    if faults or rules is None:
        raise ProfileFaults(faults)
    return Profile(name=str(raw["name"]), places=places, departments=departments, rules=rules)


def _mapping(path: Path) -> dict[str, Any]:
    try:
        raw = read_yaml(path)
    except yaml.YAMLError as error:
        raise ProfileFaults([f"{path.name}: not YAML: {error}"]) from error
    if not isinstance(raw, dict):
        raise ProfileFaults([f"{path.name}: not a mapping"])
    return raw


def _checked(model: type[Shape], rows: object, where: str, faults: list[str]) -> tuple[Shape, ...]:
    if not isinstance(rows, list) or not rows:
        faults.append(f"{where}: a list is needed")
        return ()
    good = []
    for n, row in enumerate(rows):
        label = row.get("code", n) if isinstance(row, Mapping) else n
        try:
            good.append(model.model_validate(row))
        except ValidationError as error:
            faults += _lines(f"{where}[{label}]", error)
    return tuple(good)


def _lines(where: str, error: ValidationError) -> list[str]:
    return [f"{'.'.join([where, *map(str, one['loc'])])}: {one['msg']}" for one in error.errors()]


def load_rules(path: Path) -> Rules:
    """Read rules alone; raises :class:`ProfileFaults` naming every fault, and :class:`OSError`."""
    raw = _mapping(path)
    try:
        return Rules.model_validate(raw)
    except ValidationError as error:
        raise ProfileFaults(_lines(path.name, error)) from error


def _rules(folder: Path, name: object, faults: list[str]) -> Rules | None:
    file = folder / f"{name}.yml"
    if not isinstance(name, str) or not file.is_file():
        faults.append(f"rules: no file {name}.yml beside the profile")
        return None
    try:
        return load_rules(file)
    except ProfileFaults as error:
        faults += error.faults
    return None


def _overlapping(office: tuple[Period, ...]) -> time | None:
    """Where a period starts before the one ahead of it has ended."""
    ordered = sorted(office, key=lambda period: period.start)
    return next((later.start for first, later in pairwise(ordered) if later.start < first.until), None)


def _repeated(values: Iterable[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]


def _department_faults(departments: tuple[Department, ...], places: set[str]) -> list[str]:
    codes = {unit.code for unit in departments}
    faults = [f"departments: code {code} is used twice" for code in _repeated(d.code for d in departments)]
    faults += [f"departments: name {name} is used twice" for name in _repeated(d.name for d in departments)]
    for unit in departments:
        if unit.parent is not None and unit.parent not in codes:
            faults.append(f"departments[{unit.code}].parent: no unit {unit.parent}")
        if unit.place is not None and unit.place not in places:
            faults.append(f"departments[{unit.code}].place: no place {unit.place}")
        if (unit.level is Level.CITY) != (unit.place is None):
            faults.append(f"departments[{unit.code}].level: only a city unit has no place")
    faults += [f"departments[{code}].parent: it is above itself" for code in own_ancestors(departments)]
    for flag in Flag:
        holders = [unit.code for unit in departments if flag in unit.flags]
        if len(holders) != 1:
            faults.append(f"departments: flag {flag} needs one unit, has {', '.join(holders) or 'none'}")
    return faults


def own_ancestors(departments: Iterable[Department]) -> list[str]:
    """Codes of units that are above themselves."""
    above = {unit.code: unit.parent for unit in departments}
    circular = []
    for code, parent in above.items():
        seen, at = set(), parent
        while at is not None and at in above and at not in seen:
            seen.add(at)
            at = above[at]
        if code in seen:
            circular.append(code)
    return circular


def _place_faults(places: tuple[Place, ...]) -> list[str]:
    words = [word for place in places for word in {place.name, *place.aliases}]
    faults = [f"places: {word} is used twice" for word in _repeated(words)]
    cities = [place.name for place in places if place.kind is PlaceKind.PREFECTURE]
    if len(cities) != 1:
        faults.append(f"places: one prefecture is needed, there are {len(cities)}")
    return faults
