"""What importing a file changes: rows compared, by code, with what the registry holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from intake.commitments.tables import Values

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows of a file were new, differed from the registry's, or stood there already."""

    added: int = 0
    changed: int = 0
    same: int = 0

    def __add__(self, other: "Written") -> "Written":
        return Written(self.added + other.added, self.changed + other.changed, self.same + other.same)


@dataclass(frozen=True)
class Differences(Generic[R]):
    """A batch sorted out; ``changed`` pairs what the file says with what stands."""

    added: list[Values] = field(default_factory=list)
    changed: list[tuple[Values, R]] = field(default_factory=list)
    same: int = 0

    def counted(self) -> Written:
        return Written(len(self.added), len(self.changed), self.same)


def differences(batch: Sequence[Values], standing: Mapping[str, R]) -> Differences[R]:
    """Sort a batch out against the rows that stand, which are given by code."""
    added = [values for values in batch if values["code"] not in standing]
    known = [(values, standing[values["code"]]) for values in batch if values["code"] in standing]
    changed = [(values, row) for values, row in known if any(getattr(row, k) != v for k, v in values.items())]
    return Differences(added, changed, len(known) - len(changed))
