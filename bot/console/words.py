"""The words of the console's pages, by kind and code."""

from functools import cache
from pathlib import Path

from intake.yaml_file import read_yaml


@cache
def words() -> dict[str, dict[str, str]]:
    """Kind → code → what people read."""
    read: dict[str, dict[str, str]] = read_yaml(Path(__file__).with_name("words.yml"))
    return read


def word(code: object, kind: str) -> str:
    """What people read for a code; the code itself where there is no word yet."""
    return words().get(kind, {}).get(str(code), str(code)) if code is not None else ""
