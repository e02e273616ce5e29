"""One part of a file where a browser asks for one (RFC 9110, 14): iPhones play nothing else."""

import re
from dataclasses import dataclass

from aiohttp import web

_ONE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes from ``start`` up to, but without, ``end`` of ``size``; None of them is not there."""

    start: int
    end: int
    size: int

    @property
    def content_range(self) -> str:
        return (
            f"bytes {self.start}-{self.end - 1}/{self.size}"
            if self.start < self.end
            else f"bytes */{self.size}"
        )


def asked_part(request: web.Request, tag: str, size: int) -> Part | None:
    """Which part is asked for; an empty one cannot be had. None: the whole is to be sent, also where several
    parts are asked for, or one of a file with another ``tag`` (``If-Range``)."""
    found = _ONE.fullmatch(request.headers.get("Range", "")) if request.method == "GET" else None
    if found is None or request.headers.get("If-Range", f'"{tag}"') != f'"{tag}"':
        return None
    first, last = found.groups()
    if first:
        end = min(int(last) + 1, size) if last else size
        return None if last and int(last) < int(first) else Part(int(first), end, size)
    return Part(max(size - int(last), 0), size, size) if last else None
