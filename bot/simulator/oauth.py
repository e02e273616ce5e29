"""Web authorisation: a one-time code in the browser, exchanged for the openid on the server.

Source: developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html.
"""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from bot.simulator.errors import Refused

CODE_LASTS = 300
STATE = re.compile(r"^[A-Za-z0-9]{0,128}$")
SCOPES = ("snsapi_base", "snsapi_userinfo")


@dataclass(slots=True)
class _Code:
    openid: str
    scope: str
    until: float
    used: bool = False


class OAuth:
    """Codes given out. ``snapshot`` true: the next logins are those of the virtual snapshot account.

    ``domain``: the one registered for web authorisation; empty takes any.
    """

    def __init__(self, app_id: str, wall: Callable[[], float]) -> None:
        self._app_id = app_id
        self._wall = wall
        self._codes: dict[str, _Code] = {}
        self.snapshot = False
        self.domain = ""

    def fault(self, query: dict[str, str]) -> str:
        """What is wrong with an authorisation address in the words of the client; empty when it is right."""
        target = urlsplit(query.get("redirect_uri", ""))
        if query.get("appid") != self._app_id:
            return "AppID 参数错误（10013）"
        if target.scheme not in ("http", "https") or (self.domain and target.hostname != self.domain):
            return "redirect_uri 参数错误（10003）"
        if query.get("response_type") != "code":
            return "response_type 参数错误"
        if query.get("scope") not in SCOPES:
            return "Scope 参数错误或没有 Scope 权限（10005）"
        if not STATE.match(query.get("state", "")):
            return "state 只能是 128 个以内的字母和数字"
        return ""

    def grant(self, query: dict[str, str], openid: str) -> str:
        """The address the browser goes on to, with ``code`` and ``state``."""
        code = secrets.token_urlsafe(24)
        now = self._wall()
        self._codes = {text: held for text, held in self._codes.items() if held.until > now - CODE_LASTS}
        self._codes[code] = _Code(openid, query["scope"], now + CODE_LASTS)
        target = urlsplit(query["redirect_uri"])
        pairs = [
            *parse_qsl(target.query, keep_blank_values=True),
            ("code", code),
            ("state", query.get("state", "")),
        ]
        return urlunsplit(target._replace(query=urlencode(pairs)))

    def exchange(self, code: str) -> dict[str, object]:
        """The answer to sns/oauth2/access_token. Raises Refused 41008, 40029, 40163 (used), 42003 (late)."""
        if not code:
            raise Refused(41008)
        held = self._codes.get(code)
        if held is None:
            raise Refused(40029)
        if held.used:
            raise Refused(40163)
        if self._wall() >= held.until:
            raise Refused(42003)
        held.used = True
        answer: dict[str, object] = {
            "access_token": secrets.token_urlsafe(64),
            "expires_in": 7200,
            "refresh_token": secrets.token_urlsafe(64),
            "openid": held.openid,
            "scope": held.scope,
        }
        return answer | {"is_snapshotuser": 1} if self.snapshot else answer
