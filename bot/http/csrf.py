"""Forms that only our own pages can post: a value bound to the session, before that to a cookie."""

import hashlib
import hmac
import secrets

from aiohttp import web

from bot.http.problems import ForgedForm
from intake.identity import Vault

FIELD = "csrf"
SIGN_IN_COOKIE = "jiannuo_sign_in"
LENGTH = 43


def token_for(vault: Vault, session: str) -> str:
    """The form value of a session: derived, so that nothing more is stored."""
    return hmac.new(vault.session_key, f"csrf\0{session}".encode(), hashlib.sha256).hexdigest()


def check(vault: Vault, session: str, given: object) -> None:
    """Raises :class:`ForgedForm` where the value is not this session's."""
    if not isinstance(given, str) or not hmac.compare_digest(token_for(vault, session), given):
        raise ForgedForm("页面已经过期，请刷新后重新提交")


def sign_in_value(request: web.Request) -> str:
    """The browser's own random value, or a new one (double submit)."""
    held = request.cookies.get(SIGN_IN_COOKIE, "")
    return held if len(held) == LENGTH else fresh()


def fresh() -> str:
    """A random value of :data:`LENGTH` characters."""
    return secrets.token_urlsafe(32)
