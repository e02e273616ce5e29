"""Refusals as HTTP: one status for each stable code, told as a problem document (RFC 9457)."""

import json
from http import HTTPStatus
from typing import Any

from aiohttp import web

from intake.errors import Refused

STATUS = {
    "unauthorized": 401,
    "not_found": 404,
    "role": 403,
    "csrf": 403,
    "invalid": 422,
    "stale_version": 409,
    "state_refuses": 422,
    "accused_unit": 422,
    "merged": 422,
    "once_only": 422,
    "wrong_code": 422,
    "too_many_tries": 429,
    "too_large": 413,
    "away": 503,
    "busy": 503,
    "database_away": 503,
    "unexpected": 500,
}
CONTENT_TYPE = "application/problem+json"


class Unauthorized(Refused):
    """Nobody known asks."""

    code = "unauthorized"


class ForgedForm(Refused):
    """A form that was not drawn for this session."""

    code = "csrf"


class TooLarge(Refused):
    code = "too_large"


class Away(Refused):
    """Something the answer needs does not answer now; the same request may succeed later."""

    code = "away"


def status_of(refused: Refused) -> int:
    """The HTTP status of a refusal; 422 for a code that has none of its own."""
    return STATUS.get(refused.code, 422)


def document(status: int, code: str, detail: str, **facts: Any) -> dict[str, Any]:
    """The members of a problem document: ``code`` is stable, ``detail`` is for people (Chinese)."""
    return {
        "type": f"urn:jiannuo:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        **facts,
    }


def problem(status: int, code: str, detail: str, **facts: Any) -> web.Response:
    """The answer itself; a 401 says how to sign in, a 503 when to come back."""
    headers = {}
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="jiannuo"'
    if status in (429, 503):
        headers["Retry-After"] = "5"
    body = json.dumps(document(status, code, detail, **facts), ensure_ascii=False, default=str)
    return web.Response(body=body.encode(), status=status, headers=headers, content_type=CONTENT_TYPE)


def refusal(refused: Refused) -> web.Response:
    """The problem document of a refusal, with its facts."""
    return problem(status_of(refused), refused.code, refused.detail, **refused.facts)
