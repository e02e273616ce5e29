"""Every word that citizens read, from ``texts.yml``."""

from functools import cache
from pathlib import Path

from intake.yaml_file import read_yaml

FILE = Path(__file__).with_name("texts.yml")


@cache
def all_texts() -> dict[str, str]:
    """The texts by key."""
    return {key: str(text).strip() for key, text in read_yaml(FILE).items()}


def say(key: str, **facts: object) -> str:
    """The text of ``key`` with its ``{facts}`` filled in; :class:`KeyError` where either is missing.

    A fact is never read for braces of its own: a citizen's words come out as they are.
    """
    return all_texts()[key].format_map(facts)
