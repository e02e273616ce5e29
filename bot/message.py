"""What comes in and what goes out of a conversation: words shared by wechat, dialogue and simulator.

Nothing here knows a protocol: ``bot.wechat`` turns XML into :class:`Inbound` and :class:`Reply` into XML.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


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

    def as_json(self) -> dict[str, Any]:
        """The message as the inbox keeps it."""
        body = asdict(self) | {"facts": dict(self.facts)}
        return body | {"sent_at": self.sent_at.isoformat(), "kind": self.kind.value}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "Inbound":
        """What :meth:`as_json` made."""
        moment, kind = datetime.fromisoformat(body["sent_at"]), Kind(body["kind"])
        return cls(**{**body, "sent_at": moment, "kind": kind})


@dataclass(frozen=True, slots=True)
class Button:
    """A choice shown as a link in the text; choosing it says ``word`` (the plain word works as well).
    ``beside``: on the line of the choice before it."""

    label: str
    word: str
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """One text to a citizen. ``buttons`` stand below the text, on lines of their own or ``beside`` one
    another; ``links`` are (label, url), below them; ``tail`` is the last line of all."""

    text: str
    buttons: tuple[Button, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    tail: str = ""

    def as_json(self) -> dict[str, Any]:
        """The reply as the inbox and the outbox keep it."""
        return {
            "text": self.text,
            "buttons": [[one.label, one.word, one.beside] for one in self.buttons],
            "links": [list(link) for link in self.links],
            "tail": self.tail,
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "Reply":
        """What :meth:`as_json` made."""
        buttons = tuple(Button(*one) for one in body.get("buttons", ()))
        links = tuple((label, url) for label, url in body.get("links", ()))
        return cls(body["text"], buttons, links, body.get("tail", ""))
