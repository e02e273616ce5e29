"""Following, leaving, clicks, consents and delivery reports: what the platform tells of a citizen."""

from collections.abc import Mapping

from bot.dialogue import menu, smalltalk
from bot.dialogue.state import State
from bot.dialogue.talk import Talk
from bot.message import Reply
from intake import consents, leaving

_LEAVING = {
    "unsubscribe": "unsubscribed",
    "user_authorization_revoke": "authorization_revoked",
    "user_authorization_cancellation": "account_cancelled",
}


async def answer(talk: Talk) -> Reply | None:
    """What is said to an event; None for those that cannot or need not be answered."""
    said = talk.said
    if said.event in _LEAVING:
        await leaving.leave(talk.desk, talk.reporter_id, _LEAVING[said.event])
        talk.state = State.fresh()
        return None
    if said.event == "subscribe":
        await leaving.come_back(talk.desk, talk.reporter_id)
        return menu.welcome(talk)
    if said.event == "scan":
        return smalltalk.brief("greet")
    if said.event == "click":
        return await menu.clicked(talk, str(said.facts.get("event_key", "")))
    if said.event in ("subscribe_msg_popup_event", "subscribe_msg_change_event"):
        await _consents(talk)
    elif said.event == "subscribe_msg_sent_event":
        await _sent(talk)
    elif said.event == "templatesendjobfinish":
        status = str(said.facts.get("status", ""))
        await _delivered(talk, str(said.facts.get("msg_id", "")), ok=status == "success", why=status)
    return None


async def _consents(talk: Talk) -> None:
    for item in _items(talk):
        template, status = str(item.get("template_id", "")), str(item.get("status", ""))
        if template and status in ("accept", "reject"):
            accepted = status == "accept"
            await consents.record(talk.desk, talk.reporter_id, template, accepted=accepted)


async def _sent(talk: Talk) -> None:
    for item in _items(talk):
        code = str(item.get("error_code", ""))
        why = f"{code} {item.get('error_status', '')}".strip()
        await _delivered(talk, str(item.get("msg_id", "")), ok=code == "0", why=why)


async def _delivered(talk: Talk, msg_id: str, *, ok: bool, why: str) -> None:
    if msg_id:
        reason = None if ok else why[:100]
        await talk.desk.unit.outbox.report_delivery(msg_id, delivered=ok, reason=reason, at=talk.now)


def _items(talk: Talk) -> list[Mapping[str, object]]:
    items = talk.said.facts.get("items", ())
    return [one for one in items if isinstance(one, Mapping)] if isinstance(items, tuple | list) else []
