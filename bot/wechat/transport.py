"""One request to the API: limits on time and size, and every failure as one of two exceptions.

aiohttp's own exceptions hold URLs, and the API wants its token in the URL; they are never passed on.
"""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import aiohttp

from bot.wechat.errors import ApiAway, ApiRefused

CALL = aiohttp.ClientTimeout(total=5, connect=2)
TOKEN_CALL = aiohttp.ClientTimeout(total=3, connect=2)
MEDIA = aiohttp.ClientTimeout(total=30, connect=2)
_MAX_ANSWER = 1024 * 1024
_CHUNK = 64 * 1024


class Transport:
    """The API's address and the session the process shares."""

    def __init__(self, api_url: str, session: aiohttp.ClientSession) -> None:
        self.api_url = api_url.rstrip("/")
        self._session = session

    async def get(self, path: str, query: Mapping[str, str]) -> dict[str, Any]:
        """The JSON answer. Raises :class:`ApiRefused` for an errcode, else :class:`ApiAway`."""
        async with self.exchange("GET", path, query) as response:
            return await answer_of(response)

    async def post(
        self,
        path: str,
        query: Mapping[str, str],
        body: Mapping[str, object],
        limit: aiohttp.ClientTimeout = CALL,
    ) -> dict[str, Any]:
        """As :meth:`get`. JSON goes out as raw UTF-8: the platform shows \\u escapes as they are written."""
        data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        async with self.exchange("POST", path, query, data=data, limit=limit) as response:
            return await answer_of(response)

    async def upload(self, path: str, query: Mapping[str, str], form: aiohttp.FormData) -> dict[str, Any]:
        """As :meth:`get`, for a file."""
        async with self.exchange("POST", path, query, data=form, limit=MEDIA) as response:
            return await answer_of(response)

    @asynccontextmanager
    async def exchange(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        *,
        data: bytes | aiohttp.FormData | None = None,
        limit: aiohttp.ClientTimeout = CALL,
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """The raw response, its body unread. Raises :class:`ApiAway`. ``limit`` covers the body as well."""
        headers = {"Content-Type": "application/json"} if isinstance(data, bytes) else None
        with failures():
            response = await self._session.request(
                method,
                self.api_url + path,
                params=query,
                data=data,
                headers=headers,
                timeout=limit,
                allow_redirects=False,
            )
        async with response:
            yield response


@contextmanager
def failures() -> Iterator[None]:
    """aiohttp's exceptions as :class:`ApiAway`, the original out of sight since it may name the URL."""
    try:
        yield
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        raise ApiAway("unreachable", sent=False) from None
    except TimeoutError:
        raise ApiAway("timeout", sent=True) from None
    except aiohttp.ClientError:
        raise ApiAway("broken_off", sent=True) from None


async def answer_of(response: aiohttp.ClientResponse) -> dict[str, Any]:
    """The JSON object of a response. Raises :class:`ApiRefused`, :class:`ApiAway`."""
    raw = bytearray()
    with failures():
        async for chunk in response.content.iter_chunked(_CHUNK):
            raw += chunk
            if len(raw) > _MAX_ANSWER:
                raise ApiAway("too_large", sent=True, status=response.status)
    answer = _object(bytes(raw))
    if answer is not None and answer.get("errcode"):
        raise _refusal(answer)
    if response.status != 200:
        raise ApiAway("http_status", sent=response.status >= 500, status=response.status)
    if answer is None:
        raise ApiAway("not_json", sent=True, status=response.status)
    return answer


def _object(raw: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _refusal(answer: Mapping[str, Any]) -> ApiRefused | ApiAway:
    try:
        return ApiRefused(int(answer["errcode"]), str(answer.get("errmsg", "")))
    except (TypeError, ValueError):
        return ApiAway("not_json", sent=True)
