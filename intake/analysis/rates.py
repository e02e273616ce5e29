"""Rates with what chance leaves open of them, and who is first. Pure.

Source: domain 5, Scorecards: 95 % Wilson intervals, none ranked below 20 cases.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import TypeVar

Name = TypeVar("Name")
Z = 1.959963984540054  # of the normal distribution, for 95 %
FEW = 20  # cases below which nobody is ranked


@dataclass(frozen=True, slots=True)
class Rate:
    """``hits`` of ``of`` cases; raises :class:`ValueError` for more hits than cases."""

    hits: int
    of: int

    def __post_init__(self) -> None:
        if not 0 <= self.hits <= self.of:
            raise ValueError("a rate counts some of its cases")

    @property
    def value(self) -> float | None:
        """0–1; None of no cases."""
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval after Wilson (1927); None of no cases."""
        return wilson(self.hits, self.of) if self.of else None

    @property
    def ranked(self) -> bool:
        return self.of >= FEW


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Where the rate behind ``hits`` of ``of`` lies, with 95 % confidence; both 0–1."""
    share, weight = hits / of, Z * Z / of
    middle = (share + weight / 2) / (1 + weight)
    reach = Z / (1 + weight) * sqrt(share * (1 - share) / of + weight / of / 4)
    return (middle - reach if hits else 0.0), (middle + reach if hits < of else 1.0)


def ranks(rates: Mapping[Name, Rate]) -> dict[Name, int]:
    """The places of those with cases enough, best first; the same rate is the same place."""
    values = {name: rate.value for name, rate in rates.items() if rate.ranked and rate.value is not None}
    return {name: 1 + sum(other > value for other in values.values()) for name, value in values.items()}
