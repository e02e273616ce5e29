"""Callbacks as the platform writes them, made from the protocol alone (nothing of ``bot.wechat``)."""

import base64
import hashlib
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

TOKEN, APP_ID = "shili0token", "wx0123456789abcdef"
KEY, OLD_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "0123456789ABCDEFGabcdefghijklmnopqrstuvwxyz"
OPENID, ACCOUNT = "oAAAAAAAAAAAAAAAAAAAAAAAAAAA", "gh_000000000001"


def sign(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def query(encrypt: str = "", timestamp: str = "1790000000", nonce: str = "n0nce") -> dict[str, str]:
    signed = {"timestamp": timestamp, "nonce": nonce, "signature": sign(TOKEN, timestamp, nonce)}
    if encrypt:
        signed |= {"encrypt_type": "aes", "msg_signature": sign(TOKEN, timestamp, nonce, encrypt)}
    return signed


def _cipher(key: str) -> Cipher:
    raw = base64.b64decode(key + "=")
    return Cipher(algorithms.AES(raw), modes.CBC(raw[:16]))


def encrypt(
    text: str | bytes, key: str = KEY, app_id: str = APP_ID, head: bytes = b"0123456789abcdef"
) -> str:
    message = text.encode() if isinstance(text, str) else text
    plain = head + struct.pack(">I", len(message)) + message + app_id.encode()
    pad = 32 - len(plain) % 32
    return encrypt_raw(plain + bytes([pad]) * pad, key)


def encrypt_raw(padded: bytes, key: str = KEY) -> str:
    writer = _cipher(key).encryptor()
    return base64.b64encode(writer.update(padded) + writer.finalize()).decode()


def decrypt(sealed: str, key: str = KEY) -> tuple[str, str]:
    """Message and app id."""
    reader = _cipher(key).decryptor()
    plain = reader.update(base64.b64decode(sealed)) + reader.finalize()
    plain = plain[16 : -plain[-1]]
    (length,) = struct.unpack(">I", plain[:4])
    return plain[4 : 4 + length].decode(), plain[4 + length :].decode()


def safe_body(sealed: str) -> bytes:
    name = f"<ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>"
    return f"<xml>{name}<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode()


def xml(inner: str, *, msg_type: str = "text", sender: str = OPENID, created: int = 1790000000) -> str:
    return (
        f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName><FromUserName><![CDATA[{sender}]]></FromUserName>"
        f"<CreateTime>{created}</CreateTime><MsgType><![CDATA[{msg_type}]]></MsgType>{inner}</xml>"
    )


def text(content: str = "你好", msg_id: str = "24000000000000001") -> str:
    return xml(f"<Content><![CDATA[{content}]]></Content><MsgId>{msg_id}</MsgId>")


def event(name: str, inner: str = "", **common: object) -> str:
    return xml(f"<Event><![CDATA[{name}]]></Event>{inner}", msg_type="event", **common)
