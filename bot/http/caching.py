"""Answers that everybody gets alike: kept for a short while, and not sent again where nothing has changed."""

import hashlib
from datetime import datetime

from aiohttp import ETag, web

AGE = 60  # seconds for which nobody needs to ask again


def shared(request: web.Request, response: web.Response, *, changed: datetime | None = None) -> web.Response:
    """The answer, or 304 where the asker has it already; ``changed``: when what it tells was last another."""
    body = response.body
    assert isinstance(body, bytes)
    response.etag = ETag(hashlib.sha256(body).hexdigest()[:32], is_weak=True)  # packed or not, it is the same
    response.last_modified = changed
    response.headers["Cache-Control"] = f"public, max-age={AGE}"
    if response.status != 200 or not _has_it(request, response.etag, changed):
        return response
    again = web.Response(status=304, headers={"Cache-Control": response.headers["Cache-Control"]})
    again.etag, again.last_modified = response.etag, changed
    if "Vary" in response.headers:
        again.headers["Vary"] = response.headers["Vary"]
    return again


def _has_it(request: web.Request, tag: ETag, changed: datetime | None) -> bool:
    if request.if_none_match is not None:
        return any(held.value in (tag.value, "*") for held in request.if_none_match)
    since = request.if_modified_since
    return since is not None and changed is not None and changed.replace(microsecond=0) <= since
