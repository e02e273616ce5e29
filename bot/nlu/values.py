"""What is read from a message by tested rules: order numbers, phones, dates, amounts.

Each entity stands where its ``start`` and ``end`` say in the message as it was typed.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from bot.nlu.amounts import amounts
from bot.nlu.dates import dates
from bot.nlu.numerals import folded
from bot.nlu.port import Entity

_GAP = r"[\s\-_.·:：#‐‑–—]{0,3}"
_TRACKING = re.compile(
    rf"(?<![a-z])(?P<prefix>t\s?s|z\s?x|j\s?y)(?P<digits>(?:{_GAP}[0-9]){{14}})(?![0-9])", re.IGNORECASE
)
_PHONE = re.compile(
    r"(?<![0-9])(?:\+?86[\s-]?)?(?P<phone>1[3-9][0-9](?:[0-9]{8}|[\s-][0-9]{4}[\s-][0-9]{4}|[0-9][\s-][0-9]{3}[\s-][0-9]{4}))"
    r"(?![0-9])"
)
_NOT_DIGIT = re.compile(r"[^0-9]")


def entities(text: str, *, today: date) -> tuple[Entity, ...]:
    """Everything that the rules find, in the order of the text, none overlapping. Never raises.

    ``tracking_no`` is normalised to ``TS20261123000423`` whether or not its check digit is right
    (domain 3, Tracking numbers: numbers are typed in any way a person types them).
    """
    flat = folded(text)
    kept: list[Entity] = []
    for found in (tracking_numbers(flat), phones(flat), dates(flat, today=today), amounts(flat)):
        kept += [entity for entity in found if _free(entity, kept)]
    return tuple(replace(e, text=text[e.start : e.end]) for e in sorted(kept, key=lambda e: e.start))


def _free(entity: Entity, kept: Iterable[Entity]) -> bool:
    return not any(k.start < entity.end and entity.start < k.end for k in kept)


def tracking_numbers(flat: str) -> Iterator[Entity]:
    """Order numbers of a folded text in normal form: prefix and 14 digits."""
    for match in _TRACKING.finditer(flat):
        prefix = re.sub(r"\s", "", match["prefix"]).upper()
        value = prefix + _NOT_DIGIT.sub("", match["digits"])
        yield Entity("tracking_no", match[0], *match.span(), value)


def phones(flat: str) -> Iterator[Entity]:
    """Mobile numbers of a folded text as 11 digits."""
    for match in _PHONE.finditer(flat):
        yield Entity("phone", match[0], *match.span(), _NOT_DIGIT.sub("", match["phone"]))
