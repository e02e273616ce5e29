"""The one way a callback is refused."""

from typing import Literal

Reason = Literal[
    "bad_signature",
    "missing_signature",
    "bad_timestamp",
    "bad_nonce",
    "plain_in_safe_mode",
    "encrypted_without_key",
    "bad_base64",
    "truncated_ciphertext",
    "bad_padding",
    "bad_length",
    "wrong_app_id",
    "empty",
    "too_large",
    "json",
    "nul",
    "not_utf8",
    "doctype",
    "too_deep",
    "too_many_fields",
    "malformed_xml",
    "missing_field",
    "duplicate_field",
    "bad_user_name",
    "bad_create_time",
    "bad_msg_id",
]

_STATUS: dict[str, int] = {
    "bad_signature": 403,
    "missing_signature": 403,
    "plain_in_safe_mode": 403,
    "wrong_app_id": 403,
    "too_large": 413,
    "json": 415,
}


class CallbackRejected(Exception):
    """A request to the callback that did not come from the platform, or cannot be one of its messages.

    ``reason`` is stable: a metric label and a log field. ``status`` is the HTTP answer, always 4xx.
    Nothing of the request stands in the exception's text.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason
        self.status: int = _STATUS.get(reason, 400)
