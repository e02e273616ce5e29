"""A commitment's course as one story: made, decided step by step, published, worked on, changed, ended."""

from collections.abc import Iterator
from typing import Any

from intake.commitments.documents import MILESTONE, PROGRESS
from storage.vocab import CommitmentAction, StepState

A = CommitmentAction
Facts = dict[str, Any]
MADE = "made"


def course(facts: Facts) -> list[Facts]:
    """The story of what ``telling.told`` tells, newest first.

    Each part has ``on`` (ISO day), ``what`` (:data:`MADE`, a step or an action), ``round`` (of a step), words
    and ``files``; ``again``: published anew, after a change.
    """
    parts = [*_made(facts), *_steps(facts), *_happened(facts)]
    ordered = sorted(enumerate(parts), key=lambda one: (one[1]["on"], one[0]), reverse=True)
    return [part for _, part in ordered]


def _made(facts: Facts) -> Iterator[Facts]:
    if facts["made_on"]:
        source = f"{facts['source_document']} {facts['source_number']}".strip()
        yield {"on": facts["made_on"], "what": MADE, "text": source, "files": []}


def _steps(facts: Facts) -> Iterator[Facts]:
    rounds = [(one["round"], one["steps"]) for one in facts["earlier_steps"]]
    now = len(rounds) + 1
    for number, steps in [*rounds, (now, facts["steps"])]:
        for step in steps:
            if step["state"] == StepState.DONE:
                yield {
                    "on": step["done_on"],
                    "what": step["step"],
                    "round": number,
                    "text": "　".join(filter(None, (step["outcome"], step["document"]))),
                    "files": _files(facts, step["step"], number),
                }


def _happened(facts: Facts) -> Iterator[Facts]:
    published = False
    for event in facts["timeline"]:
        part, n = {
            A.REPORT_PROGRESS: (PROGRESS, event["seq"]),
            A.SET_MILESTONE: (MILESTONE, event["n"]),
        }.get(event["action"], ("", None))
        yield {
            **event,
            "on": event["at"][:10],
            "what": event["action"],
            "again": published and event["action"] == A.PUBLISH,
            "text": event["title"] or event["text"] or event["reason"],
            "files": _files(facts, part, n),
        }
        published = published or event["action"] == A.PUBLISH


def _files(facts: Facts, part: str, n: int | None) -> list[Facts]:
    return [file for file in facts["files"] if (file["of"], file["n"]) == (part, n)]
