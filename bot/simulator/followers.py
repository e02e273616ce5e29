"""The citizens, and how many customer-service messages the account may send each of them.

Source: developers.weixin.qq.com/doc/service/en/guide/product/kf/intro.html.
"""

import hashlib
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.simulator.errors import Refused

OPENID = re.compile(r"^[\w-]{28}$", re.ASCII)
STEMS = "甲乙丙丁戊己庚辛壬癸"
TYPING_NEEDS = timedelta(seconds=30)
TYPING_LASTS = timedelta(seconds=15)


class Trigger(StrEnum):
    """What a citizen did that lets the account write to him."""

    MESSAGE = "message"
    MENU = "menu"
    FOLLOW = "follow"
    SCAN = "scan"


ALLOWS = {
    Trigger.MESSAGE: (5, timedelta(hours=48)),
    Trigger.MENU: (3, timedelta(minutes=1)),
    Trigger.FOLLOW: (3, timedelta(minutes=1)),
    Trigger.SCAN: (3, timedelta(minutes=1)),
}
"""Messages and for how long."""


@dataclass(slots=True)
class Grant:
    """Messages left of one trigger."""

    left: int
    until: datetime


@dataclass(slots=True)
class Follower:
    """One citizen. ``blocks`` means that he follows but has refused all messages."""

    openid: str
    name: str
    follows: bool = True
    blocks: bool = False
    followed_at: datetime | None = None
    last_contact: datetime | None = None
    typing_until: datetime | None = None
    grants: dict[Trigger, Grant] = field(default_factory=dict)


class Followers:
    """Citizens by openid; whoever is met first here follows the account from then on."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._of: dict[str, Follower] = {}

    def __iter__(self) -> Iterator[Follower]:
        return iter(self._of.values())

    def get(self, openid: str) -> Follower:
        """Raises Refused 40003 for someone the account never met."""
        try:
            return self._of[openid]
        except KeyError:
            raise Refused(40003) from None

    def meet(self, openid: str = "", name: str = "") -> Follower:
        """The citizen with this openid (28 characters), made when new; none given: the next new citizen.

        Raises ValueError for an impossible openid.
        """
        openid = openid or next(each for each in map(openid_of, itertools.count()) if each not in self._of)
        if not OPENID.match(openid):
            raise ValueError("an openid is 28 letters, digits, _ or -")
        if openid not in self._of:
            called = name or name_of(len(self._of))
            self._of[openid] = Follower(openid, called, followed_at=self._now())
        return self._of[openid]

    def contacted(self, openid: str, trigger: Trigger) -> None:
        """The citizen did something: his allowance for it starts anew."""
        follower, (count, lasts) = self.meet(openid), ALLOWS[trigger]
        follower.last_contact = self._now()
        follower.grants[trigger] = Grant(count, self._now() + lasts)

    def happened(self, openid: str, event: str, trigger: Trigger | None) -> None:
        """An event of his: he may follow (again) or leave, and gives an allowance when there is a trigger."""
        follower = self.meet(openid)
        if event == "subscribe":
            follower.follows, follower.followed_at = True, self._now()
        elif event == "unsubscribe":
            follower.follows = False
            follower.grants.clear()
        if trigger:
            self.contacted(openid, trigger)

    def allowance(self, openid: str) -> int:
        """Customer-service messages that may be sent now."""
        return sum(grant.left for grant in self._open(self.get(openid)))

    def spend(self, openid: str) -> None:
        """Uses one message, of what ends first. Raises Refused 45015 outside a window, 45047 when used up."""
        follower = self.get(openid)
        grants = self._open(follower)
        if not follower.follows or not grants:
            raise Refused(45015)
        usable = [grant for grant in grants if grant.left]
        if not usable:
            raise Refused(45047)
        usable[0].left -= 1
        follower.typing_until = None

    def typing(self, openid: str, command: str) -> None:
        """Shows or ends 对方正在输入. Raises Refused 45072, 45080 or 45081."""
        follower, now = self.get(openid), self._now()
        if command not in ("Typing", "CancelTyping"):
            raise Refused(45072)
        if follower.last_contact is None or now - follower.last_contact > TYPING_NEEDS:
            raise Refused(45080)
        if command == "CancelTyping":
            follower.typing_until = None
        elif follower.typing_until and now < follower.typing_until:
            raise Refused(45081)
        else:
            follower.typing_until = now + TYPING_LASTS

    def _open(self, follower: Follower) -> list[Grant]:
        now = self._now()
        grants = (grant for grant in follower.grants.values() if now < grant.until)
        return sorted(grants, key=lambda grant: grant.until)


def openid_of(number: int) -> str:
    """The openid of the n-th sample citizen: the same in every run, 28 characters."""
    return "o" + hashlib.sha256(f"sample citizen {number}".encode()).hexdigest()[:27]


def name_of(number: int) -> str:
    """示例群众甲 … 示例群众癸, then with numbers."""
    round_, place = divmod(number, len(STEMS))
    return f"示例群众{STEMS[place]}{round_ + 1 if round_ else ''}"
