"""What importing a file changes: rows compared, by code, with what the registry holds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from intake.commitments.tables import Values

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows of a file were new, differed from the registry's, stood there already, or may not do what
    they say."""

    added: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0

    def __add__(self, other: "Written") -> "Written":
        return Written(
            self.added + other.added,
            self.changed + other.changed,
            self.same + other.same,
            self.refused + other.refused,
        )


@dataclass(frozen=True)
class Differences(Generic[R]):
    """A batch sorted out; ``changed`` pairs what the file says with what stands."""

    added: list[Values] = field(default_factory=list)
    changed: list[tuple[Values, R]] = field(default_factory=list)
    same: int = 0

    def counted(self) -> Written:
        return Written(len(self.added), len(self.changed), self.same)


def differences(
    batch: Sequence[Values], standing: Mapping[str, R], said: Callable[[R, str], object] = getattr
) -> Differences[R]:
    """Sort a batch out against the rows that stand, which are given by code.

    ``said`` is what a file would say of a row's value.
    """

    def differs(values: Values, row: R) -> bool:
        return any(getattr(row, name) != value != said(row, name) for name, value in values.items())

    added = [values for values in batch if values["code"] not in standing]
    known = [(values, standing[values["code"]]) for values in batch if values["code"] in standing]
    changed = [(values, row) for values, row in known if differs(values, row)]
    return Differences(added, changed, len(known) - len(changed))
