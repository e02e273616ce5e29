"""A push as it goes over the wire, and an answer as it comes back."""

import secrets
from dataclasses import dataclass
from xml.etree import ElementTree

from bot.simulator.crypto import BadCipher, MessageKey, matches, signature
from bot.simulator.platform import Mode, Platform, Push
from bot.simulator.xmltext import BadXml, child, read, write

TEXT_BYTES = 2048
SILENCE = (b"", b"success")
TYPES = frozenset({"text", "image", "voice", "video", "music", "news", "transfer_customer_service"})


class BadReply(Exception):
    """An answer that makes the platform show its tip."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the account answered; ``kind`` empty: nothing. ``text`` of other kinds than text is a stand-in."""

    kind: str
    text: str


class Envelope:
    """Signs and encrypts pushes of one platform, and checks the answers."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def request(self, push: Push) -> tuple[dict[str, str], bytes]:
        """Query and body of one attempt, freshly signed."""
        account, faults = self._platform.account, self._platform.faults.push
        timestamp, nonce = str(int(self._platform.wall())), str(secrets.randbelow(10**10))
        token = "wrong" if faults.take("wrong_signature") else account.token
        query = {
            "signature": signature(token, timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
            "openid": push.draft.openid,
        }
        if account.mode is Mode.PLAIN:
            return query, push.xml.encode()
        sealed = self._key_for_push().encrypt(push.xml.encode())
        query |= {"encrypt_type": "aes", "msg_signature": signature(token, timestamp, nonce, sealed)}
        return query, self._sealed_body(push, sealed).encode()

    def probe(self, echo: str) -> dict[str, str]:
        """The query of the address check a console makes on saving the callback."""
        timestamp, nonce = str(int(self._platform.wall())), str(secrets.randbelow(10**10))
        signed = signature(self._platform.account.token, timestamp, nonce)
        return {"signature": signed, "timestamp": timestamp, "nonce": nonce, "echostr": echo}

    def answer(self, push: Push, body: bytes) -> Answer:
        """What the citizen gets to see. Raises BadReply with the reason when it is not a proper answer."""
        if body in SILENCE:
            return Answer("", "")
        try:
            root = self._opened(read(body))
            return self._checked(push, root)
        except (BadXml, BadCipher) as error:
            raise BadReply(str(error)) from error

    def _key_for_push(self) -> MessageKey:
        keys = self._platform.keys
        return keys[-1] if self._platform.faults.push.old_key else keys[0]

    def _sealed_body(self, push: Push, sealed: str) -> str:
        if self._platform.account.mode is Mode.SAFE:
            return write({"ToUserName": self._platform.account.original_id, "Encrypt": sealed})
        return push.xml.removesuffix("</xml>") + f"<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"

    def _opened(self, root: ElementTree.Element) -> ElementTree.Element:
        mode, token = self._platform.account.mode, self._platform.account.token
        if root.find("Encrypt") is None:
            if mode is Mode.SAFE:
                raise BadReply("not encrypted in safe mode")
            return root
        if mode is Mode.PLAIN:
            raise BadReply("encrypted in plain mode")
        sealed = child(root, "Encrypt")
        if not matches(
            child(root, "MsgSignature"), token, child(root, "TimeStamp"), child(root, "Nonce"), sealed
        ):
            raise BadReply("wrong MsgSignature")
        return read(self._decrypted(sealed))

    def _decrypted(self, sealed: str) -> bytes:
        """With the key that opened the request, as the account must use the same."""
        return self._key_for_push().decrypt(sealed)

    def _checked(self, push: Push, root: ElementTree.Element) -> Answer:
        if child(root, "ToUserName") != push.draft.openid:
            raise BadReply("wrong ToUserName")
        if child(root, "FromUserName") != self._platform.account.original_id:
            raise BadReply("wrong FromUserName")
        if not child(root, "CreateTime").isdigit():
            raise BadReply("CreateTime is no number")
        kind = child(root, "MsgType")
        if kind not in TYPES:
            raise BadReply(f"MsgType {kind}")
        return Answer(kind, _text(kind, root))


def _text(kind: str, root: ElementTree.Element) -> str:
    if kind == "text":
        content = child(root, "Content")
        if not content:
            raise BadReply("empty Content")
        if len(content.encode()) > TEXT_BYTES:
            raise BadReply(f"Content over {TEXT_BYTES} bytes")
        return content
    if kind == "news":
        items = root.findall("Articles/item")
        if not 1 <= len(items) <= 8:
            raise BadReply(f"{len(items)} articles")
        return "\n".join(item.findtext("Title") or "" for item in items)
    if kind in ("image", "voice", "video") and not root.findtext(f"{kind.capitalize()}/MediaId"):
        raise BadReply("no MediaId")
    return {"image": "[图片]", "voice": "[语音]", "video": "[视频]", "music": "[音乐]"}.get(kind, "")
