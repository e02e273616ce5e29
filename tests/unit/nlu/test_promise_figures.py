"""How often a promise and its breach are heard, on messages that nothing was learned from.

The floors are those that the service promises for messages it has never seen (``promises.yml``).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from bot.nlu.promise import about_commitment, breaches

MEASURED = Path(__file__).with_name("promises.yml")
LEARNED = Path(__file__).parents[3] / "nlu_data" / "promises.yml"


class Said(NamedTuple):
    text: str
    intent: str
    about: bool
    breach: str


def said(path: Path) -> Iterator[Said]:
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    for key, texts in told["about"].items():
        intent, breach = ("inquiry", "") if key == "none" else ("complaint", key.split("/")[0])
        yield from (Said(text, intent, True, breach) for text in texts)
    for intent, texts in told["not_about"].items():
        yield from (Said(text, intent, False, "") for text in texts)


@pytest.fixture(scope="module")
def messages() -> list[Said]:
    return list(said(MEASURED))


def test_nothing_measured_was_learned(messages: list[Said]) -> None:
    assert not {one.text for one in messages} & {one.text for one in said(LEARNED)}


def test_promises_stand_above_ordinary_grievances(messages: list[Said]) -> None:
    figures = [(about_commitment(one.text, one.intent), one.about) for one in messages]
    yes = [figure for figure, about in figures if about]
    no = [figure for figure, about in figures if not about]
    above = sum((a > b) + 0.5 * (a == b) for a in yes for b in no) / (len(yes) * len(no))
    assert above >= 0.97
    assert sum(figure >= 0.5 for figure in yes) / len(yes) >= 0.95
    assert sum(figure >= 0.5 for figure in no) / len(no) <= 0.08


def test_the_breach_is_named(messages: list[Said]) -> None:
    broken = [one for one in messages if one.breach]
    right = sum(
        [code.value for code, _ in breaches(one.text, one.intent)][:1] == [one.breach] for one in broken
    )
    assert right / len(broken) >= 0.85
