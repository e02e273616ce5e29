"""What a push says: number, what happened, what comes next and by when."""

from typing import Any

import pytest

from bot.dialogue.pushes import notice_facts, push_reply
from bot.wechat.notices import NOTICES, STAFF, fill, load_notices
from bot.wechat.render import MAX_BYTES, plain_text
from storage.vocab import News

NUMBER = "TS20261123000423"
FACTS: dict[str, Any] = {
    "tracking_no": NUMBER,
    "type": "complaint",
    "state": "handling",
    "department": "新乡市城市管理局",
    "phone": "示例电话",
    "answer": "已经修好。",
    "outcome": "resolved",
    "planned_on": "",
    "due": "2026-12-07",
    "estimated": False,
    "decline_code": "litigation",
    "reason": "已进入诉讼",
    "text": "路灯在小学东门还是西门？",
    "transcript": "俺村的水管坏了",
    "title": "新校区开放",
    "date": "2026-11-23",
}
TO_CITIZENS = [notice for notice in NOTICES if notice not in STAFF]
OF_A_CASE = sorted({*TO_CITIZENS, "transcribed"} - {"commitment_news"})


@pytest.mark.parametrize("notice", OF_A_CASE)
def test_every_push_about_a_case_names_it_and_fits(notice: str) -> None:
    reply = push_reply(notice, FACTS)
    assert NUMBER in reply.text
    assert len(reply.text) <= 600
    long = push_reply(notice, {**FACTS, "answer": "长" * 5000, "text": "长" * 5000, "reason": "长" * 900})
    assert len(long.text) <= 600
    assert len(plain_text(long).encode()) <= MAX_BYTES
    assert plain_text(long).startswith(long.text)


def test_an_answer_can_be_rated_from_the_push() -> None:
    reply = push_reply("answered", FACTS)
    assert "已解决" in reply.text
    assert "已经修好。" in reply.text
    assert "不满意 原因" in reply.text
    assert [button.word for button in reply.buttons] == [f"评价 {n} {NUMBER}" for n in (5, 4, 3, 2, 1)]


def test_an_answer_says_until_when_it_can_be_rated() -> None:
    told = {**FACTS, "rate_by": "2026-12-14"}
    assert "2026年12月14日（周一）前" in push_reply("answered", told).text
    assert notice_facts("answered", told)["next"] == "请在12月14日前打开公众号评价"


def test_a_long_answer_can_be_read_in_full() -> None:
    reply = push_reply("answered", {**FACTS, "answer": "长" * 900})
    assert reply.buttons[0].word == f"全文 {NUMBER} 1"


def test_dates_are_said_and_estimates_are_called_so() -> None:
    assert "2026年12月7日（周一）前" in push_reply("dispatched", FACTS).text
    assert "预计2026年12月7日" in push_reply("date_changed", {**FACTS, "estimated": True}).text
    assert "计划完成" in push_reply("answered", {**FACTS, "planned_on": "2027-03-31"}).text


def test_a_refusal_says_why_and_offers_the_appeal() -> None:
    reply = push_reply("declined", FACTS)
    assert "法院" in reply.text
    assert [button.word for button in reply.buttons] == [f"申诉 {NUMBER}"]


def news_of(kind: str, **more: Any) -> dict[str, Any]:
    usual = {"code": "SL-1", "title": "示例新校区开放", "percent": 50, "text": "封顶", "due_on": "2026-12-07"}
    return {**usual, "kind": kind, "closes_on": "2026-12-07", "followed": True, **more}


@pytest.mark.parametrize("kind", News)
def test_news_of_every_kind_are_said_and_fit(kind: News) -> None:
    one = news_of(kind)
    assert "示例新校区开放" in push_reply("commitment_news", {"items": [one]}).text
    long = [one | {"title": "长" * 200, "text": "长" * 5000, "followed": False}] * 9
    reply = push_reply("commitment_news", {"items": long})
    assert len(reply.text) <= 600
    assert len(plain_text(reply).encode()) <= MAX_BYTES
    assert plain_text(reply).startswith(reply.text)
    assert "还有5条" in reply.text


def test_the_card_of_a_digest_names_the_first_and_how_many() -> None:
    items = [news_of(News.OVERDUE), news_of(News.BROKEN, code="SL-2")]
    facts = {"items": items, "department": "新乡市教育局", "date": "2026-11-23"}
    told = notice_facts("commitment_news", facts)
    assert (told["title"], told["state"]) == ("示例新校区开放等2项", "已过期限")
    filled = fill(load_notices()["commitment_news"], told)
    assert all(field["value"] for field in filled.values())


def test_an_opinions_answer_says_whether_it_is_adopted_and_why() -> None:
    facts = {"title": "示例新校区开放", "adopted": False, "why": "已有别的安排"}
    text = push_reply("opinion_answered", facts).text
    assert "没有采纳" in text
    assert "已有别的安排" in text
    assert notice_facts("opinion_answered", facts)["title"] == "示例新校区开放"


def test_a_persons_answer_is_passed_on() -> None:
    assert "请到窗口来" in push_reply("desk_reply", {"text": "请到窗口来"}).text


def test_unknown_notices_are_an_error() -> None:
    with pytest.raises(KeyError):
        push_reply("gossip", FACTS)


@pytest.mark.parametrize("notice", TO_CITIZENS)
def test_the_sample_templates_are_filled(notice: str) -> None:
    filled = fill(load_notices()[notice], notice_facts(notice, FACTS))
    assert all(field["value"] for field in filled.values())


def test_templates_hold_nothing_of_the_contents() -> None:
    values = notice_facts("answered", FACTS)
    assert "修好" not in "".join(values.values())
    assert values["what"] == "投诉举报"
    assert values["tracking_no"] == NUMBER


def test_a_date_that_the_calendar_moved_says_so() -> None:
    assert "放假安排" in push_reply("date_changed", {**FACTS, "why": "calendar"}).text
    assert "放假安排" not in push_reply("date_changed", FACTS).text
