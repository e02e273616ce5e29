"""The platform's refusals: 200 with ``{"errcode": …, "errmsg": …}``, each text ending in a request id."""

import secrets
from collections.abc import Mapping

MESSAGES: Mapping[int, str] = {
    -1: "system error",
    40001: (
        "invalid credential, access_token is invalid or not latest, "
        "could get access_token by getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r"
    ),
    40002: "invalid grant_type",
    40003: "invalid openid",
    40004: "invalid media type",
    40006: "invalid media size",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid appid",
    40016: "invalid button size",
    40018: "invalid button name size",
    40019: "invalid button key size",
    40029: "invalid code",
    40033: "invalid charset. please check your request, if include \\uxxxx will create fail!",
    40035: "invalid parameter",
    40037: "invalid template_id",
    40054: "invalid button url domain",
    40125: "invalid appsecret",
    40163: "code been used",
    40164: "invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41005: "media data missing",
    41008: "missing code",
    41030: "invalid page",
    42001: "access_token expired",
    42003: "code expired",
    43002: "require POST method",
    43004: "require subscribe",
    43019: "user in blacklist",
    43101: "user refuse to accept the msg",
    44002: "empty post data",
    44004: "empty content",
    45002: "content size out of limit",
    45008: "article size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    45015: "response out of time limit or subscription is canceled",
    45047: "out of response count limit",
    45072: "invalid command",
    45080: "can not send typing: no recent message from the user",
    45081: "typing status is already set",
    46003: "menu no exist",
    47001: "data format error",
    47003: "argument invalid!",
    48001: "api unauthorized",
    48002: "user refuses messages",
    48004: "api forbidden",
    48006: "forbid to clear quota because of reaching the limit",
    50002: "user limited",
    87014: "risky content",
}
"""Texts as the platform words them; a code without one is answered as ``error``."""


class Refused(Exception):
    """The platform refuses a call. ``detail`` follows the usual text of the code."""

    def __init__(self, errcode: int, detail: str = "") -> None:
        self.errcode = errcode
        text = MESSAGES.get(errcode, "error")
        self.errmsg = f"{text} {detail}".strip()
        super().__init__(f"{errcode} {self.errmsg}")

    def body(self) -> dict[str, object]:
        """The answer's JSON, with a fresh request id as the platform appends it."""
        return {"errcode": self.errcode, "errmsg": f"{self.errmsg} rid: {request_id()}"}


def request_id() -> str:
    """Three groups of eight hexadecimal digits."""
    return "-".join(secrets.token_hex(4) for _ in range(3))
