"""What of a text can be searched: overlapping pairs of Chinese characters, words and numbers.

Most Chinese words have two characters and nothing stands between them, so every two neighbours are a term.
The last character of a run stands alone as well: whoever looks for one character finds all terms it begins.
"""

import re
import unicodedata
from collections.abc import Iterable

from storage.sounds import sound_of

#: Runs of Chinese characters, and of letters and digits; whatever else there is cannot be searched.
RUNS = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+|[a-z0-9]+")
#: A word that stands in the title stands among the terms with this letter before it too.
IN_TITLE = "t"
LONGEST = 20_000
LONGEST_WORD = 64
MOST_ASKED = 160


def plain(text: str) -> str:
    """The text as it is compared: one width of letters, small ones."""
    return unicodedata.normalize("NFKC", text[:LONGEST]).lower()


def terms(text: str) -> list[str]:
    """The terms of a text, each once, in their order."""
    found = (term for run in RUNS.findall(plain(text)) for term in _of(run))
    return list(dict.fromkeys(found))


def written(title: str, others: Iterable[str]) -> str:
    """The terms of an entry, a blank between them, as the database searches them."""
    titled = [term for run in RUNS.findall(plain(title)) for term in _of(run, last=True)]
    rest = [term for text in others for run in RUNS.findall(plain(text)) for term in _of(run, last=True)]
    sounds = [sound_of(term) for term in titled if is_pair(term)]
    return " ".join(dict.fromkeys([IN_TITLE + term for term in titled] + titled + rest + sounds))


def is_pair(term: str) -> bool:
    """Whether a term is two Chinese characters: those alone are also found by their sound, in titles."""
    return len(term) == 2 and term[0] >= "\u3400"


def compact(code: str) -> str:
    """A code without what stands between its parts: SL-JY-001 is found as sljy001 too."""
    return "".join(RUNS.findall(plain(code)))


def _of(run: str, *, last: bool = False) -> list[str]:
    if run[0] < "\u3400":
        return [run[:LONGEST_WORD]]
    pairs = [run[at : at + 2] for at in range(len(run) - 1)]
    return [*pairs, run[-1]] if last or not pairs else pairs
