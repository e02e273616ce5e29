"""A digest in full, in few words and on a card."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.wechat.notices import load_notices
from bot.wechat.render import MAX_BYTES
from bot.wechat.robot import MAX_BYTES as OF_A_ROBOT
from bot.workers.digests import FEW, Digest, words
from storage.stores.reminders import ReminderRow
from storage.vocab import ClockKind
from tests.support.time import START

LINE = ReminderRow(
    commitment=None,
    id=1,
    tracking_no="TS20260303000012",
    clock="collaboration",
    rung="T+5",
    due_at=START,
    estimated=True,
    login="head",
    role="head",
    department="jiaoyu",
    channel="email",
    urgent=False,
    stands_for="away",
    at=START,
    digest_id=1,
    delivered=None,
)
NAMES = {"head": "示例负责人", "away": "示例外出的负责人"}


def digest(*lines: ReminderRow) -> Digest:
    return Digest(list(lines), "head", NAMES, "https://example.test/console")


def test_every_clock_has_its_word() -> None:
    assert set(words()["clock"]) == {kind.value for kind in ClockKind}


def test_a_long_digest_fits_and_says_how_many_are_left() -> None:
    long = digest(*(replace(LINE, id=n, due_at=START + timedelta(hours=n)) for n in range(40)))
    for text, most in ((long.text(), MAX_BYTES), (long.markdown(), OF_A_ROBOT)):
        assert len(text.encode()) <= most
        assert f"还有 {40 - FEW} 条" in text
        assert text.count(LINE.tracking_no) >= FEW
        assert "https://example.test/console/reminders" in text
    assert long.mail().count(f"/cases/{LINE.tracking_no}") == 40


def test_a_rung_that_a_city_made_up_is_said_as_it_is() -> None:
    assert "T-9" in digest(replace(LINE, rung="T-9")).mail()


@pytest.mark.parametrize("urgent", [True, False])
def test_the_sample_card_is_filled(urgent: bool) -> None:
    card = digest(replace(LINE, urgent=urgent)).card(load_notices()["reminder"])
    assert card["character_string1"]["value"] == LINE.tracking_no
    assert card["time4"]["value"] == "2026年3月3日 09:30"
    assert all(len(part["value"]) <= 32 for part in card.values())


def test_what_was_promised_leads_to_its_own_page() -> None:
    promised = replace(LINE, commitment="SL-JY-001", tracking_no="SL-JY-001", clock="fulfil")
    assert "https://example.test/console/commitments/SL-JY-001" in digest(promised).mail()
    assert "/console/cases/" in digest(LINE).mail()
