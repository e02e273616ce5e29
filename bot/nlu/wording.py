"""Word rules kept beside the code in YAML: lists of regular expressions, ``{name}`` for a list."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from intake.yaml_file import read_yaml

_HERE = Path(__file__).resolve().parent
_NAME = re.compile(r"\{([a-z]+)\}")


def rules(name: str) -> dict[str, Any]:
    """The rules of ``bot/nlu/<name>.yml``; raises at start when the file is missing or no YAML."""
    loaded: dict[str, Any] = read_yaml(_HERE / f"{name}.yml")
    return loaded


def either(lines: Sequence[str], lists: Mapping[str, Sequence[str]] | None = None) -> re.Pattern[str]:
    """One pattern for all ``lines``; ``{name}`` in a line stands for any line of ``lists[name]``."""
    known = lists or {}

    def named(match: re.Match[str]) -> str:
        return "(?:" + "|".join(known[match[1]]) + ")"

    return re.compile("|".join(_NAME.sub(named, line) for line in lines))
