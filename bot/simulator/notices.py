"""Notices outside the conversation: subscription notices by consent, template messages to followers.

Sources: developers.weixin.qq.com/doc/service/Subscription_Messages/intro.html and
/doc/offiaccount/Message_Management/Template_Message_Interface.html.
"""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.simulator import fields
from bot.simulator.errors import Refused
from bot.simulator.followers import Followers

DEDUPE = timedelta(minutes=10)
FIELD_LENGTH = 20
DROPPED = frozenset({"first", "remark"})
"""Lines the platform has left out of template messages since 2023-05-04."""


@dataclass(frozen=True, slots=True)
class Template:
    """A template the account owns. ``labels``: field → what stands before it on the card.

    Without labels whatever fields come are taken; they are checked by the types in their names either way.
    """

    id: str
    title: str = "服务通知"
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    """A notice on its way: its number, and what the citizen reads."""

    msg_id: int
    template: Template
    values: dict[str, str]
    repeated: bool = False

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Label and text, line by line, as on the card."""
        labels = self.template.labels
        return [(labels.get(name) or fields.label(name), text) for name, text in self.values.items()]


class Notices:
    """Templates, consents and what was sent.

    While no template is registered every id is taken as one of the account's; afterwards an unknown one is
    refused with 40037.
    """

    def __init__(self, now: Callable[[], datetime], followers: Followers) -> None:
        self._now = now
        self._followers = followers
        self._templates: dict[str, Template] = {}
        self._once: dict[tuple[str, str], int] = {}
        self._standing: dict[tuple[str, str], bool] = {}
        self._numbers = itertools.count(3_000_000_000_000_000_001)
        self._recent: dict[tuple[str, str], tuple[datetime, Sent]] = {}

    @property
    def template_ids(self) -> list[str]:
        """Registered ids."""
        return list(self._templates)

    def register(self, template: Template) -> None:
        """The account owns this template."""
        self._templates[template.id] = template

    def accept(self, openid: str, template_id: str = "*", *, standing: bool = True) -> None:
        """The citizen agrees: to one notice, or (``standing``) to all to come. ``*``: any template."""
        self._followers.meet(openid)
        key = (openid, template_id)
        if standing:
            self._standing[key] = True
        else:
            self._once[key] = self._once.get(key, 0) + 1

    def reject(self, openid: str, template_id: str = "*") -> None:
        """The citizen refuses from now on; ``*``: everything."""
        self._followers.meet(openid)
        for ledger in (self._once, self._standing):
            for key in [key for key in ledger if key[0] == openid and template_id in ("*", key[1])]:
                del ledger[key]
        if template_id != "*":
            self._standing[(openid, template_id)] = False

    def consents(self, openid: str) -> dict[str, str]:
        """Template id → 长期, 一次 ×n or 拒绝, as the chat page shows it."""
        shown = {key[1]: f"一次 ×{left}" for key, left in self._once.items() if key[0] == openid and left}
        standing = {key[1]: yes for key, yes in self._standing.items() if key[0] == openid}
        return shown | {template: "长期" if yes else "拒绝" for template, yes in standing.items()}

    def subscribe_send(self, openid: str, template_id: str, data: object) -> Sent:
        """Sends a subscription notice, also to someone who does not follow.

        Raises Refused 40003, 40037, 47003 or, without a consent left, 43101.
        """
        self._followers.get(openid)
        template = self._template(template_id)
        found = fields.values(data)
        fields.check(found, frozenset(template.labels))
        self._use_consent(openid, template_id)
        return Sent(next(self._numbers), template, found)

    def template_send(self, openid: str, template_id: str, data: object, client_msg_id: str = "") -> Sent:
        """Sends a template message to a follower; with the same ``client_msg_id`` only once in ten minutes.

        Raises Refused 40003, 43004 (not following), 40037 or 47003.
        """
        if not self._followers.get(openid).follows:
            raise Refused(43004)
        known = self._known(openid, client_msg_id)
        if known:
            return known
        template = self._template(template_id)
        found = {name: text for name, text in fields.values(data).items() if name not in DROPPED}
        fields.check(found, frozenset(template.labels) - DROPPED)
        shortened = {name: " ".join(text.split())[:FIELD_LENGTH] for name, text in found.items()}
        sent = Sent(next(self._numbers), template, shortened)
        if client_msg_id:
            self._recent[(openid, client_msg_id)] = (self._now(), sent)
        return sent

    def _known(self, openid: str, client_msg_id: str) -> Sent | None:
        since = self._now() - DEDUPE
        self._recent = {key: held for key, held in self._recent.items() if held[0] > since}
        held = self._recent.get((openid, client_msg_id))
        return Sent(held[1].msg_id, held[1].template, held[1].values, repeated=True) if held else None

    def _template(self, template_id: str) -> Template:
        if self._templates:
            if template_id not in self._templates:
                raise Refused(40037)
            return self._templates[template_id]
        if not template_id:
            raise Refused(40037)
        return Template(template_id)

    def _use_consent(self, openid: str, template_id: str) -> None:
        standing = self._standing.get((openid, template_id))
        if standing is None:
            standing = self._standing.get((openid, "*"), False) and (openid, template_id) not in self._once
        if standing:
            return
        for key in ((openid, template_id), (openid, "*")):
            if self._once.get(key, 0):
                self._once[key] -= 1
                return
        raise Refused(43101)
