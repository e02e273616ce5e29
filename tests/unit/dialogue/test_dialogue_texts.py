"""Every text is used, every used text exists, and the words are what citizens should read."""

import ast
import re
import string
from pathlib import Path

import pytest

from bot.dialogue.texts import all_texts, say
from intake.cases.states import STATE_NAMES
from storage.vocab import CaseState, CaseType, DeclineCode, Mode, News, Outcome, ReporterKind

SOURCES = [*Path("bot/dialogue").glob("*.py"), Path("bot/turn.py")]
FAMILIES = {
    "type": [kind.value for kind in CaseType],
    "mode": [mode.value for mode in Mode],
    "kind": [kind.value for kind in ReporterKind],
    "outcome": [outcome.value for outcome in Outcome],
    "decline": [code.value for code in DeclineCode],
    "file": ["image", "voice", "video", "location", "link", "file"],
    "stars": list("12345"),
}
MADE = {
    *(f"{family}_{value}" for family, values in FAMILIES.items() for value in values),
    *(f"ask_what_{kind.value}" for kind in CaseType),
    *(
        f"next_{notice}"
        for notice in (
            *("filed", "dispatched", "date_changed", "question", "answered", "reopened", "closed"),
            *("declined", "commitment_news", "transcribed", "desk_reply", "rate_again", "opinion_answered"),
        )
    ),
    *(f"{family}_{kind.value}" for family in ("news", "short") for kind in News),
}
JARGON = re.compile(r"openid|token|系统异常|参数|报错|接口|数据库|NLU|会话|意图")


def literals() -> set[str]:
    """Every string that stands in the code."""
    found: set[str] = set()
    for source in SOURCES:
        tree = ast.parse(source.read_text(encoding="utf-8"))
        found |= {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    return found


def said_keys() -> set[str]:
    """The keys that ``say`` is called with directly."""
    keys: set[str] = set()
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    keys.add(first.value)
    return keys


def test_every_text_that_is_said_exists() -> None:
    assert (said_keys() | MADE) - set(all_texts()) == set()


def test_every_text_is_said_somewhere() -> None:
    assert set(all_texts()) - literals() - MADE == set()


def test_a_missing_text_or_fact_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("no_such_text")
    with pytest.raises(KeyError):
        say("filed_number")


def test_braces_in_a_citizens_words_stay_as_they_are() -> None:
    assert say("confirm_what", what="{0}{type}") == "事情：{0}{type}"


def test_texts_are_short_and_plain() -> None:
    for key, text in all_texts().items():
        assert 0 < len(text) <= 200, key
        assert not JARGON.search(text), key
        fields = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
        assert all(re.fullmatch(r"[a-z_]+", name) for name in fields), key


def test_every_state_has_a_name_for_people() -> None:
    assert set(STATE_NAMES) == set(CaseState)
