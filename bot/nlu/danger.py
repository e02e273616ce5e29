"""Whether somebody stands in danger now, from the characters of a message; the service's own ear.

The weights of ``danger_weights.tsv`` are learned by ``nlu_data/learn_danger.py`` from all examples. They
answer while Rasa is away, when an emergency must be heard as well as ever.
"""

import math
from functools import lru_cache
from pathlib import Path

from bot.nlu.promise_grams import flat, read_weights, weigh

WEIGHTS = Path(__file__).with_name("danger_weights.tsv")
COLUMN = "danger"
#: Log odds from which it counts as an emergency: of messages left out one in a hundred is a false alarm.
BORDER = 1.25


@lru_cache(maxsize=1)
def _weights() -> dict[str, tuple[float, ...]]:
    return read_weights(WEIGHTS)[1]


def odds(text: str) -> float:
    """The log odds of an emergency; any text."""
    return weigh(flat(text), _weights())[0]


def heard(text: str) -> tuple[bool, float]:
    """Whether ``text`` tells of an emergency, and how sure that is (0 to 1)."""
    found = odds(text)
    return found >= BORDER, 1 / (1 + math.exp(-found))
