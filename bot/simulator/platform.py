"""Everything Tencent would hold about one official account."""

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.simulator.crypto import MessageKey
from bot.simulator.drafts import Draft
from bot.simulator.faults import Faults
from bot.simulator.followers import Followers
from bot.simulator.media import MediaStore
from bot.simulator.menu import Menu
from bot.simulator.notices import Notices
from bot.simulator.oauth import OAuth
from bot.simulator.quotas import Quotas
from bot.simulator.tickets import Tickets
from bot.simulator.tokens import Tokens
from bot.simulator.transcript import Transcript
from bot.simulator.xmltext import write


class Mode(StrEnum):
    """How pushes are written: plain, both, or encrypted only."""

    PLAIN = "plain"
    COMPATIBLE = "compatible"
    SAFE = "safe"


@dataclass(frozen=True, slots=True)
class Account:
    """One official account as registered.

    Keys are EncodingAESKeys of 43 characters; ``previous_key`` is the one before the last change.
    """

    app_id: str
    app_secret: str
    token: str
    aes_key: str = ""
    previous_key: str = ""
    mode: Mode = Mode.PLAIN
    original_id: str = "gh_0123456789ab"

    def __post_init__(self) -> None:
        if self.mode is not Mode.PLAIN and not self.aes_key:
            raise ValueError("encrypted modes need an EncodingAESKey")

    @classmethod
    def of(
        cls, app_id: str, app_secret: str, token: str, aes_key: str = "", previous_key: str = ""
    ) -> "Account":
        """In safe mode when there is a key, else plain."""
        mode = Mode.SAFE if aes_key else Mode.PLAIN
        return cls(app_id, app_secret, token, aes_key, previous_key, mode)


@dataclass(frozen=True, slots=True)
class Push:
    """A draft with its numbers: the same in every attempt. ``msg_id`` is 0 for events."""

    draft: Draft
    created: int
    msg_id: int
    xml: str


class Platform:
    """The whole state.

    ``now`` is the simulated clock: windows of customer-service messages, consents, media, CreateTime, quotas.
    ``wall`` (seconds since 1970) is real time: tokens, codes, timestamps of signatures.
    ``base_url``: where this simulator is reached, for picture addresses.
    """

    def __init__(
        self,
        account: Account,
        *,
        now: Callable[[], datetime],
        wall: Callable[[], float] = time.time,
        base_url: str = "",
    ) -> None:
        self.account = account
        self.keys = _keys(account)
        self.now = now
        self.wall = wall
        self.base_url = base_url.rstrip("/")
        self.followers = Followers(now)
        self.tokens = Tokens(wall)
        self.tickets = Tickets(wall)
        self.quotas = Quotas(now)
        self.notices = Notices(now, self.followers)
        self.media = MediaStore(now)
        self.menu = Menu()
        self.oauth = OAuth(account.app_id, wall)
        self.faults = Faults()
        self.transcript = Transcript(now)
        self._msg_ids = itertools.count((int(wall() * 1000) << 20) + 1)

    def stamp(self, draft: Draft) -> Push:
        """Gives a draft its MsgId (messages only) and CreateTime."""
        account = self.account.original_id
        head: dict[str, object] = {
            "ToUserName": account,
            "FromUserName": account if draft.from_platform else draft.openid,
            "CreateTime": int(self.now().timestamp()),
            "MsgType": draft.msg_type,
        }
        msg_id = 0 if draft.msg_type == "event" else next(self._msg_ids)
        tail: dict[str, object] = {"MsgId": msg_id} if msg_id else {}
        return Push(draft, int(self.now().timestamp()), msg_id, write(head | draft.fields | tail))

    def change_key(self, aes_key: str) -> None:
        """The account's owner enters a new EncodingAESKey; the one of now becomes the previous one."""
        self.account = replace(self.account, aes_key=aes_key, previous_key=self.account.aes_key)
        self.keys = _keys(self.account)


def _keys(account: Account) -> list[MessageKey]:
    given = (account.aes_key, account.previous_key)
    return [MessageKey(key, account.app_id) for key in given if key]
