"""The two kinds of files: commitments and guides. Importing this brings in what spreadsheets need (20 MB)."""

from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from intake.commitments import files, guides
from intake.commitments.differences import Written
from intake.commitments.faults import Faults
from intake.commitments.tables import Parsed

Take = Callable[[Iterable[Any]], None]


@dataclass(frozen=True)
class Kind:
    """What can be done with files of one kind; ``name`` is what people call them."""

    name: str
    parse: Callable[..., Parsed]
    compare: Callable[..., Awaitable[tuple[Written, Faults]]]
    write: Callable[..., Awaitable[Written]]
    exporting: Callable[[Path], AbstractContextManager[Take]]
    template: Callable[[Path], None]


KINDS = {
    "commitments": Kind(
        "承诺",
        files.parse_commitments,
        files.compare_commitments,
        files.write_commitments,
        files.exporting,
        files.write_template,
    ),
    "guides": Kind(
        "办事指南",
        guides.parse_guides,
        guides.compare_guides,
        guides.write_guides,
        guides.exporting,
        guides.write_guide_template,
    ),
}
