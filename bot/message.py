"""What comes in and what goes out of a conversation: words shared by wechat, dialogue and simulator.

Nothing here knows a protocol: ``bot.wechat`` turns XML into :class:`Inbound` and :class:`Reply` into XML.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What the citizen did."""

    TEXT = "text"
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    LOCATION = "location"
    LINK = "link"
    FILE = "file"
    EVENT = "event"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message or event of one citizen, whatever the channel's format was.

    ``key`` is unique per account: a repeat of the same delivery has the same key.
    ``event`` is lower case and empty for messages. ``media_id`` may be fetched for three days.
    ``facts`` holds what a kind has beside text: ``latitude``, ``longitude``, ``label``, ``title``,
    ``url``, ``description``, ``format``, ``event_key``, ``status``, ``msg_id``, ``file_name`` and so on;
    list-shaped parts of events are tuples of mappings under ``items``.
    """

    account: str
    openid: str
    key: str
    sent_at: datetime
    kind: Kind
    text: str = ""
    event: str = ""
    media_id: str = ""
    thumb_media_id: str = ""
    msg_type: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Button:
    """A choice shown as a link in the text; choosing it says ``word`` (the plain word works as well)."""

    label: str
    word: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One text to a citizen. ``buttons`` stand below the text, a line each; ``links`` are (label, url)."""

    text: str
    buttons: tuple[Button, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
