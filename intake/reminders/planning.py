"""When a clock's next rung is to be fired. Pure: the clock keeps the answer (decision 0009)."""

from datetime import datetime
from typing import Protocol

from intake.deadlines.ladder import Due, rungs
from intake.deadlines.workdays import Workdays
from intake.profiles.schema import Rules
from storage.vocab import ClockKind


class Planned(Protocol):
    """What the rungs of a clock follow from."""

    @property
    def kind(self) -> str: ...
    @property
    def started_at(self) -> datetime: ...
    @property
    def due_at(self) -> datetime: ...


def ladder(clock: Planned, rules: Rules, workdays: Workdays, *, urgent: bool) -> tuple[Due, ...]:
    """Every rung of the clock as it stands, in order of time."""
    kind = ClockKind(clock.kind)
    return rungs(clock.due_at, clock.started_at, rules, workdays, kind=kind, urgent=urgent)


def next_at(found: tuple[Due, ...], since: datetime) -> datetime | None:
    """When the first rung from ``since`` on is to be fired; None where there is none."""
    return next((one.at for one in found if one.at >= since), None)
