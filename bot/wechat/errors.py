"""What the API refuses with, and what is then to be done.

Source of the codes: developers.weixin.qq.com/doc/oplatform/developers/errCode/errCode.html and the pages of
the calls concerned. Nothing here carries a token, a secret or an openid.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class ErrorClass(StrEnum):
    """Why a call was refused, as far as it decides what to do next."""

    TRANSIENT = "transient"
    TOKEN = "token"
    CONFIG = "config"
    USER_STATE = "user_state"
    REQUEST = "request"
    QUOTA = "quota"
    OAUTH = "oauth"


@dataclass(frozen=True, slots=True)
class Policy:
    """``retry``: the same call may succeed later. ``alert``: an operator must act.

    ``fall_back``: this citizen must be reached another way. ``pause``: every call of this API waits
    (until midnight in Shanghai for quotas, until an operator acts for settings).
    """

    retry: bool = False
    alert: bool = False
    fall_back: bool = False
    pause: bool = False


POLICIES: Mapping[ErrorClass, Policy] = {
    ErrorClass.TRANSIENT: Policy(retry=True),
    ErrorClass.TOKEN: Policy(retry=True),
    ErrorClass.CONFIG: Policy(alert=True, pause=True),
    ErrorClass.USER_STATE: Policy(fall_back=True),
    ErrorClass.REQUEST: Policy(alert=True),
    ErrorClass.QUOTA: Policy(retry=True, alert=True, pause=True),
    ErrorClass.OAUTH: Policy(),
}

_CODES: dict[ErrorClass, tuple[int, ...]] = {
    ErrorClass.TRANSIENT: (-1, 45011),
    ErrorClass.TOKEN: (40001, 40014, 41001, 42001),
    ErrorClass.CONFIG: (40013, 40066, 40125, 40164, 40200, 41004, 48001, 48004, 50002, 61004, 61007),
    ErrorClass.USER_STATE: (40003, 43004, 43019, 43101, 45015, 45047, 48002),
    ErrorClass.REQUEST: (
        *(40007, 40033, 40036, 40037, 41030, 44004, 45002, 45008, 45072, 45080, 45081, 47001, 47003, 87014),
    ),
    ErrorClass.QUOTA: (45009, 48006),
    ErrorClass.OAUTH: (40029, 40030, 40163, 42002, 42003),
}
_CLASS_OF = {code: error_class for error_class, codes in _CODES.items() for code in codes}

_RID = re.compile(r"\brid:\s*([0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8})")
_SECRETS = re.compile(r"((?:access_token|secret|appsecret|code|ticket)=)[^&\s]+", re.IGNORECASE)
_LONG_WORD = re.compile(r"[A-Za-z0-9_\-]{28,}")
_MAX_MESSAGE = 200


def classify(errcode: int) -> ErrorClass:
    """The class of an errcode; one nobody has described is ``REQUEST``: not repeated, seen by a person."""
    return _CLASS_OF.get(errcode, ErrorClass.REQUEST)


class ApiRefused(Exception):
    """The platform answered with an errcode. ``rid`` is what Tencent's support asks for, or empty."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        self.errcode = errcode
        found = _RID.search(errmsg)
        self.rid = found[1] if found else ""
        self.errmsg = _cleaned(errmsg)
        self.error_class = classify(errcode)
        super().__init__(f"{errcode} {self.errmsg}")

    @property
    def policy(self) -> Policy:
        return POLICIES[self.error_class]


Away = Literal["unreachable", "timeout", "http_status", "not_json", "too_large", "broken_off"]


class ApiAway(Exception):
    """No answer that means anything. ``sent`` tells whether the platform may have acted all the same.

    A message that was perhaps sent must be repeated only when the call is idempotent (``client_msg_id``).
    """

    def __init__(self, reason: Away, *, sent: bool, status: int = 0) -> None:
        super().__init__(f"{reason} {status}" if status else reason)
        self.reason: Away = reason
        self.sent = sent
        self.status = status


class MediaRefused(Exception):
    """A file we do not take: ``too_large``, ``bad_address`` (not a public one), ``not_media``."""

    def __init__(self, reason: Literal["too_large", "bad_address", "not_media"]) -> None:
        super().__init__(reason)
        self.reason = reason


def _cleaned(errmsg: str) -> str:
    """The platform's words without tokens, secrets and openids, should it ever repeat one."""
    return _LONG_WORD.sub("…", _SECRETS.sub(r"\1…", errmsg))[:_MAX_MESSAGE]
