"""What citizens do, as the platform would post it: one builder for each message and event type.

Source: developers.weixin.qq.com/doc/service/guide/product/message/ (receiving messages and event pushes). A
draft gets its MsgId and CreateTime from the platform when it is pushed.
"""

import hashlib
from dataclasses import dataclass, field

Fields = dict[str, object]
VISIBLE_EVENTS = frozenset({"subscribe", "SCAN", "CLICK"})
"""Events after which the citizen looks at the chat, so that a failure shows the tip."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A message or event of ``openid``; ``from_platform``: FromUserName is the account itself."""

    openid: str
    msg_type: str
    fields: Fields = field(default_factory=dict)
    from_platform: bool = False

    @property
    def event(self) -> str:
        """The event's name as written; empty for messages."""
        return str(self.fields.get("Event", ""))

    @property
    def visible(self) -> bool:
        """Whether the citizen waits for an answer."""
        return self.msg_type != "event" or self.event in VISIBLE_EVENTS


def text(openid: str, content: str, *, menu_id: str = "") -> Draft:
    """A text; ``menu_id`` when it came from clicking an option."""
    fields: Fields = {"Content": content}
    return Draft(openid, "text", fields | {"bizmsgmenuid": menu_id} if menu_id else fields)


def image(openid: str, media_id: str, picture_url: str) -> Draft:
    """A photo."""
    return Draft(openid, "image", {"PicUrl": picture_url, "MediaId": media_id})


def voice(openid: str, media_id: str, *, format_: str = "amr") -> Draft:
    """A voice message; Recognition is empty, as it has been since the ability was withdrawn."""
    return Draft(openid, "voice", {"MediaId": media_id, "Format": format_, "Recognition": ""})


def video(openid: str, media_id: str, thumb_media_id: str, *, short: bool = False) -> Draft:
    """A video, or a short one."""
    kind = "shortvideo" if short else "video"
    return Draft(openid, kind, {"MediaId": media_id, "ThumbMediaId": thumb_media_id})


def location(openid: str, latitude: float, longitude: float, label: str, *, scale: int = 15) -> Draft:
    """A place sent on purpose."""
    place: Fields = {"Location_X": f"{latitude:.6f}", "Location_Y": f"{longitude:.6f}"}
    return Draft(openid, "location", place | {"Scale": scale, "Label": label})


def link(openid: str, title: str, description: str, url: str) -> Draft:
    """A shared page."""
    return Draft(openid, "link", {"Title": title, "Description": description, "Url": url})


def file(openid: str, title: str, content: bytes) -> Draft:
    """A file: the account learns its name and size but cannot fetch it (no MediaId)."""
    digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
    fields: Fields = {"Title": title, "Description": "", "FileKey": digest * 2, "FileMd5": digest}
    return Draft(openid, "file", fields | {"FileTotalLen": len(content)})


def event(openid: str, name: str, *, from_platform: bool = False, **fields: object) -> Draft:
    """Any event."""
    return Draft(openid, "event", {"Event": name, **fields}, from_platform)


def subscribe(openid: str, *, scene: str = "", ticket: str = "") -> Draft:
    """Follows, by scanning a QR code when ``scene`` is given."""
    if scene:
        return event(openid, "subscribe", EventKey=f"qrscene_{scene}", Ticket=ticket or f"ticket_{scene}")
    return event(openid, "subscribe", EventKey="")


def unsubscribe(openid: str) -> Draft:
    """Leaves."""
    return event(openid, "unsubscribe", EventKey="")


def scan(openid: str, scene: str) -> Draft:
    """A follower scans a QR code."""
    return event(openid, "SCAN", EventKey=scene, Ticket=f"ticket_{scene}")


def click(openid: str, key: str) -> Draft:
    """Presses a click button of the menu."""
    return event(openid, "CLICK", EventKey=key)


def view(openid: str, url: str, *, menu_id: str = "400000001") -> Draft:
    """Opens a page from the menu."""
    return event(openid, "VIEW", EventKey=url, MenuId=menu_id)


def reported_location(openid: str, latitude: float, longitude: float) -> Draft:
    """The place a phone reports by itself on entering the chat."""
    return event(
        openid, "LOCATION", Latitude=f"{latitude:.6f}", Longitude=f"{longitude:.6f}", Precision="65.000000"
    )


def template_finished(openid: str, msg_id: int, status: str = "success") -> Draft:
    """A template message arrived, or did not (``failed:user block``, ``failed: system failed``)."""
    return event(openid, "TEMPLATESENDJOBFINISH", MsgID=msg_id, Status=status)


def subscribe_popup(openid: str, answers: dict[str, str], *, scene: int = 1) -> Draft:
    """The consent window was answered: template id → accept or reject."""
    items = [
        {"TemplateId": key, "SubscribeStatusString": said, "PopupScene": scene}
        for key, said in answers.items()
    ]
    return event(openid, "subscribe_msg_popup_event", SubscribeMsgPopupEvent={"List": items})


def subscribe_changed(openid: str, template_ids: list[str]) -> Draft:
    """Consents withdrawn in the settings; only refusals are pushed."""
    items = [{"TemplateId": key, "SubscribeStatusString": "reject"} for key in template_ids]
    return event(openid, "subscribe_msg_change_event", SubscribeMsgChangeEvent={"List": items})


def subscribe_sent(
    openid: str, template_id: str, msg_id: int, code: int = 0, status: str = "success"
) -> Draft:
    """A subscription notice arrived, or did not."""
    item = {"TemplateId": template_id, "MsgID": msg_id, "ErrorCode": code, "ErrorStatus": status}
    return event(openid, "subscribe_msg_sent_event", SubscribeMsgSentEvent={"List": [item]})


def authorization(openid: str, name: str, app_id: str, *, revoked: str = "") -> Draft:
    """user_info_modified, user_authorization_revoke (``revoked``: 201 …) or …_cancellation."""
    fields: Fields = {"OpenID": openid, "AppID": app_id}
    return event(
        openid, name, from_platform=True, **(fields | {"RevokeInfo": revoked} if revoked else fields)
    )
