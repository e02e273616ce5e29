"""The labelled messages: every label a known one, nothing twice, nothing of what is only for measuring."""

import re
import sys
from collections import Counter

from bot.nlu.port import INTENTS
from bot.settings import ROOT
from storage.vocab import Breach, CaseType, Sector

sys.path.insert(0, str(ROOT / "nlu_data"))  # as in Rasa's environment, where it runs

from nlu_data import apart, expand

LABELLED = expand.labelled(ROOT / "nlu_data" / "labelled")
MATTERS = set(CaseType)


def test_every_label_is_a_known_one() -> None:
    assert {one.intent for one in LABELLED} <= set(INTENTS)
    assert {one.sector for one in LABELLED} - {""} == set(Sector)
    assert {one.breach for one in LABELLED} - {""} == set(Breach)
    wrong = [one.text for one in LABELLED if bool(one.breach) != (one.about and one.intent == "complaint")]
    assert wrong == []


def test_all_sectors_are_told_of_in_many_ways() -> None:
    counts = Counter(one.sector for one in LABELLED if one.intent in MATTERS)
    assert min(counts[sector] for sector in Sector) >= 60
    assert len(LABELLED) >= 5_000
    assert sum(len(one.text) >= 300 for one in LABELLED) >= 300


def test_no_message_stands_twice_and_none_names_a_phone() -> None:
    texts = Counter(one.text for one in LABELLED)
    assert [text for text, times in texts.items() if times > 1] == []
    assert [text for text in texts if re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", text)] == []


def test_what_measures_is_not_learned() -> None:
    measured = {m.text for name in apart.SETS for m in apart.read(apart.EVAL / name) if len(m.text) > 12}
    assert [one.text for one in LABELLED if one.text in measured] == []
