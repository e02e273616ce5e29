"""Likely duplicates are found, and what only looks alike is not: measured on pairs of its own."""

from pathlib import Path

import yaml

from intake.cases.likeness import ALIKE, likeness, spot

GROUPS = yaml.safe_load(Path(__file__).with_name("likeness.yml").read_text(encoding="utf-8"))


def test_precision_and_recall_on_the_set() -> None:
    same = [likeness(first, again) for first, again, _, _ in GROUPS]
    apart = [
        likeness(one, two)
        for first, again, other, elsewhere in GROUPS
        for one in (first, again)
        for two in (other, elsewhere)
    ]
    assert len(same) + len(apart) >= 120
    found, wrong = sum(score >= ALIKE for score in same), sum(score >= ALIKE for score in apart)
    assert found / len(same) >= 0.8
    assert found / (found + wrong) >= 0.9


def test_what_only_looks_like_a_place_is_none() -> None:
    assert spot("过马路太危险，学院路斑马线没了") == "学院路"
    assert spot("这条路一直没修") == ""


def test_order_does_not_matter() -> None:
    for first, again, _, _ in GROUPS:
        assert likeness(first, again) == likeness(again, first)
