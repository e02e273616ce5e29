"""Which commitment or service guide answers a citizen's question (domain 2, 3: 即时答复)."""

from dataclasses import dataclass
from enum import StrEnum

from intake.desk import Desk

#: So many are offered where none is sure.
OFFERED = 3


class Kind(StrEnum):
    """What an answer may rest on."""

    COMMITMENT = "commitment"
    GUIDE = "guide"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that may answer; ``department`` is the code of the unit whose it is, ``score`` is 0–1."""

    kind: Kind
    code: str
    title: str
    department: str
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """What answers a question: ``sure`` alone, or up to :data:`OFFERED` to choose from, or nothing."""

    sure: Entry | None = None
    likely: tuple[Entry, ...] = ()


async def look_up(desk: Desk, question: str, *, departments: frozenset[str] = frozenset()) -> Found:
    """Look for the answer among public commitments and guides.

    ``departments`` are the codes of the units that the question names or would go to.
    """
    if desk.commitments is None:
        return Found()
    best = desk.commitments.best(question, departments=departments, most=OFFERED)
    rows = {match.code: await desk.unit.commitments.get(match.code) for match in best}
    likely = tuple(
        Entry(Kind.COMMITMENT, match.code, match.title, row.department, match.score)
        for match in best
        if (row := rows[match.code]) is not None
    )
    return Found(likely=likely)
