"""What becomes of a push that failed. Pure; the classes are those of ``bot.wechat.errors`` (wechat 3.10)."""

from dataclasses import dataclass
from enum import Enum, auto

from bot.mail import MailAway, MailRefused
from bot.wechat.errors import ApiAway, ApiRefused, ErrorClass
from bot.wechat.token import TokenUnavailable
from intake.notices import NO_WAY_LEFT

Failure = ApiRefused | ApiAway | TokenUnavailable | MailRefused | MailAway
MOST_TRIES = 5
UNREACHABLE = "unreachable"
UNCONFIRMED = "unconfirmed"
NOT_SET_UP = "not_set_up"  # the reader unbound the WeChat or took the address away before it was sent
#: Refusals that speak of the citizen, not of the window: not following, blocked, refuses, unknown.
_GONE = frozenset({40003, 43004, 43019, 48002})
NO_CONSENT = 43101


class Do(Enum):
    """RETRY costs a try; WAIT does not, the interface is closed for everybody; OTHER_WAY tries the next
    way to this citizen; GIVE_UP ends the row."""

    RETRY = auto()
    WAIT = auto()
    OTHER_WAY = auto()
    GIVE_UP = auto()


class Closed(Enum):
    """How long an interface of the platform is left alone."""

    BRIEFLY = auto()
    A_MINUTE = auto()
    UNTIL_MIDNIGHT = auto()


@dataclass(frozen=True, slots=True)
class Verdict:
    """``reason``: for the row. ``unsent``: certainly nothing reached the citizen and the platform counted
    nothing, so the allowance is given back. ``close``: nobody uses this interface meanwhile."""

    do: Do
    reason: str
    unsent: bool = False
    close: Closed | None = None


def judge(failure: Failure, *, tries: int, repeatable: bool) -> Verdict:
    """What to do after a failure at try number ``tries``.

    ``repeatable``: the platform sends the same message once however often it is asked (``client_msg_id``).
    Without that, a message that perhaps arrived is never sent the same way again.
    """
    if isinstance(failure, TokenUnavailable):
        return Verdict(Do.WAIT, "no_token", unsent=True, close=Closed.BRIEFLY)
    if isinstance(failure, ApiAway | MailAway):
        return _away(failure, tries, repeatable)
    if isinstance(failure, MailRefused):
        again = MOST_TRIES if not failure.passing else tries
        return _again(f"refused:{failure.code}", again, unsent=True)
    return _refused(failure, tries)


def pause_seconds(tries: int) -> int:
    """The pause after try number ``tries``: 1, 2, 4, 8 seconds; minutes for mail and robots."""
    return int(2 ** (tries - 1))


def _away(failure: ApiAway | MailAway, tries: int, repeatable: bool) -> Verdict:
    if not failure.sent:
        return Verdict(Do.WAIT, failure.reason, unsent=True, close=Closed.BRIEFLY)
    if repeatable:
        return _again(failure.reason, tries, unsent=False)
    return Verdict(Do.OTHER_WAY, UNCONFIRMED)


def _again(reason: str, tries: int, *, unsent: bool) -> Verdict:
    return Verdict(Do.RETRY if tries < MOST_TRIES else Do.GIVE_UP, reason, unsent=unsent)


def _refused(failure: ApiRefused, tries: int) -> Verdict:
    reason = f"refused:{failure.errcode}"
    match failure.error_class:
        case ErrorClass.TRANSIENT:
            return _again(reason, tries, unsent=True)
        case ErrorClass.CONFIG | ErrorClass.TOKEN:  # a token refused again right after it was renewed
            return Verdict(Do.WAIT, reason, unsent=True, close=Closed.A_MINUTE)
        case ErrorClass.QUOTA:
            return Verdict(Do.WAIT, reason, unsent=True, close=Closed.UNTIL_MIDNIGHT)
        case ErrorClass.USER_STATE:
            return Verdict(Do.OTHER_WAY, UNREACHABLE if failure.errcode in _GONE else NO_WAY_LEFT)
        case ErrorClass.REQUEST | ErrorClass.OAUTH:
            return Verdict(Do.GIVE_UP, reason, unsent=True)
