"""Files citizens sent, streamed under a size cap, and the addresses from which we fetch.

``media/get`` answers with the file, with JSON and an errcode (status 200), or for videos with JSON and a
``video_url``. That URL comes from outside, so it is followed only to public addresses: the check sits in the
resolver, so that the address looked at is the address connected to.
"""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.wechat.errors import ApiAway, MediaRefused
from bot.wechat.transport import MEDIA, failures

_CHUNK = 64 * 1024
_REDIRECTS = 3
_PORTS = frozenset({80, 443})


@dataclass(frozen=True, slots=True)
class Media:
    """An open file: ``chunks`` may be read once, inside the ``async with``.

    ``content_type`` is what the sender claims; whoever keeps the file looks into it.
    Reading raises :class:`MediaRefused` at the cap and ``ApiAway`` when the line breaks.
    """

    content_type: str
    chunks: AsyncIterator[bytes]

    @classmethod
    def of(cls, response: aiohttp.ClientResponse, max_bytes: int) -> Self:
        """Raises :class:`MediaRefused` when the length is announced and too large already."""
        if (response.content_length or 0) > max_bytes:
            raise MediaRefused("too_large")
        return cls(response.content_type, _capped(response, max_bytes))


async def _capped(response: aiohttp.ClientResponse, max_bytes: int) -> AsyncIterator[bytes]:
    size = 0
    with failures():
        async for chunk in response.content.iter_chunked(_CHUNK):
            size += len(chunk)
            if size > max_bytes:
                raise MediaRefused("too_large")
            yield chunk


def holds_json(response: aiohttp.ClientResponse) -> bool:
    """Whether ``media/get`` answered with words instead of a file (errors come as text/plain as well)."""
    return "json" in response.content_type or response.content_type.startswith("text/")


@asynccontextmanager
async def fetch_public(url: str, max_bytes: int, *, allow_loopback: bool) -> AsyncIterator[Media]:
    """A file at an address that somebody gave us.

    ``allow_loopback``: the platform itself is the simulator on this machine. Raises :class:`MediaRefused`
    (bad_address for anything that is not plain http(s) to a public host), ``ApiAway``.
    """
    resolver = PublicResolver(allow_loopback=allow_loopback)
    connector = aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False, force_close=True)
    async with aiohttp.ClientSession(
        connector=connector, timeout=MEDIA, cookie_jar=aiohttp.DummyCookieJar()
    ) as session:
        with failures():
            response = await _follow(session, url, allow_loopback=allow_loopback)
        async with response:
            yield Media.of(response, max_bytes)


async def _follow(
    session: aiohttp.ClientSession, url: str, *, allow_loopback: bool
) -> aiohttp.ClientResponse:
    at = checked(url, allow_loopback=allow_loopback)
    for _ in range(_REDIRECTS + 1):
        response = await session.get(at, allow_redirects=False)
        if response.status == 200:
            return response
        response.release()
        if response.status not in {301, 302, 303, 307, 308} or "Location" not in response.headers:
            raise ApiAway("http_status", sent=True, status=response.status)
        at = checked(response.headers["Location"], allow_loopback=allow_loopback, base=at)
    raise MediaRefused("bad_address")


def checked(url: str, *, allow_loopback: bool, base: URL | None = None) -> URL:
    """The address as aiohttp will read it, refused if anything is wrong that shows without asking DNS.

    Raises :class:`MediaRefused` (bad_address).
    """
    try:
        address = base.join(URL(url)) if base else URL(url)
        host, port = address.host or "", address.explicit_port
    except ValueError:
        raise MediaRefused("bad_address") from None
    if address.scheme not in {"http", "https"} or not host or address.user is not None:
        raise MediaRefused("bad_address")
    if port is not None and port not in _PORTS and not allow_loopback:
        raise MediaRefused("bad_address")
    if _looks_numeric(host) and not acceptable(host, allow_loopback=allow_loopback):
        raise MediaRefused("bad_address")
    return address


def _looks_numeric(host: str) -> bool:
    """Hosts that aiohttp connects to without asking the resolver, short forms such as 127.1 among them."""
    return ":" in host or host.replace(".", "").isdigit()


def acceptable(address: str, *, allow_loopback: bool) -> bool:
    """Whether an IP address is public (or loopback, where that is allowed), whatever it is wrapped in."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.sixtofour or ip.teredo or ip in ipaddress.ip_network("64:ff9b::/96"):
            return False
        ip = ip.ipv4_mapped or ip
    if ip.is_loopback:
        return allow_loopback
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


class PublicResolver(AbstractResolver):
    """DNS that knows only public addresses; a name with any other is refused as a whole."""

    def __init__(self, *, allow_loopback: bool) -> None:
        self._inner = aiohttp.ThreadedResolver()
        self._allow_loopback = allow_loopback

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        if not all(acceptable(each["host"], allow_loopback=self._allow_loopback) for each in found):
            raise MediaRefused("bad_address")
        return found

    async def close(self) -> None:
        await self._inner.close()


async def is_loopback(url: str) -> bool:
    """Whether the API stands on this machine: the simulator, whose files may come from here too."""
    host = urlsplit(url).hostname or ""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None)
    except OSError:
        return False
    return bool(found) and all(
        ipaddress.ip_address(str(each[4][0]).partition("%")[0]).is_loopback for each in found
    )
