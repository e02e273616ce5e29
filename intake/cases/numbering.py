"""Tracking numbers and query codes (domain 3, "Tracking numbers")."""

import re
import secrets
import unicodedata
from datetime import date

from stdnum.iso7064 import mod_11_10

from storage.vocab import CaseType

PREFIX = {CaseType.COMPLAINT: "TS", CaseType.INQUIRY: "ZX", CaseType.SUGGESTION: "JY"}
_NUMBER = re.compile(r"(TS|ZX|JY)(\d{14})")
_LAST_SERIAL = 99_999


class BadNumber(ValueError):
    """Not a tracking number, or its check digit is wrong: 请核对单号."""


def tracking_no(kind: CaseType, day: date, serial: int) -> str:
    """``TS20261123000423``: prefix, date in Asia/Shanghai, five-digit serial, ISO 7064 MOD 11,10 check digit.

    Raises :class:`OverflowError` after 99,999 of one kind on one day.
    """
    if not 1 <= serial <= _LAST_SERIAL:
        raise OverflowError(f"serial {serial}")
    digits = f"{day:%Y%m%d}{serial:05d}"
    return f"{PREFIX[kind]}{digits}{mod_11_10.calc_check_digit(digits)}"


def normal_form(typed: str) -> str:
    """A number as people type it (spaces, hyphens, lower case, full width) in its one form.

    Raises :class:`BadNumber`.
    """
    plain = re.sub(r"[\s\-–—_.·]", "", unicodedata.normalize("NFKC", typed)).upper()
    found = _NUMBER.fullmatch(plain)
    if found is None or not mod_11_10.is_valid(found.group(2)):
        raise BadNumber(typed)
    return plain


def new_query_code() -> str:
    """Six digits that open one case to whoever has them."""
    return f"{secrets.randbelow(1_000_000):06d}"
