"""What a public list is asked for: as forgiving as the address of a page that people pass on has to be."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from pydantic import ValidationError

from bot.http.filters import CommitmentFilter

PAGE = 20
MOST_PAGES = 10_000
ASKED = frozenset(CommitmentFilter.model_fields) - {"waiting"}


@dataclass(frozen=True)
class Asked:
    """``faults``: fields that were not understood, of which the list takes no notice; ``page`` from 1."""

    filters: CommitmentFilter
    page: int
    faults: tuple[str, ...] = ()

    def wanted(self) -> dict[str, Any]:
        return self.filters.model_dump(exclude={"waiting"})

    def address(self, path: str, **changes: object) -> str:
        """The address of the same list with changes; a change of filters begins at its first page."""
        given = self.filters.model_dump(mode="json", exclude_none=True) | changes
        return f"{path}?{urlencode({k: str(v).lower() if v is True else v for k, v in given.items() if v})}"


def asked_of(request: web.Request) -> Asked:
    """What the query says; names that mean nothing here are passed over, such as those that WeChat adds."""
    given = {name: _plain(value) for name, value in request.query.items() if name in ASKED}
    given = {name: value for name, value in given.items() if value}
    try:
        return Asked(CommitmentFilter.model_validate(given), _page(request))
    except ValidationError as error:
        wrong = {str(fault["loc"][0]) for fault in error.errors()}
        good = {name: value for name, value in given.items() if name not in wrong}
        return Asked(CommitmentFilter.model_validate(good), 1, tuple(sorted(wrong)))


def _page(request: web.Request) -> int:
    text = request.query.get("page", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 1
    return min(max(number, 1), MOST_PAGES)


def _plain(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\0", "").strip()[:100]
