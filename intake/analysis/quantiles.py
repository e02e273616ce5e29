"""Quantiles of counted values. Pure."""

from collections.abc import Mapping


def quantile(counted: Mapping[int, int], per_cent: int) -> int | None:
    """The smallest value that ``per_cent`` of a hundred do not exceed (nearest rank); None of nothing.

    ``counted``: value → how often. Raises :class:`ValueError` for other shares than 1 to 100.
    """
    if not 1 <= per_cent <= 100:
        raise ValueError("a quantile is 1 to 100 of a hundred")
    wanted = -(-sum(counted.values()) * per_cent // 100)
    reached = 0
    for value in sorted(counted):
        reached += counted[value]
        if reached >= wanted > 0:
            return value
    return None
