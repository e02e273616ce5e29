"""What a message looks like to the classifier: character n-grams of four views of it, and word lists.

What is wanted mostly stands at the beginning or the end of a long message, or in the sentences that ask, so
these are seen apart beside the whole. The word lists (``dictionaries/*.txt``, one regular expression a line)
count how people complain, ask and propose whatever the matter is.
"""

import re
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion, Pipeline

from components.traditional import simplified

HEAD, TAIL, ASKED, MOST = 45, 45, 200, 3000
#: In a message this short a digit is a word: 88 is goodbye, 5 is a rating.
SHORT = 6
_SPACE = re.compile(r"(?<![a-z])\s+|\s+(?![a-z])")
_DIGITS = re.compile(r"\d+")
_LONG_NUMBER = re.compile(r"(?:ts|zx|jy)?[\d\- ]{8,}\d")
#: What is no Chinese sentence: kana, Hangul, other alphabets, markup and code, and words in Latin letters.
_SCRIPTS = tuple(
    re.compile(expression)
    for expression in (
        r"[\u4e00-\u9fff]",
        r"[a-z]{2,}",
        r"[\u0370-\u1fff\u3040-\u30ff\uac00-\ud7af]",
        r"[<>{}\[\]=;\\|%$]|://|\(\)",
        r"[\u2600-\u27bf\U0001f000-\U0001faff]",
        r"[a-z0-9+/=]{14,}",
    )
)
_POLITE_END = re.compile(
    r"(?:谢谢|感谢|多谢|辛苦了?|盼复|望回复|期待(?:您的|你们的)?回复|祝[^。！!]{0,12}|此致|敬礼|您|领导|们|各位|大家|了|一下"
    r"|[!！。.~～,，、\s])+$"
)


_SENTENCE = re.compile(r"(?<=[。！？!?；;])")
#: What a sentence has that asks for something, whatever it is.
_ASKING = re.compile(
    r"[请望恳求吗呢谁哪咋啥?？]|建议|能否|能不能|可否|是否|为什么|为何|何时|什么时候|怎么|如何|多少|咨询|想问|应该|应当|"
    r"不如|增设|何不|诉求|几时|解决|处理|整改|查处|给个|要求"
)


def plain(text: str) -> str:
    """The text as it is compared: NFKC, simplified, lower case, numbers as ``0``, order numbers as ``№``.

    Spaces go, but for those between two Latin words.
    """
    folded = simplified(unicodedata.normalize("NFKC", text[:MOST]).lower())
    folded = _LONG_NUMBER.sub("№", folded)
    if len(folded) <= SHORT:
        return _SPACE.sub("", folded)
    return _SPACE.sub("", _DIGITS.sub("0", folded))


def head(text: str) -> str:
    return "^" + text[:HEAD]


def tail(text: str) -> str:
    """The end of what is said, without the thanks that stand behind it."""
    return (_POLITE_END.sub("", text) or text)[-TAIL:] + "$"


def asked(text: str) -> str:
    """The sentences that ask for something, the last of them where there are many; else the end."""
    asking = [sentence for sentence in _SENTENCE.split(text) if _ASKING.search(sentence)]
    return "|".join(asking)[-ASKED:] or tail(text)


class View(BaseEstimator, TransformerMixin):  # type: ignore[misc]
    """Cuts one view out of plain texts; stateless."""

    def __init__(self, name: str) -> None:
        self.name = name

    def fit(self, _texts: list[str], _labels: object = None) -> "View":
        return self

    def transform(self, texts: list[str]) -> list[str]:
        cut = {"whole": str, "head": head, "tail": tail, "asked": asked}[self.name]
        return [cut(text) for text in texts]


class WordLists(BaseEstimator, TransformerMixin):  # type: ignore[misc]
    """Counts of each word list in the whole text, head and tail, the scripts, and the length as steps.

    ``lists`` is ``{name: expression}``. Columns: for each list log(1 + count) and presence in whole,
    head and tail; for each script its share of the text and whether it is there; then seven steps of length.
    """

    STEPS = (4, 8, 14, 25, 60, 150, 400)

    def __init__(self, lists: dict[str, str]) -> None:
        self.lists = lists

    def fit(self, _texts: list[str], _labels: object = None) -> "WordLists":
        return self

    def row(self, text: str) -> list[float]:
        out: list[float] = []
        first, last = head(text), tail(text)
        for expression in self.lists.values():
            pattern = re.compile(expression)
            count = sum(1 for _ in pattern.finditer(text))
            out += [
                float(np.log1p(count)),
                float(count > 0),
                float(pattern.search(first) is not None),
                float(pattern.search(last) is not None),
            ]
        return out + scripts(text) + [float(len(text) > step) for step in self.STEPS]

    def transform(self, texts: list[str]) -> csr_matrix:
        return csr_matrix(np.array([self.row(text) for text in texts], dtype=np.float32))


def scripts(text: str) -> list[float]:
    """For each of the scripts its share of the characters and whether it is there at all."""
    out: list[float] = []
    for pattern in _SCRIPTS:
        covered = sum(len(found[0]) for found in pattern.finditer(text))
        out += [covered / max(1, len(text)), float(covered > 0)]
    return out


def read_lists(folder: Path) -> dict[str, str]:
    """``dictionaries/*.txt`` as one alternation each; lines beginning with # are comments."""
    lists = {}
    for path in sorted(folder.glob("*.txt")):
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
        lists[path.stem] = "|".join(f"(?:{line})" for line in lines if line and not line.startswith("#"))
    return lists


def grams(view: str, longest: int, most: int) -> Pipeline:
    vectors = TfidfVectorizer(
        analyzer="char",
        ngram_range=(1, longest),
        min_df=2,
        max_features=most,
        sublinear_tf=True,
        dtype=np.float32,
    )
    return Pipeline([("view", View(view)), ("grams", vectors)])


def features(lists: dict[str, str], settings: dict[str, Any]) -> FeatureUnion:
    """All views side by side; the weights were chosen on messages that no example was made from."""
    most = settings["max_features"]
    parts: list[tuple[str, Any]] = [
        ("whole", grams("whole", 3, most)),
        ("head", grams("head", 3, most // 3)),
        ("tail", grams("tail", 3, most // 3)),
        ("asked", grams("asked", 3, most // 2)),
        ("lists", WordLists(lists)),
    ]
    return FeatureUnion(parts, transformer_weights={name: settings[f"{name}_weight"] for name, _ in parts})
