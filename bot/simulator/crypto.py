"""Signatures and message encryption of the callback, from the protocol alone.

Source: developers.weixin.qq.com/doc/subscription/guide/dev/push/encryption.html. AES-256-CBC, the IV is the
key's first 16 bytes, PKCS#7 to blocks of 32 bytes; inside: 16 random bytes, length (4 bytes, big endian),
message, app id.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32


class BadCipher(Exception):
    """A text that this key did not make, or that was damaged."""


def signature(*parts: str) -> str:
    """SHA-1 of the sorted parts: token, timestamp, nonce for the URL; with the cipher text, for messages."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324 (the protocol's own)


def matches(given: str, *parts: str) -> bool:
    """Whether ``given`` is the signature of ``parts``."""
    return hmac.compare_digest(given.encode(), signature(*parts).encode())


class MessageKey:
    """One EncodingAESKey (43 characters) of one account."""

    def __init__(self, encoding_aes_key: str, app_id: str) -> None:
        try:
            self._key = base64.b64decode(encoding_aes_key + "=")
        except binascii.Error as error:
            raise ValueError("an EncodingAESKey is 43 letters and digits") from error
        if len(self._key) != 32:
            raise ValueError("an EncodingAESKey is 43 letters and digits")
        self._app_id = app_id.encode()

    def encrypt(self, message: bytes, *, random16: bytes | None = None) -> str:
        """Base64 cipher text; ``random16`` is fixed only to reproduce a published example."""
        head = random16 or secrets.token_bytes(16)
        plain = head + struct.pack(">I", len(message)) + message + self._app_id
        pad = BLOCK - len(plain) % BLOCK
        encryptor = self._cipher().encryptor()
        sealed = encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()
        return base64.b64encode(sealed).decode()

    def decrypt(self, text: str) -> bytes:
        """The message inside.

        Raises BadCipher when it is not base64, not whole blocks, badly padded, of a wrong length or of
        another app id.
        """
        try:
            sealed = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError) as error:
            raise BadCipher("not base64") from error
        if not sealed or len(sealed) % 16:
            raise BadCipher("not whole blocks")
        decryptor = self._cipher().decryptor()
        return self._open(decryptor.update(sealed) + decryptor.finalize())

    def _open(self, padded: bytes) -> bytes:
        pad = padded[-1]
        if not 1 <= pad <= BLOCK or padded[-pad:] != bytes([pad]) * pad:
            raise BadCipher("bad padding")
        plain = padded[:-pad]
        if len(plain) < 20:
            raise BadCipher("too short")
        (length,) = struct.unpack(">I", plain[16:20])
        message, app_id = plain[20 : 20 + length], plain[20 + length :]
        if len(message) != length or app_id != self._app_id:
            raise BadCipher("another app id or a wrong length")
        return message

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))
