"""How well the sample registry answers questions: the first answer, the first three, and false ones.

``questions_dev.yml`` was written beside the code that answers, ``questions.yml``, ``questions_later.yml`` and
``questions_near.yml`` (two thirds near misses) apart from it and looked at since. ``questions_fourth.yml``
and ``questions_fifth.yml`` nobody who wrote words or code has looked at: they say what citizens get. An
answer is false that claims to be sure and is wrong, or answers what nothing in the registry does.
"""

from dataclasses import dataclass
from typing import Any

import pytest
import yaml

from bot.settings import ROOT
from intake import guides
from intake.commitments import known_words
from intake.commitments.answers import MOST, said
from intake.commitments.asking import Entry, Found, Kind, look_up, prepare
from intake.desk import Desk
from intake.registry import find_commitment, list_commitments, seed_sample
from intake.routing.match import rank
from storage.vocab import CaseType
from tests.conftest import Office
from tests.support.time import START

FOLDER = ROOT / "tests" / "unit" / "commitments"


@dataclass
class Judged:
    """Counted over the questions of a file."""

    answerable: int = 0
    unanswerable: int = 0
    first: int = 0
    three: int = 0
    sure: int = 0
    false: int = 0

    def add(self, wanted: set[str], found: Found) -> None:
        codes = [found.sure.code] if found.sure else [entry.code for entry in found.likely]
        right = bool(codes) and codes[0] in wanted
        self.answerable += bool(wanted)
        self.unanswerable += not wanted
        self.first += right
        self.three += bool(wanted & set(codes))
        self.sure += bool(found.sure) and right
        self.false += bool(found.sure) and not right


def _questions(name: str) -> list[tuple[str, set[str]]]:
    read: list[dict[str, Any]] = yaml.safe_load((FOLDER / name).read_text("utf-8"))
    return [(one["ask"], set(one.get("answers") or {one.get("answer", "none")}) - {"none"}) for one in read]


async def _ask(desk: Desk, question: str) -> Found:
    ranking = rank(question, desk.city.index, case_type=CaseType.INQUIRY)
    return await look_up(desk, question, departments=ranking.likely)


@pytest.mark.parametrize(
    ("name", "first", "three", "sure", "false"),
    [
        ("questions.yml", 0.96, 0.98, 0.72, 0.04),
        ("questions_dev.yml", 0.98, 0.98, 0.8, 0.04),
        ("questions_later.yml", 0.94, 0.97, 0.67, 0.04),
        ("questions_near.yml", 0.88, 0.95, 0.45, 0.03),
        ("questions_fourth.yml", 0.92, 0.97, 0.58, 0.05),
        ("questions_fifth.yml", 0.9, 0.95, 0.48, 0.05),
    ],
)
async def test_questions_are_answered(
    office: Office, name: str, *, first: float, three: float, sure: float, false: float
) -> None:
    judged = Judged()
    async with office() as desk:
        await seed_sample(desk.unit, desk.city, START)
        for question, wanted in _questions(name):
            judged.add(wanted, await _ask(desk, question))
    assert judged.first >= first * judged.answerable, judged
    assert judged.three >= three * judged.answerable, judged
    assert judged.sure >= sure * judged.answerable, judged
    assert judged.false <= false * judged.unanswerable, judged


@pytest.mark.parametrize(
    "question", ["", "？", "\x00", "👍", "怎么办", "请问一下", "a" * 10_000, "人家说要这样"]
)
async def test_what_asks_for_nothing_has_no_sure_answer(office: Office, question: str) -> None:
    async with office() as desk:
        await seed_sample(desk.unit, desk.city, START)
        assert (await _ask(desk, question)).sure is None


async def test_another_city_has_no_sure_answer(office: Office) -> None:
    async with office() as desk:
        await seed_sample(desk.unit, desk.city, START)
        assert (await _ask(desk, "公积金怎么提取")).sure is not None
        assert (await _ask(desk, "开封的公积金怎么提取")).sure is None


async def test_a_side_of_the_matter_that_no_entry_tells_is_offered_at_most(office: Office) -> None:
    async with office() as desk:
        await seed_sample(desk.unit, desk.city, START)
        assert (await _ask(desk, "公积金怎么提取")).sure is not None
        found = await _ask(desk, "公积金怎么提取，账户丢了赔不赔")
        assert found.sure is None
        assert "ZN-GJJ-TQ" in {entry.code for entry in found.likely}


async def test_part_of_what_a_matter_is_called_finds_it(office: Office) -> None:
    async with office() as desk:
        await seed_sample(desk.unit, desk.city, START)
        found = await _ask(desk, "俺娘腿疼，想要副梯子")
        assert "SL-ZJ-003" in {entry.code for entry in found.likely}


async def test_every_entry_says_itself_in_three_hundred_characters(office: Office) -> None:
    async with office() as desk:
        await seed_sample(desk.unit, desk.city, START)
        for kind, rows in (
            (Kind.COMMITMENT, await list_commitments(desk)),
            (Kind.GUIDE, await guides.listed(desk)),
        ):
            for row in rows:
                words = await said(desk, Entry(kind, row.code, row.title, row.department, 1.0))
                assert len(words) <= MOST, words
                assert row.title in words
                assert desk.city.unit_name(row.department) in words


async def test_a_commitment_says_how_it_stands(office: Office) -> None:
    async with office() as desk:
        await seed_sample(desk.unit, desk.city, START)
        row = await find_commitment(desk, "SL-ZZ-001")
        words = await said(desk, Entry(Kind.COMMITMENT, row.code, row.title, row.department, 1.0))
        for fact in ("一个月内安排到位", "2027年12月31日", "履行中", "示例〔2026〕6号"):
            assert fact in words


async def test_a_long_entry_is_cut_at_clauses_and_says_so(office: Office) -> None:
    async with office() as desk:
        await seed_sample(desk.unit, desk.city, START)
        long = {
            "code": "SL-ZZ-001",
            "text": "先登记，再公示。" * 200,
            "target": "一" * 300,
            "phone": "示例" * 50,
        }
        await desk.unit.registry.change_commitments([long], START)
        steps = {"code": "ZN-WL-DZ", "steps": ["一" * 500, "二"], "place": "某" * 200}
        await desk.unit.registry.change_guides([steps], START)
        for kind, code in ((Kind.COMMITMENT, "SL-ZZ-001"), (Kind.GUIDE, "ZN-WL-DZ")):
            words = await said(desk, Entry(kind, code, "", "", 1.0))
            assert len(words) <= MOST
            assert words.endswith("全文见链接。")


async def test_tables_are_built_before_the_first_question_where_there_is_anything_to_ask(
    office: Office,
) -> None:
    known_words.hinted.cache_clear()
    async with office() as desk:
        await prepare(desk.unit)
        assert known_words.hinted.cache_info().currsize == 0
        await seed_sample(desk.unit, desk.city, START)
        await prepare(desk.unit)
        assert known_words.hinted.cache_info().currsize == 1
