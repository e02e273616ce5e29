"""Opened XML to ``Inbound``: every message and event the platform documents, and calm for the rest.

Sources: developers.weixin.qq.com/doc/service/guide/product/message (messages, events, menu events),
/doc/service/guide/h5/authorization_change.md, /doc/service/Subscription_Messages/intro.html.
"""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import xmltodict
from wechatpy import parse_message
from wechatpy.events import EVENT_TYPES, BaseEvent
from wechatpy.messages import UnknownMessage

from bot.message import Inbound, Kind

_KINDS = {
    "text": Kind.TEXT,
    "image": Kind.IMAGE,
    "voice": Kind.VOICE,
    "video": Kind.VIDEO,
    "shortvideo": Kind.VIDEO,
    "location": Kind.LOCATION,
    "link": Kind.LINK,
    "file": Kind.FILE,
    "event": Kind.EVENT,
}


class _UserInfoModified(BaseEvent):  # type: ignore[misc]  # wechatpy is untyped; naming the event registers it
    event = "user_info_modified"


class _AuthorizationRevoked(BaseEvent):  # type: ignore[misc]
    event = "user_authorization_revoke"


class _AuthorizationCancelled(BaseEvent):  # type: ignore[misc]
    event = "user_authorization_cancellation"


class _PublishFinished(BaseEvent):  # type: ignore[misc]
    event = "publishjobfinish"


#: Events the platform itself sends about a person: FromUserName is the platform, OpenID the person.
_ABOUT_A_PERSON = frozenset(
    {_UserInfoModified.event, _AuthorizationRevoked.event, _AuthorizationCancelled.event}
)

#: Fields that have a place of their own in ``Inbound``.
_OWN_PLACE = frozenset(
    {"ToUserName", "FromUserName", "CreateTime", "MsgType", "Event", "Content", "MediaId", "ThumbMediaId"}
    | {"Encrypt", "OpenID"}
)
_NAMES = {
    "Location_X": "latitude",
    "Location_Y": "longitude",
    "Poiname": "poi_name",
    "bizmsgmenuid": "menu_id",
    "UnionID": "union_id",
    "AppID": "app_id",
    "PicMd5Sum": "md5",
    "SubscribeStatusString": "status",
}
_NUMBERS = frozenset({"latitude", "longitude", "precision"})
#: Parts whose fields stand among the facts as if they were top-level ones, and where their lists hide.
_OPENED_UP = frozenset({"SendLocationInfo", "ScanCodeInfo"})
_LISTS = {
    "SendPicsInfo": ("PicList", "item"),
    "SubscribeMsgPopupEvent": ("List",),
    "SubscribeMsgChangeEvent": ("List",),
    "SubscribeMsgSentEvent": ("List",),
}
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_QR = "qrscene_"
_MAX_NAME = 64


def parse(xml: str) -> Inbound:
    """One message or event, from XML that ``CallbackGuard.open`` has cleared.

    ``account`` is the official account's own name (gh_…), to be the sender of the reply. What is not
    known becomes ``Kind.UNKNOWN`` with its fields in ``facts``; nothing well-formed raises. Of the
    subscription by QR code, ``event`` is ``subscribe`` and ``facts["scene"]`` the scene, as for ``scan``.
    """
    message = _read(xml)
    data: dict[str, Any] = message._data
    msg_type = _text(data["MsgType"]).lower()[:_MAX_NAME]
    event = _event(data, msg_type)
    facts = _facts(data)
    _add_details(facts, data, msg_type=msg_type, event=event)
    openid = _text(data["FromUserName"])
    if event in _ABOUT_A_PERSON:
        openid = _text(data.get("OpenID")) or openid
    return Inbound(
        account=_text(data["ToUserName"]),
        openid=openid,
        key=_key(xml, openid, data, event, facts),
        sent_at=datetime.fromtimestamp(int(_text(data["CreateTime"])), UTC),
        kind=_kind(message, msg_type, event),
        text=_text(data.get("Content")),
        event=event,
        media_id=_text(data.get("MediaId")),
        thumb_media_id=_text(data.get("ThumbMediaId")),
        msg_type=msg_type,
        facts=facts,
    )


def _read(xml: str) -> Any:
    """wechatpy's message object; it trips over an empty or nested Event or EventKey: unknown then."""
    try:
        return parse_message(xml)
    except (AttributeError, TypeError):
        return UnknownMessage(xmltodict.parse(xml)["xml"])


def _event(data: dict[str, Any], msg_type: str) -> str:
    """The event's name in lower case; undoes wechatpy's renaming of a subscription by QR code."""
    if msg_type != "event":
        return ""
    event = _text(data.get("Event")).lower()[:_MAX_NAME]
    if event == "subscribe_scan":
        data["Event"], data["EventKey"] = "subscribe", _QR + _text(data.get("EventKey"))
        return "subscribe"
    return event


def _kind(message: object, msg_type: str, event: str) -> Kind:
    if msg_type == "event" and (isinstance(message, UnknownMessage) or event not in EVENT_TYPES):
        return Kind.UNKNOWN
    return _KINDS.get(msg_type, Kind.UNKNOWN)


def _facts(data: Mapping[str, Any]) -> dict[str, object]:
    facts: dict[str, object] = {}
    for name, value in data.items():
        if name in _OWN_PLACE or name.startswith("@") or value is None:
            continue
        if name in _LISTS:
            facts["items"] = _items(value, _LISTS[name])
        elif name in _OPENED_UP and isinstance(value, dict):
            facts.update(_facts(value))
        else:
            _put(facts, name, value)
    return facts


def _put(facts: dict[str, object], name: str, value: object) -> None:
    fact = _fact_name(name)
    if fact not in _NUMBERS:
        facts[fact] = _plain(value)
        return
    try:
        number = float(_text(value))
    except ValueError:
        return
    if math.isfinite(number):
        facts[fact] = number


def _add_details(facts: dict[str, object], data: Mapping[str, Any], *, msg_type: str, event: str) -> None:
    """What has another name in one kind than in the others."""
    key = _text(data.get("EventKey"))
    if event == "subscribe" and key.startswith(_QR):
        facts["scene"] = key.removeprefix(_QR)
    elif event == "scan":
        facts["scene"] = key
    elif msg_type == "file":
        facts["file_name"] = facts.pop("title", "")
    if event in {"view", "view_miniprogram"} and "menu_id" in facts:
        facts["button_menu_id"] = facts.pop("menu_id")


def _items(value: object, path: tuple[str, ...]) -> tuple[object, ...]:
    """The list inside a part: none, one (which XML cannot tell from a field) or many."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    children = value if isinstance(value, list) else [value]
    return tuple(_plain(child) for child in children if isinstance(child, dict))


def _plain(value: object) -> object:
    """Nested values with our names: text, mappings and tuples."""
    if isinstance(value, dict):
        if "#text" in value:
            return _text(value)
        return {_fact_name(name): _plain(child) for name, child in value.items() if not name.startswith("@")}
    if isinstance(value, list):
        return tuple(_plain(child) for child in value)
    return _text(value)


def _fact_name(name: str) -> str:
    return _NAMES.get(name) or _WORD.sub("_", name).replace("-", "_").lower()


def _text(value: object) -> str:
    """A field's text; of a repeated one the first; nothing of one with elements inside."""
    if isinstance(value, list):
        return _text(value[0]) if value else ""
    if isinstance(value, dict):
        return _text(value.get("#text"))
    return value if isinstance(value, str) else ""


def _key(xml: str, openid: str, data: Mapping[str, Any], event: str, facts: Mapping[str, object]) -> str:
    """The same for every delivery of one thing, different for any two things; holds no openid in clear.

    Neither MsgId alone nor sender and second alone is enough: both were seen to collide (WxJava #333, #2231).
    """
    sent = _text(data["CreateTime"])
    if event:
        return "e:" + _hash(json.dumps([openid, sent, event, facts], sort_keys=True, ensure_ascii=False))
    if msg_id := _text(data.get("MsgId")):
        return "m:" + _hash(json.dumps([openid, sent, msg_id]))
    return "x:" + _hash(xml)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
