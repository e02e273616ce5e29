"""The words of the console's pages, by kind and code."""

from functools import cache
from pathlib import Path

import yaml


@cache
def words() -> dict[str, dict[str, str]]:
    """Kind → code → what people read."""
    read: dict[str, dict[str, str]] = yaml.safe_load(
        Path(__file__).with_name("words.yml").read_text(encoding="utf-8")
    )
    return read


def word(code: object, kind: str) -> str:
    """What people read for a code; the code itself where there is no word yet."""
    return words().get(kind, {}).get(str(code), str(code)) if code is not None else ""
