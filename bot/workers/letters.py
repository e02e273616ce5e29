"""An outbox row as what can be sent: words for the conversation, and a card where there is a template."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.dialogue.pushes import notice_facts, push_reply
from bot.message import Reply
from bot.wechat.notices import Notice, fill
from bot.wechat.render import plain_text

REPLY = "reply"


class Unsayable(Exception):
    """There are no words for this notice, or a fact that they need is missing. Names no contents."""


@dataclass(frozen=True, slots=True)
class Letter:
    """``facts`` are the row's body: of a ``reply`` its text, buttons and links, else what the notice says.
    ``day``: when it happened, in Shanghai."""

    notice: str
    facts: Mapping[str, Any]
    day: date

    def text(self) -> str:
        """For a customer-service message; raises :class:`Unsayable`."""
        try:
            words = self._reply() if self.notice == REPLY else push_reply(self.notice, self.facts)
        except (KeyError, ValueError, TypeError) as error:
            raise Unsayable(type(error).__name__) from error
        return plain_text(words)

    def card(self, template: Notice) -> dict[str, dict[str, str]]:
        """For a subscription notice or a template message.

        Raises :class:`Unsayable`, ``bot.wechat.notices.NoticeIncomplete``.
        """
        try:
            facts = notice_facts(self.notice, self.facts)
        except (KeyError, ValueError, TypeError) as error:
            raise Unsayable(type(error).__name__) from error
        return fill(template, facts | {"date": facts.get("date") or self.day.isoformat()})

    def _reply(self) -> Reply:
        return Reply.from_json(self.facts)
