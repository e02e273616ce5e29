"""A question taken apart: what is asked for, what only surrounds it, and what is looked for."""

import pytest

from intake.commitments.known_words import OFFICIAL, Words, alike, asking, called, hinted
from intake.commitments.questions import MOST_TERMS, understood
from storage.terms import terms
from storage.vocab import Sector

STORY = (
    "俺跟老伴前天赶会回来看见隔壁婶子蹲门墩抹眼泪讲了半晌闲话又扯起村东头戏台子锣鼓队散伙那档子烂芝麻谷子，"
)


def _said(question: str) -> list[str]:
    return [one.text for one in understood(question).said]


def test_the_longest_of_known_words_is_found() -> None:
    assert list(Words(["公交", "公交卡", "卡丢"]).within("办公交卡丢了公交")) == [(1, "公交卡"), (6, "公交")]
    assert list(Words([]).within("公交")) == []


@pytest.mark.parametrize("slip", ["吃低宝", "公基金", "驾使证", "欠新不给"])
def test_a_slip_is_taken_for_the_word_that_shares_a_sign_with_it(slip: str) -> None:
    (one,) = understood(slip).said
    assert one.text in alike()
    assert one.text != slip
    assert set(one.text) & set(slip)


def test_what_only_sounds_like_a_word_is_not_taken_for_it() -> None:
    assert "兑现" in alike()
    assert _said("对县里") == ["对县里"]


@pytest.mark.parametrize("counted", ["三个月", "十来年", "好几趟", "五千块", "两口人"])
def test_how_many_says_nothing_of_the_matter(counted: str) -> None:
    assert _said(f"路灯，{counted}") == ["路灯"]


def test_a_character_alone_says_something_only_where_it_means_something() -> None:
    assert _said("不，坑，给") == ["坑"]


def test_what_a_matter_is_called_is_looked_for_before_the_story_around_it() -> None:
    assert len(terms(STORY)) > MOST_TERMS
    asked = understood(f"{STORY}老楼装个电梯").terms
    assert len(asked) == MOST_TERMS
    assert set(terms("加装电梯")) <= set(asked)


def test_part_of_a_name_hints_at_the_matter_unless_many_have_it() -> None:
    assert not alike().get("门卫")
    assert set(terms("无主管楼院")) <= set(understood("门卫").terms)
    assert "办理" not in hinted()


def test_an_entry_is_told_by_all_names_of_what_its_title_names() -> None:
    title = "既有住宅加装电梯补助"
    asked = understood("楼爬不动").weighed({})
    assert asked.covered(title, "") == 0
    assert asked.covered(title, called(title)) > 0


def test_a_side_of_the_matter_that_nobody_tells_is_untold() -> None:
    asked = understood("公积金账户怎么合并")
    assert asked.untold("住房公积金提取")
    assert not asked.untold("两个账户可以合并")
    assert not understood("公积金怎么提取").untold("住房公积金提取")


def test_which_sector_is_asked_for_is_told_by_the_matters_named() -> None:
    asked = understood("路灯坏了，医保卡")
    assert asked.of_sector(Sector.URBAN_MANAGEMENT) == 0.5
    assert understood("你好").of_sector(Sector.URBAN_MANAGEMENT) == 0


def test_matters_are_written_by_sector_and_have_official_names() -> None:
    assert set(asking()["matters"]) <= set(Sector)
    groups = [group for groups in asking()["matters"].values() for group in groups]
    assert all(group for group in groups)
    assert all(len(str(word)) > 1 for group in groups for word in group[:OFFICIAL])
