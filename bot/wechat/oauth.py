"""Signing a citizen in on our web pages: the browser goes to WeChat and comes back with a code.

Source: developers.weixin.qq.com/doc/service/guide/h5/auth.html.
"""

import re
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote

from bot.wechat.errors import ApiAway
from bot.wechat.transport import Transport

_STATE = re.compile(r"[A-Za-z0-9]{1,128}")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who came back. ``is_snapshot``: a preview under a made-up account, which must not file anything."""

    openid: str = field(repr=False)
    is_snapshot: bool


def authorize_url(
    open_url: str,
    app_id: str,
    redirect_uri: str,
    state: str,
    scope: Literal["snsapi_base", "snsapi_userinfo"] = "snsapi_base",
) -> str:
    """Where to send the browser. The client insists on this order of the parameters.

    Raises ``ValueError`` for a state that is not 1 to 128 letters and digits: the platform would refuse it.
    """
    if not _STATE.fullmatch(state):
        raise ValueError("state must be 1 to 128 letters and digits")
    return (
        f"{open_url.rstrip('/')}/connect/oauth2/authorize?appid={quote(app_id, safe='')}"
        f"&redirect_uri={quote(redirect_uri, safe='')}&response_type=code&scope={scope}"
        f"&state={state}#wechat_redirect"
    )


async def exchange_code(transport: Transport, app_id: str, secret: str, code: str) -> SignedIn:
    """The person behind a code, which works once and for five minutes.

    Raises ``ApiRefused`` (class ``oauth``: start again at :func:`authorize_url`), ``ApiAway``.
    """
    params = {"appid": app_id, "secret": secret, "code": code, "grant_type": "authorization_code"}
    answer = await transport.get("/sns/oauth2/access_token", params)
    openid = answer.get("openid")
    if not isinstance(openid, str) or not openid:
        raise ApiAway("not_json", sent=True)
    return SignedIn(openid, str(answer.get("is_snapshotuser", 0)) == "1")
