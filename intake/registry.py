"""The registry that citizens ask: commitments and guides, reading them, and the sample that comes along."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from intake.city import City
from intake.commitments.listing import wanted_of
from intake.commitments.making import OWNERS
from intake.commitments.searching import search_commitments
from intake.desk import Desk
from intake.errors import Invalid, NotFound
from intake.yaml_file import read_yaml
from storage.stores.registry import CommitmentRow
from storage.stores.wanted import PUBLISHED
from storage.unit import Unit
from storage.vocab import Category, CommitmentState, Role

SAMPLE = Path(__file__).parent / "profiles" / "sample.yml"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(pattern=r"^[A-Z0-9]+(-[A-Z0-9]+)*$", max_length=32)
    title: str = Field(min_length=2, max_length=200)
    department: str


class Commitment(_Entry):
    """A promise as a file describes it (domain 2); ``department`` is a code."""

    text: str = Field(min_length=4)
    target: str = Field(default="", max_length=300)
    category: Category
    source_document: str = Field(default="", max_length=200)
    source_number: str = Field(default="", max_length=100)
    made_on: date | None = None
    due_on: date | None = None
    state: CommitmentState = CommitmentState.ACTIVE
    public: bool = True

    @model_validator(mode="after")
    def _made_before_due(self) -> "Commitment":
        if self.made_on and self.due_on and self.made_on > self.due_on:
            raise ValueError("due_on is before made_on")
        return self


class Guide(_Entry):
    """How one thing is done (办事指南): steps in order, what to mind, what to bring."""

    steps: tuple[str, ...] = Field(min_length=1)
    cautions: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    place: str = Field(default="", max_length=200)
    time_limit: str = Field(default="", max_length=100)
    phone: str = Field(default="", max_length=100)


class Sample(BaseModel):
    commitments: tuple[Commitment, ...]
    guides: tuple[Guide, ...]


class RegistryFaults(Invalid):
    """Everything that is wrong with a file, one line each, with its place."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults), faults=faults)


Entry = TypeVar("Entry", bound=_Entry)


def load_sample(city: City, path: Path = SAMPLE) -> Sample:
    """Read a file of commitments and guides; raises :class:`RegistryFaults` naming every fault at once."""
    raw = read_yaml(path)
    faults: list[str] = []
    found = Sample(
        commitments=_entries(Commitment, raw, "commitments", city, faults),
        guides=_entries(Guide, raw, "guides", city, faults),
    )
    if faults:
        raise RegistryFaults([f"{path.name}: {fault}" for fault in faults])
    return found


async def seed_sample(unit: Unit, city: City, at: datetime, path: Path = SAMPLE) -> tuple[int, int]:
    """Write what the database lacks by code, as 历史承诺; how many (commitments, guides) were added."""
    sample = load_sample(city, path)
    stamps = {"created_at": at, "updated_at": at}
    promises = [
        {**entry.model_dump(), **stamps, "historical": True, "version": 1} for entry in sample.commitments
    ]
    for promise in promises:
        promise |= {"category": promise["category"].value, "state": promise["state"].value}
    guides = [{**entry.model_dump(mode="json"), "updated_at": at} for entry in sample.guides]
    return await unit.registry.add_missing(promises, guides)


async def list_commitments(
    desk: Desk, *, limit: int | None = None, offset: int = 0, **asked: Any
) -> list[CommitmentRow]:
    """Commitments by code, or those that answer to ``q``, best first; the public ones, to staff all. What may
    be asked: ``listing.wanted_of``.

    Raises :class:`Invalid` for an unknown unit.
    """
    wanted, typed = wanted_of(desk, **asked), asked.get("q") or ""
    if not typed.strip():
        return await desk.unit.registry.wanted(wanted, limit=limit, offset=offset)
    found = await search_commitments(desk, typed, wanted)
    return found[offset : None if limit is None else offset + limit]


async def count_commitments(desk: Desk, **asked: Any) -> int:
    """How many there are of what :func:`list_commitments` lists."""
    wanted, typed = wanted_of(desk, **asked), asked.get("q") or ""
    if typed.strip():
        return len(await search_commitments(desk, typed, wanted))
    return await desk.unit.registry.count_wanted(wanted)


async def find_commitment(desk: Desk, code: str, *, everything: bool = False) -> CommitmentRow:
    """One commitment; raises :class:`NotFound`, also for one that is not public."""
    row = await desk.unit.commitments.get(code)
    open_to_all = row is not None and row.public and row.state in PUBLISHED
    if row is None or not (open_to_all or everything):
        raise NotFound("没有这项承诺")
    return row


def commitment_facts(desk: Desk, row: CommitmentRow) -> dict[str, Any]:
    """A commitment as it is shown; ``overdue`` is computed, never stored (domain 2)."""
    return {
        "code": row.code,
        "title": row.title,
        "text": row.text,
        "target": row.target,
        "category": row.category,
        "department": {"code": row.department, "name": desk.city.unit_name(row.department)},
        "source_document": row.source_document,
        "source_number": row.source_number,
        "made_on": row.made_on.isoformat() if row.made_on else None,
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "state": row.state,
        "overdue": is_overdue(desk, row),
        "public": row.public,
        "historical": row.historical,
        "co_departments": [{"code": code, "name": desk.city.unit_name(code)} for code in row.co_departments],
        **{name: getattr(row, name) for name in (*OWNERS, "phone", "email", "progress", "progress_text")},
        "broken_reason": row.broken_reason,
        "changed": row.revision > 1 or bool((row.proposal or {}).get("approved")),
        "revision": row.revision,
        "version": row.version,
    }


def is_overdue(desk: Desk, row: CommitmentRow) -> bool:
    """Whether the day has passed on which a promise in force was to be kept."""
    late = row.due_on is not None and row.due_on < desk.clock.today()
    return late and row.state == CommitmentState.ACTIVE


def waits_for(row: CommitmentRow) -> Role | None:
    """Whose word a commitment waits for: the supervisor's on a claim, the leader's on a proposal."""
    if row.claimed_at is not None:
        return Role.SUPERVISOR
    return Role.LEADER if row.proposal and not row.proposal.get("approved") else None


def _entries(kind: type[Entry], raw: object, part: str, city: City, faults: list[str]) -> tuple[Entry, ...]:
    rows = raw.get(part) if isinstance(raw, dict) else None
    if not isinstance(rows, list):
        faults.append(f"{part}: a list is needed")
        return ()
    good: list[Entry] = []
    for number, row in enumerate(rows):
        where = f"{part}[{row.get('code', number) if isinstance(row, dict) else number}]"
        try:
            good.append(kind.model_validate(row))
        except ValidationError as error:
            faults += [f"{where}.{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
    faults += [f"{part}[{e.code}].department: no unit {e.department}" for e in _homeless(good, city)]
    faults += [f"{part}: code {code} is used twice" for code in _repeated(good)]
    return tuple(good)


def _homeless(entries: Sequence[Entry], city: City) -> list[Entry]:
    return [entry for entry in entries if entry.department not in city.units]


def _repeated(entries: Sequence[Entry]) -> list[str]:
    return [code for code, times in Counter(entry.code for entry in entries).items() if times > 1]
