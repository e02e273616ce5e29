"""What citizens do on their phones, with all that follows from it on the platform's side."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.simulator import anchors, drafts, samples
from bot.simulator.deliver import Courier, Delivery
from bot.simulator.drafts import Draft
from bot.simulator.followers import Trigger
from bot.simulator.platform import Platform

What = Mapping[str, object]
LATITUDE, LONGITUDE = 35.302616, 113.926800
PLACE: dict[str, object] = {"latitude": LATITUDE, "longitude": LONGITUDE, "label": "示例路与示例街交叉口"}
PAGE = {"title": "示例页面", "description": "一个示例链接", "url": "https://example.com/page"}
AUTHORIZATIONS = ("user_info_modified", "user_authorization_revoke", "user_authorization_cancellation")


@dataclass(frozen=True, slots=True)
class Done:
    """An event with the allowance it gives and what the chat notes about it."""

    draft: Draft
    trigger: Trigger | None = None
    note: str = ""
    key: str = ""


def _subscribe(openid: str, what: What) -> Done:
    scene = str(what.get("scene") or "")
    trigger = Trigger.SCAN if scene else Trigger.FOLLOW
    return Done(drafts.subscribe(openid, scene=scene), trigger, "关注了公众号")


def _scan(openid: str, what: What) -> Done:
    scene = str(what.get("scene") or what.get("key") or "")
    return Done(drafts.scan(openid, scene), Trigger.SCAN, "扫描了二维码")


def _click(openid: str, what: What) -> Done:
    key = str(what.get("key") or "")
    return Done(drafts.click(openid, key), Trigger.MENU, f"点了菜单 {what.get('name') or key}", key)


EVENTS: Mapping[str, Callable[[str, What], Done]] = {
    "subscribe": _subscribe,
    "unsubscribe": lambda openid, what: Done(drafts.unsubscribe(openid), note="取消了关注"),
    "SCAN": _scan,
    "CLICK": _click,
    "VIEW": lambda openid, what: Done(drafts.view(openid, str(what.get("url") or ""))),
    "LOCATION": lambda openid, what: Done(drafts.reported_location(openid, LATITUDE, LONGITUDE)),
}


class Citizens:
    """Acts of the citizens of one platform, delivered to the account."""

    def __init__(self, platform: Platform, courier: Courier) -> None:
        self._platform = platform
        self._courier = courier
        self._acts: Mapping[str, Callable[[str, What], Draft]] = {
            "text": self._text,
            "choose": self._choose,
            "photo": self._photo,
            "voice": self._voice,
            "video": self._video,
            "location": self._location,
            "link": self._link,
            "file": self._file,
            "event": self._event,
            "raw": self._raw,
        }

    async def act(self, openid: str, what: What) -> Delivery:
        """Does one thing, named by its key.

        ``text``; ``choose`` (word or label of an option in the chat, newest first); ``photo``, ``voice``,
        ``video`` (true: a sample); ``location``, ``link`` (true or their fields); ``file`` (its name);
        ``event`` (name, with ``key``, ``url``, ``scene`` or ``revoked`` beside it); ``raw`` (message type,
        with ``fields`` beside it). Raises ValueError for anything else and for who does not follow.
        """
        act = next((self._acts[key] for key in what if key in self._acts), None)
        if act is None:
            raise ValueError(f"one of {', '.join(self._acts)} is needed")
        follower = self._platform.followers.meet(openid)
        if not follower.follows and what.get("event") not in ("subscribe", *AUTHORIZATIONS):
            raise ValueError("this citizen does not follow the account")
        return await self._courier.deliver(act(openid, what))

    def _show(self, openid: str, kind: str, text: str, **extra: object) -> None:
        self._platform.transcript.add(openid, "citizen", kind, text, **extra)

    def _sent(self, openid: str, kind: str, text: str, **extra: object) -> None:
        self._platform.followers.contacted(openid, Trigger.MESSAGE)
        self._show(openid, kind, text, **extra)

    def _text(self, openid: str, what: What) -> Draft:
        content, menu_id = str(what["text"]), str(what.get("menu_id") or "")
        if menu_id:
            self._platform.followers.contacted(openid, Trigger.MENU)
            self._show(openid, "text", content)
        else:
            self._sent(openid, "text", content)
        return drafts.text(openid, content, menu_id=menu_id)

    def _choose(self, openid: str, what: What) -> Draft:
        wanted = str(what["choose"])
        for entry in reversed(self._platform.transcript.of(openid)):
            for option in anchors.options(entry.text) if entry.side == "account" else []:
                if wanted in (option.word, option.text):
                    return self._text(openid, {"text": option.word, "menu_id": option.menu_id or "0"})
        raise ValueError(f"no option {wanted} in this chat")

    def _photo(self, openid: str, what: What) -> Draft:
        media_id = self._keep("image", samples.photo(), "image/jpeg", "photo.jpg")
        self._sent(openid, "image", "[图片]", media=media_id)
        return drafts.image(openid, media_id, f"{self._platform.base_url}/simulator/media/{media_id}")

    def _voice(self, openid: str, what: What) -> Draft:
        media_id = self._keep("voice", samples.voice(), "audio/amr", "voice.amr")
        self._sent(openid, "voice", "[语音] 2″", media=media_id)
        return drafts.voice(openid, media_id)

    def _video(self, openid: str, what: What) -> Draft:
        media_id = self._keep("video", samples.video(), "video/mp4", "video.mp4")
        thumb = self._keep("thumb", samples.photo(), "image/jpeg", "thumb.jpg")
        self._sent(openid, "video", "[视频]", media=media_id)
        return drafts.video(openid, media_id, thumb, short=what.get("short") is True)

    def _location(self, openid: str, what: What) -> Draft:
        place = PLACE | _facts(what["location"])
        label = str(place["label"])
        self._sent(openid, "location", f"[位置] {label}")
        return drafts.location(openid, float(str(place["latitude"])), float(str(place["longitude"])), label)

    def _link(self, openid: str, what: What) -> Draft:
        page = PAGE | {key: str(value) for key, value in _facts(what["link"]).items()}
        self._sent(openid, "link", f"[链接] {page['title']}", url=page["url"])
        return drafts.link(openid, page["title"], page["description"], page["url"])

    def _file(self, openid: str, what: What) -> Draft:
        name = "示例材料.pdf" if what["file"] is True else str(what["file"])
        self._sent(openid, "file", f"[文件] {name}")
        return drafts.file(openid, name, b"%PDF-1.4 sample\n")

    def _event(self, openid: str, what: What) -> Draft:
        name = str(what["event"])
        if name in AUTHORIZATIONS:
            revoked = str(what.get("revoked") or "")
            return drafts.authorization(openid, name, self._platform.account.app_id, revoked=revoked)
        if name not in EVENTS:
            raise ValueError(f"event {name} is not one a citizen causes; send it with raw")
        done = EVENTS[name](openid, what)
        self._platform.followers.happened(openid, name, done.trigger)
        if done.note:
            self._platform.transcript.add(openid, "platform", "note", done.note, event=name, key=done.key)
        return done.draft

    def _raw(self, openid: str, what: What) -> Draft:
        return Draft(openid, str(what["raw"]), _facts(what.get("fields", {})))

    def _keep(self, kind: str, content: bytes, content_type: str, name: str) -> str:
        return self._platform.media.keep(kind, content, content_type, name).id


def _facts(given: object) -> dict[str, object]:
    return {str(key): value for key, value in given.items()} if isinstance(given, Mapping) else {}
