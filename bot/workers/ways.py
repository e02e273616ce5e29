"""Ways to a citizen: a customer-service message while the allowance lasts, else a card by template.

Chosen in a unit of work, in which a message is taken off the allowance before it is sent.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

import structlog

from bot.factory import Process
from bot.wechat.notices import Notice
from bot.workers.gates import MINUTE, Api
from bot.workers.letters import Letter
from bot.workers.verdict import UNREACHABLE
from intake.clock import local
from intake.commitments.news import quiet_left
from intake.consents import accepted_templates
from intake.identity import Unreadable
from intake.notices import BODY, NO_WAY_LEFT
from intake.reporters import OPENID
from storage.stores.identities import IdentityRow
from storage.stores.outbox import OutboxRow
from storage.unit import Unit
from storage.vocab import COMMITMENT_NEWS, OPINION_ANSWERED, PATIENT

log = structlog.get_logger(__name__)

MOST_CLAIMS = 12  # a row that brings workers down so often is not tried again
#: Allowances (wechat 3.6) and what one trigger grants, in the order of use: what ends first goes first.
ALLOWANCES = {"click": 3, "message": 5}
#: Notices that have no template of their own go on the card of the one that is nearest.
LIKE = {
    "transcribed": "question",
    "desk_reply": "question",
    "rate_again": "answered",
    "digest": "reminder",
    OPINION_ANSWERED: COMMITMENT_NEWS,
}


class Sayable(Protocol):
    """What goes by WeChat: in full, or on a card."""

    def text(self) -> str: ...
    def card(self, template: Notice) -> dict[str, dict[str, str]]: ...


@dataclass(frozen=True, slots=True)
class Way:
    """``to``: an openid; ``reporter``: whose allowance and consents it uses; ``allowance``: the one a message
    was taken off; ``template`` for cards."""

    api: Api
    to: str
    letter: Sayable
    reporter: str
    allowance: str = ""
    template: Notice | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """Not now: the row waits; unless ``tried`` that costs no try."""

    pause: timedelta
    reason: str
    tried: bool = False


@dataclass(frozen=True, slots=True)
class End:
    """No way: the row is ``dead`` or ``cancelled``, and why."""

    state: str
    reason: str


async def first_way(process: Process, unit: Unit, row: OutboxRow) -> Way | Later | End:
    """The best way to the citizen of a row now; what can wait for the day is not sent at night."""
    left = quiet_left(process.clock.now()) if row.notice in PATIENT else None
    if left:
        turned = process.settings.simulator  # then the office's clock may be in the morning any minute
        return Later(min(left, MINUTE) if turned else left, "quiet_hours")
    reporter = await unit.identities.get(row.citizen)
    if reporter is None or reporter.openid is None or not reporter.reachable:
        return End("cancelled", (reporter.unreachable_why if reporter else None) or UNREACHABLE)
    letter = _letter(process, row)
    if letter is None:
        return End("dead", "unreadable" if row.body else "emptied")
    if row.attempts > MOST_CLAIMS:
        return End("dead", "gave_up")
    return await wechat_way(process, unit, reporter, letter, row.notice)


async def wechat_way(
    process: Process, unit: Unit, reporter: IdentityRow, letter: Sayable, notice: str
) -> Way | End:
    """The best way by WeChat now to a follower whose openid stands; raises ``Unreadable``."""
    assert reporter.openid is not None
    way = Way("service", process.vault.open(reporter.openid, OPENID), letter, reporter.reporter_id)
    for name in ALLOWANCES:
        if await unit.conversations.spend(reporter.reporter_id, name, process.clock.now()):
            return replace(way, allowance=name)
    return await card_way(process, unit, way, notice, otherwise=NO_WAY_LEFT)


async def card_way(process: Process, unit: Unit, way: Way, notice: str, *, otherwise: str) -> Way | End:
    """By the template of this notice where the reader lets us, else dead for the reason ``otherwise``."""
    template = process.notices.get(LIKE.get(notice, notice))
    if template is None:
        return End("dead", otherwise)
    if template.via == "subscribe":
        agreed = await accepted_templates(process.desk(unit), way.reporter)
        if template.template_id not in agreed:
            return End("dead", otherwise)
    return replace(way, api=template.via, template=template, allowance="")


async def give_back(unit: Unit, way: Way) -> None:
    """The message was certainly not sent: it goes back on the allowance it came from."""
    if way.allowance:
        await unit.conversations.give_back(way.reporter, way.allowance, ALLOWANCES[way.allowance])


def _letter(process: Process, row: OutboxRow) -> Letter | None:
    if row.body is None:
        return None
    try:
        body = process.vault.open_json(row.body, BODY)
        return Letter(row.notice, body, local(row.created_at).date())
    except Unreadable:
        log.error("outbox_unreadable", outbox=row.id)
        return None
