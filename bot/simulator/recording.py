"""A chat written down as a script: what the citizen did, and what must be read again when it is played.

Of each answer two lines stand as expected that hold no figures: numbers, dates and times are others the next
time. Numbers of cases and query codes are remembered where they are first read and filled in where they come
again.
"""

import re
from collections.abc import Iterable
from typing import Any

import yaml

from bot.simulator.transcript import PUSHES, Entry

LINES = 2
SHORTEST = 4
GAP = 3600  # seconds of the simulated clock that are worth a step
MEDIA = {
    "image": "photo",
    "voice": "voice",
    "video": "video",
    "location": "location",
    "file": "file",
    "link": "link",
}
REMEMBERED = {
    "number": re.compile(r"((?:TS|ZX|JY)\d{14})"),
    "code": re.compile(r"查询码：(\d{6})"),
}


class Recording:
    """Makes the steps from entries, oldest first."""

    def __init__(self) -> None:
        self.steps: list[dict[str, Any]] = []
        self._known: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def take(self, entry: Entry, seconds: float) -> None:
        """One entry, which came ``seconds`` after the one before."""
        if seconds >= GAP:
            self.steps.append({"advance": f"{round(seconds)}s"})
        if entry.side == "citizen":
            self._act(entry)
        elif entry.side == "platform":
            self._beside(entry)
        elif entry.kind in PUSHES:
            self.steps.append({"expect_push": self._lines(entry)} | self._remembered(entry))
        elif self.steps:
            self.steps[-1] |= {"expect": self._lines(entry)} | self._remembered(entry)

    def _act(self, entry: Entry) -> None:
        media = MEDIA.get(entry.kind)
        self.steps.append({media: True} if media else {"say": self._filled(entry.text)})

    def _beside(self, entry: Entry) -> None:
        extra = entry.extra
        if extra.get("event"):
            key = {"key": str(extra["key"])} if extra.get("key") else {}
            self.steps.append({"event": str(extra["event"]), **key})
        elif extra.get("consent"):
            self.steps.append({"consent": str(extra["consent"])})
        elif entry.kind == "tip" and self.steps:
            self.steps[-1]["expect_tip"] = True

    def _lines(self, entry: Entry) -> list[str]:
        words = str(entry.shown()["words"])
        steady = [line.strip() for line in words.split("\n") if not re.search(r"\d", line)]
        good = [line for line in steady if len(line) >= SHORTEST and "__" not in line][:LINES]
        return good or [self._filled(text) for text in self._known if text in words][:1]

    def _remembered(self, entry: Entry) -> dict[str, Any]:
        """What a later step may say again, by the name under which it is filled in."""
        patterns = {}
        for kind, pattern in REMEMBERED.items():
            found = pattern.search(str(entry.shown()["words"]))
            if found and found[1] not in self._known:
                self._counts[kind] = self._counts.get(kind, 0) + 1
                name = f"{kind}{self._counts[kind]}"
                self._known[found[1]] = name
                patterns[name] = pattern.pattern
        return {"remember": patterns} if patterns else {}

    def _filled(self, text: str) -> str:
        for value, name in self._known.items():
            text = text.replace(value, f"${{{name}}}")
        return text


def script_of(entries: Iterable[Entry], title: str) -> str:
    """The YAML of a chat."""
    recording, before = Recording(), None
    for entry in entries:
        recording.take(entry, (entry.at - before).total_seconds() if before else 0)
        before = entry.at
    steps = [{name: value for name, value in step.items() if value != []} for step in recording.steps]
    text = yaml.safe_dump([step for step in steps if step], allow_unicode=True, sort_keys=False, width=1000)
    return f"# {title}\n{text}"
