"""What a list is narrowed down to beside its form: where a figure of an analysis leads."""

from datetime import date

from bot.console.words import word
from bot.http.filters import CaseFilter, CommitmentFilter
from bot.http.pages import day

Told = list[tuple[str, str]]
KEPT = ("since", "until", "place", "figure", "late_since", "late_until")
KEPT_PROMISES = ("due_since", "due_until")


def narrowed(asked: CaseFilter) -> Told:
    """Name → words of each condition that the form of the list does not show."""
    return [
        *_days("since", "until", asked.since, asked.until, "登记"),
        *([("place", asked.place)] if asked.place else []),
        *([("figure", word(asked.figure, "figure"))] if asked.figure else []),
        *_days("late_since", "late_until", asked.late_since, asked.late_until, "期限到期并超期"),
    ]


def narrowed_promises(asked: CommitmentFilter) -> Told:
    """The same of commitments."""
    return _days("due_since", "due_until", asked.due_since, asked.due_until, "到期")


def _days(first: str, last: str, since: date | None, until: date | None, what: str) -> Told:
    begins = [(first, f"{day(since)}起{what}")] if since else []
    return begins + ([(last, f"{day(until)}止{what}")] if until else [])
