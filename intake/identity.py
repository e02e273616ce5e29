"""Identities: encrypted, apart, found by keyed HMAC. Nothing else in the system holds an openid or a phone.

Keys (contract, settings): ``JIANNUO_IDENTITY_KEY`` encrypts what is personal; ``JIANNUO_SECRET_KEY`` signs
sessions and hashes query codes. Every use derives a key of its own (HKDF-SHA-256, by purpose). While a key is
being replaced ``JIANNUO_IDENTITY_KEY_PREVIOUS`` opens and finds as well; nothing new is sealed with it.
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


class IdentityKey:
    """What one identity key derives: a cipher, the key of lookups, and the mark of what it sealed."""

    def __init__(self, raw: bytes) -> None:
        sealing = _derived(raw, b"seal")
        self.mark = FORMAT + hashlib.sha256(sealing).digest()[:PRINT]
        self._cipher = AESGCM(sealing)
        self._lookup = _derived(raw, b"lookup")

    def seal(self, body: bytes, purpose: str) -> bytes:
        nonce = os.urandom(NONCE)
        return self.mark + nonce + self._cipher.encrypt(nonce, body, purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> bytes:
        start = len(self.mark)
        nonce, body = sealed[start : start + NONCE], sealed[start + NONCE :]
        try:
            return self._cipher.decrypt(nonce, body, purpose.encode())
        except (InvalidTag, ValueError) as error:
            raise Unreadable("changed, or sealed for another purpose") from error

    def lookup(self, account: str, openid: str) -> str:
        return hmac.new(self._lookup, f"{account}\0{openid}".encode(), hashlib.sha256).hexdigest()


class Vault:
    """Seals and opens personal data; makes the keyed digests by which it is found.

    A sealed value is format (1 byte) + key fingerprint (4) + nonce (12) + AES-256-GCM; ``purpose`` is bound
    in, so that a value copied to another column does not open there. The fingerprint tells which key to open
    with: values under ``previous_key`` open and are found until they are sealed anew (``intake.rotation``).
    """

    def __init__(self, identity_key: bytes, secret_key: bytes, previous_key: bytes | None = None) -> None:
        self._key = IdentityKey(identity_key)
        self._previous = IdentityKey(previous_key) if previous_key is not None else None
        self._codes = _derived(secret_key, b"query code")
        self.archive_key = _derived(secret_key, b"archive head")
        self.session_key = _derived(secret_key, b"session")

    @property
    def mark(self) -> bytes:
        """How every value begins that was sealed under the key in force."""
        return self._key.mark

    @property
    def previous_mark(self) -> bytes | None:
        """How values under the previous key begin; None where none is set."""
        return self._previous.mark if self._previous else None

    def seal(self, value: str, purpose: str) -> bytes:
        return self._key.seal(value.encode("utf-8", "surrogatepass"), purpose)

    def open(self, sealed: bytes, purpose: str) -> str:
        """What was sealed; raises :class:`Unreadable`."""
        return self._key_of(sealed).open(sealed, purpose).decode("utf-8", "surrogatepass")

    def reseal(self, sealed: bytes, purpose: str) -> bytes:
        """The same value under the key in force; raises :class:`Unreadable`."""
        return self._key.seal(self._key_of(sealed).open(sealed, purpose), purpose)

    def _key_of(self, sealed: bytes) -> IdentityKey:
        for key in (self._key, self._previous):
            if key is not None and sealed.startswith(key.mark):
                return key
        raise Unreadable(f"sealed under key {fingerprint(sealed)}, which is not set")

    def seal_json(self, value: Any, purpose: str) -> bytes:
        return self.seal(json.dumps(value, ensure_ascii=False, separators=(",", ":")), purpose)

    def open_json(self, sealed: bytes, purpose: str) -> Any:
        return json.loads(self.open(sealed, purpose))

    def lookup(self, account: str, openid: str) -> str:
        """The keyed digest under which an openid is kept."""
        return self._key.lookup(account, openid)

    def lookups(self, account: str, openid: str) -> tuple[str, ...]:
        """Every digest under which an openid may stand: the one of :meth:`lookup` first."""
        now = self._key.lookup(account, openid)
        return (now, self._previous.lookup(account, openid)) if self._previous else (now,)

    def code_digest(self, case_id: str, code: str) -> str:
        """How a query code is stored: keyed, since six digits alone could be tried out."""
        return hmac.new(self._codes, f"{case_id}\0{code}".encode(), hashlib.sha256).hexdigest()


def fingerprint(sealed: bytes) -> str:
    """Which key sealed a value, or the mark of one, in eight hexadecimal digits; nothing leads back to it."""
    return sealed[1 : 1 + PRINT].hex()


def new_reporter_id() -> str:
    """A random name that says nothing."""
    return secrets.token_hex(16)


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"jiannuo " + purpose).derive(key)
