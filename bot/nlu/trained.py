"""The trained models of this machine, and whether each passed the gate."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.settings import ROOT

FOLDER = ROOT / "nlu_data" / "models"
REPORT = ROOT / "nlu_data" / "eval" / "report"
ENDING = ".tar.gz"


@dataclass(frozen=True, slots=True)
class Stored:
    """``learned``: made with accepted examples, so that only the gate lets it in; ``gate`` its report."""

    name: str
    trained_at: datetime
    learned: bool
    gate: dict[str, Any]

    @property
    def offered(self) -> bool:
        return not self.learned or bool(self.gate.get("passed"))


def stored(folder: Path = FOLDER) -> list[Stored]:
    """Every model, newest first."""
    found = [_stored(path) for path in folder.glob(f"*{ENDING}")]
    return sorted(found, key=lambda one: one.trained_at, reverse=True)


def offered(folder: Path = FOLDER) -> frozenset[str]:
    """The names that may be chosen."""
    return frozenset(one.name for one in stored(folder) if one.offered)


def report(name: str, folder: Path = REPORT) -> dict[str, Any]:
    """A report that ``make nlu-test`` left; empty where there is none that can be read."""
    return _json(folder / name)


def _stored(path: Path) -> Stored:
    name = path.name.removesuffix(ENDING)
    trained = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return Stored(name, trained, name.startswith("learned-"), _json(path.with_name(f"{name}.gate.json")))


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
