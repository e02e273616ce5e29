"""The callback's lock: signatures, the three modes, two keys.

Source: developers.weixin.qq.com/doc/service/guide/dev/push and
/doc/subscription/guide/dev/push/encryption.html. wechatpy supplies AES and the message layout; what it
leaves out is added here: comparison in constant time, checked padding and lengths, random salts from the
system's generator, one exception for every refusal.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from wechatpy.crypto import PrpCrypto

from bot.wechat.envelope import check_message, fields_of, text_of
from bot.wechat.rejection import CallbackRejected

_TOKEN = re.compile(r"[A-Za-z0-9]{3,32}")
_AES_KEY = re.compile(r"[A-Za-z0-9]{43}")
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_NONCE = re.compile(r"[A-Za-z0-9_-]{1,64}")
_BLOCK = 32
_HEAD = 20  # 16 random bytes, then the message's length in 4
_MAX_ECHO = 1024


@dataclass(frozen=True, slots=True)
class Opened:
    """A verified request: ``xml`` is safe to parse; ``key_index`` 0 is the current key, 1 the previous.

    ``timestamp`` (the platform's, seconds) and ``nonce`` come from the query; whether the timestamp is
    stale is for the caller to judge, since retries may carry the old one.
    """

    xml: str = field(repr=False)
    encrypted: bool
    key_index: int
    timestamp: int
    nonce: str


class CallbackGuard:
    """Opens what the platform sends and seals what it gets back.

    Without ``aes_key`` the account is in plain mode (a compatible-mode body is read by its plain part).
    With it, plain bodies are refused; in compatible mode only the encrypted part is believed.
    Raises ``ValueError`` at start for settings under which nothing could be verified.
    """

    def __init__(self, token: str, app_id: str, aes_key: str = "", previous_aes_key: str = "") -> None:
        if not _TOKEN.fullmatch(token):
            raise ValueError("the callback token must be 3 to 32 letters and digits")
        if not app_id:
            raise ValueError("the app id is missing")
        if previous_aes_key and not aes_key:
            raise ValueError("a previous AES key needs a current one")
        self._token = token
        self._app_id = app_id
        self._boxes = tuple(AesBox(key, app_id) for key in (aes_key, previous_aes_key) if key)

    def verify_url(self, query: Mapping[str, str]) -> str:
        """The ``echostr`` to answer verbatim, as text/plain. Raises :class:`CallbackRejected`."""
        self._verify(query)
        echo = query.get("echostr", "")
        if not echo:
            raise CallbackRejected("missing_field")
        if len(echo) > _MAX_ECHO:
            raise CallbackRejected("too_large")
        return echo

    def open(self, query: Mapping[str, str], body: bytes) -> Opened:
        """Verify, decrypt and check a POST. Raises nothing but :class:`CallbackRejected`."""
        self._verify(query)
        xml = text_of(body)
        fields = fields_of(xml)
        key_index = -1
        if self._boxes:
            xml, key_index = self._decrypt(query, fields.get("Encrypt", ""))
            fields = fields_of(xml)
        elif "Encrypt" in fields and "MsgType" not in fields:
            raise CallbackRejected("encrypted_without_key")
        check_message(fields)
        return Opened(xml, bool(self._boxes), key_index, int(query["timestamp"]), query["nonce"])

    def seal(self, xml_text: str, opened: Opened, *, now: datetime, nonce: str) -> str:
        """The answer to ``opened``, encrypted with the key that opened it when it came encrypted.

        ``success`` and an empty answer go out as they are: the platform wants them bare.
        Raises :class:`CallbackRejected` (bad_nonce) rather than write an unchecked nonce into XML.
        """
        if not opened.encrypted or xml_text in ("", "success"):
            return xml_text
        if not _NONCE.fullmatch(nonce):
            raise CallbackRejected("bad_nonce")
        timestamp = str(int(now.timestamp()))
        sealed = self._boxes[opened.key_index].encrypt(xml_text)
        signature = _digest(self._token, timestamp, nonce, sealed)
        return (
            f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt><MsgSignature><![CDATA[{signature}]]></MsgSignature>"
            f"<TimeStamp>{timestamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
        )

    def _verify(self, query: Mapping[str, str]) -> None:
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        if not query.get("signature"):
            raise CallbackRejected("missing_signature")
        if not _TIMESTAMP.fullmatch(timestamp):
            raise CallbackRejected("bad_timestamp")
        if not _NONCE.fullmatch(nonce):
            raise CallbackRejected("bad_nonce")
        _compare(query["signature"], _digest(self._token, timestamp, nonce))

    def _decrypt(self, query: Mapping[str, str], sealed: str) -> tuple[str, int]:
        if query.get("encrypt_type") != "aes" or not sealed:
            raise CallbackRejected("plain_in_safe_mode")
        if not query.get("msg_signature"):
            raise CallbackRejected("missing_signature")
        expected = _digest(self._token, query["timestamp"], query["nonce"], sealed)
        _compare(query["msg_signature"], expected)
        refusals: list[CallbackRejected] = []
        for index, box in enumerate(self._boxes):
            try:
                return text_of(box.decrypt(sealed)), index
            except CallbackRejected as refusal:
                refusals.append(refusal)
        raise refusals[0]


class AesBox(PrpCrypto):  # type: ignore[misc]  # wechatpy is untyped
    """One EncodingAESKey: AES-256-CBC, IV = key[:16], PKCS#7 to 32 bytes."""

    def __init__(self, encoding_aes_key: str, app_id: str) -> None:
        if not _AES_KEY.fullmatch(encoding_aes_key):
            raise ValueError("an AES key is 43 letters and digits")
        super().__init__(base64.b64decode(encoding_aes_key + "="))
        self._app_id = app_id

    def get_random_string(self) -> str:  # overrides wechatpy's, which is not a secure generator
        return secrets.token_hex(8)

    def encrypt(self, text: str) -> str:
        """``text`` sealed, as base64; a new random head each time."""
        sealed: bytes = super().encrypt(text, self._app_id)
        return sealed.decode("ascii")

    def decrypt(self, sealed: str) -> bytes:
        """The message inside. Raises :class:`CallbackRejected` where wechatpy raises five others."""
        try:
            raw = base64.b64decode(sealed.encode("ascii"), validate=True)
        except (binascii.Error, UnicodeEncodeError):
            raise CallbackRejected("bad_base64") from None
        if not raw or len(raw) % _BLOCK:
            raise CallbackRejected("truncated_ciphertext")
        content = _unpad(self.cipher.decrypt(raw))
        end = _HEAD + int.from_bytes(content[_HEAD - 4 : _HEAD], "big")
        if len(content) < _HEAD or end > len(content):
            raise CallbackRejected("bad_length")
        if not hmac.compare_digest(content[end:], self._app_id.encode()):
            raise CallbackRejected("wrong_app_id")
        return content[_HEAD:end]


def _unpad(padded: bytes) -> bytes:
    count = padded[-1]
    if not 1 <= count <= _BLOCK or padded[-count:] != bytes([count]) * count:
        raise CallbackRejected("bad_padding")
    return padded[:-count]


def _digest(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode("utf-8", "surrogatepass")).hexdigest()  # noqa: S324


def _compare(given: str, expected: str) -> None:
    if not hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode()):
        raise CallbackRejected("bad_signature")
