"""How Chinese characters sound, since people type by sound: 公基金 is 公积金.

What is easily taken for each other in speech and typing (zh and z, ing and in) sounds the same here. Of a
character with several readings the commonest is taken, without a look at its neighbours.
"""

import os
import re
from functools import lru_cache

os.environ.setdefault(
    "PYPINYIN_NO_PHRASES", "true"
)  # words with readings of their own: 40 MB that nobody asks for

_THICK, _NASAL, _LIQUID = re.compile(r"^([zcs])h"), re.compile(r"(?<=[ie])ng$"), re.compile(r"^n(?=.)")
#: Before the sound of a term, so that no word is taken for one.
MARK = "0y"


@lru_cache(maxsize=8192)
def syllable(character: str, *, tone: bool = False) -> str:
    """The sound of one character, with the number of its ``tone``; other signs are their own."""
    from pypinyin import Style, lazy_pinyin  # weighs 12 MB: only for those who search by sound

    read = lazy_pinyin(character, style=Style.TONE3 if tone else Style.NORMAL)
    return read[0] if tone else _NASAL.sub("n", _THICK.sub(r"\1", read[0]))


@lru_cache(maxsize=8192)
def spoken(text: str, *, tone: bool = False) -> str:
    """The syllables of a text, each between dots: one text sounds in another where it is ``in`` it. Without
    ``tone``, n and l are one too; not in :func:`sound_of`, by which entries are stored."""
    heard = (syllable(character, tone=tone) for character in text)
    return "." + "".join((one if tone else _LIQUID.sub("l", one)) + "." for one in heard)


def sound_of(pair: str) -> str:
    """The term under which a pair of characters stands by its sound."""
    return MARK + "".join(syllable(character) for character in pair)
