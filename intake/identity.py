"""Identities: encrypted, apart, found by keyed HMAC. Nothing else in the system holds an openid or a phone.

Keys (contract, settings): ``JIANNUO_IDENTITY_KEY`` encrypts what is personal; ``JIANNUO_SECRET_KEY`` signs
sessions and hashes query codes. Every use derives a key of its own (HKDF-SHA-256, by purpose).
"""

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FORMAT = b"\x01"
NONCE = 12
PRINT = 4


class KeyFault(ValueError):
    """A key is not urlsafe base64 of 32 bytes."""


class Unreadable(ValueError):
    """Bytes that this vault did not seal, or that were changed."""


def key_bytes(text: str) -> bytes:
    """A key setting as its 32 bytes; raises :class:`KeyFault`."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise KeyFault("not urlsafe base64") from error
    if len(raw) != 32:
        raise KeyFault(f"{len(raw)} bytes instead of 32")
    return raw


class Vault:
    """Seals and opens personal data; makes the keyed digests by which it is found.

    A sealed value is format (1 byte) + key fingerprint (4) + nonce (12) + AES-256-GCM; ``purpose`` is bound
    in, so that a value copied to another column does not open there.
    """

    def __init__(self, identity_key: bytes, secret_key: bytes) -> None:
        sealing = _derived(identity_key, b"seal")
        self._print = hashlib.sha256(sealing).digest()[:PRINT]
        self._cipher = AESGCM(sealing)
        self._lookup = _derived(identity_key, b"lookup")
        self._codes = _derived(secret_key, b"query code")
        self.archive_key = _derived(secret_key, b"archive head")
        self.session_key = _derived(secret_key, b"session")

    def seal(self, value: str, purpose: str) -> bytes:
        nonce = os.urandom(NONCE)
        body = value.encode("utf-8", "surrogatepass")
        return FORMAT + self._print + nonce + self._cipher.encrypt(nonce, body, purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> str:
        """What was sealed; raises :class:`Unreadable`."""
        start = 1 + PRINT
        if sealed[:start] != FORMAT + self._print:
            raise Unreadable("sealed under another key")
        nonce, body = sealed[start : start + NONCE], sealed[start + NONCE :]
        try:
            return self._cipher.decrypt(nonce, body, purpose.encode()).decode("utf-8", "surrogatepass")
        except InvalidTag as error:
            raise Unreadable("changed, or sealed for another purpose") from error

    def seal_json(self, value: Any, purpose: str) -> bytes:
        return self.seal(json.dumps(value, ensure_ascii=False, separators=(",", ":")), purpose)

    def open_json(self, sealed: bytes, purpose: str) -> Any:
        return json.loads(self.open(sealed, purpose))

    def lookup(self, account: str, openid: str) -> str:
        """The keyed digest by which an openid is found."""
        return hmac.new(self._lookup, f"{account}\0{openid}".encode(), hashlib.sha256).hexdigest()

    def code_digest(self, case_id: str, code: str) -> str:
        """How a query code is stored: keyed, since six digits alone could be tried out."""
        return hmac.new(self._codes, f"{case_id}\0{code}".encode(), hashlib.sha256).hexdigest()


def new_reporter_id() -> str:
    """A random name that says nothing."""
    return secrets.token_hex(16)


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"jiannuo " + purpose).derive(key)
