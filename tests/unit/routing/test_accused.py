"""Whom a text accuses. A miss exposes a reporter; a false one sends an ordinary complaint the long way."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from intake.routing.accused import accusation
from intake.routing.names import UnitIndex

SENTENCES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "accused.yml").read_text(encoding="utf-8")
)
CRITICAL = [row for row in SENTENCES if row.get("critical")]


def right(row: dict[str, Any], index: UnitIndex) -> bool:
    found = accusation(row["text"], index)
    return set(found.units) == set(row["units"]) and found.people is row["people"]


@pytest.mark.parametrize("row", CRITICAL, ids=lambda row: row["text"])
def test_a_sentence_that_people_depend_on(row: dict[str, Any], index: UnitIndex) -> None:
    found = accusation(row["text"], index)
    assert (set(found.units), found.people) == (set(row["units"]), row["people"])


def test_nearly_all_sentences_are_read_right(index: UnitIndex) -> None:
    wrong = [row["text"] for row in SENTENCES if not right(row, index)]
    assert len(wrong) <= 0.03 * len(SENTENCES), wrong


def test_ordinary_sentences_accuse_nobody(index: UnitIndex) -> None:
    ordinary = [row for row in SENTENCES if not row["units"] and not row["people"]]
    assert len(ordinary) >= 60
    assert [row["text"] for row in ordinary if not right(row, index)] == []


def test_a_bureau_of_an_unknown_county_may_be_any_of_them(index: UnitIndex) -> None:
    found = accusation("县教育局答应的事没兑现。", index)
    assert {"huojia-jiaoyu", "yuanyang-jiaoyu", "xinxiangxian-jiaoyu"} <= set(found.units)
    assert "jiaoyu" not in found.units


def test_the_citys_bureau_in_a_text_about_a_county_level_city_may_be_either(index: UnitIndex) -> None:
    found = accusation("我在卫辉，市教育局不给办转学，一直推诿。", index)
    assert set(found.units) == {"weihui-jiaoyu", "jiaoyu"}
