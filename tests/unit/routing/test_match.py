"""Which unit a text belongs to, and when that may be taken for sure."""

import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from intake.routing.match import Ranking, rank
from intake.routing.names import UnitIndex
from storage.vocab import CaseType

SENTENCES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "sentences.yml").read_text(encoding="utf-8")
)


def ranked(text: str, index: UnitIndex, **kwargs: Any) -> Ranking:
    return rank(text, index, case_type=CaseType.COMPLAINT, **kwargs)


def first_sector(row: dict[str, Any], index: UnitIndex) -> str:
    return index.unit(ranked(row["text"], index).candidates[0].code).sector.value


def test_the_first_candidates_sector_is_right(index: UnitIndex) -> None:
    rows = [row for row in SENTENCES if "sector" in row]
    wrong = [row["text"] for row in rows if first_sector(row, index) != row["sector"]]
    assert len(rows) >= 120
    assert len(wrong) <= 0.02 * len(rows), wrong


def test_the_unit_is_right_down_to_the_county(index: UnitIndex) -> None:
    rows = [row for row in SENTENCES if "unit" in row]
    wrong = [row["text"] for row in rows if ranked(row["text"], index).candidates[0].code != row["unit"]]
    assert len(wrong) <= 0.03 * len(rows), wrong


@pytest.mark.parametrize("row", [r for r in SENTENCES if r.get("sure") == "must"], ids=lambda r: r["text"])
def test_a_clear_text_needs_no_dispatcher(row: dict[str, Any], index: UnitIndex) -> None:
    assert ranked(row["text"], index).sure
    assert first_sector(row, index) == row["sector"]


@pytest.mark.parametrize("row", [r for r in SENTENCES if r.get("sure") == "never"], ids=lambda r: r["text"])
def test_an_unclear_text_waits_for_a_dispatcher(row: dict[str, Any], index: UnitIndex) -> None:
    assert not ranked(row["text"], index).sure


def test_being_sure_and_wrong_does_not_happen_here(index: UnitIndex) -> None:
    rows = [row for row in SENTENCES if "sector" in row and ranked(row["text"], index).sure]
    assert [row["text"] for row in rows if first_sector(row, index) != row["sector"]] == []


@pytest.mark.parametrize("text", ["", "。", "路灯不亮", "卫辉市教育局和新乡市教育局", "zzz" * 500])
def test_there_are_always_three_to_choose_from(text: str, index: UnitIndex) -> None:
    found = ranked(text, index).candidates
    unnamed = [index.unit(one.code).sector for one in found if one.kind != "named"]
    assert len(found) >= 3
    assert len(unnamed) == len(set(unnamed))
    assert all(0 <= one.score <= 1 and one.reason for one in found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_a_reason_tells_a_dispatcher_what_was_read(index: UnitIndex) -> None:
    named = ranked("卫辉市教育局不公布学区划分", index).candidates[0]
    assert named.reason == "文中提到“卫辉市教育体育局”；说到：学区"
    assert ranked("获嘉的路灯不亮", index).candidates[0].reason == "说到：路灯不亮；地点：获嘉县"


def test_a_hint_decides_where_words_do_not(index: UnitIndex) -> None:
    found = ranked("这个事情什么时候能办好", index, hints=["water"])
    assert found.candidates[0].code == "shuili"
    assert not found.sure
    assert ranked("这个事情什么时候能办好", index, hints=["新乡市民政局"]).candidates[0].code == "minzheng"


def test_a_unit_that_is_only_a_place_is_not_named(index: UnitIndex) -> None:
    assert ranked("教育局门口的路灯坏了", index).named == ()


def test_a_long_message_is_ranked_in_a_few_milliseconds(index: UnitIndex) -> None:
    text = ("我们小区门口的路灯不亮，卫辉市教育局旁边的下水道也堵了，物业公司不管，希望城管局处理。" * 40)[
        :1500
    ]
    times = []
    for _ in range(7):
        began = time.perf_counter()
        ranked(text, index)
        times.append(time.perf_counter() - began)
    assert min(times) < 0.03
