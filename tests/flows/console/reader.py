"""Somebody at a browser: a cookie jar, the last page, and the forms on it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from typing import Any

import aiohttp

from storage.vocab import Role
from tests.flows.api.service import PASSWORD, Service


class Forms(HTMLParser):
    """Every form of a page as action → its inputs' values."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.found.append((given.get("action") or "", {}))
        elif tag == "input" and self.found and given.get("type") != "file":
            self.found[-1][1][given.get("name") or ""] = given.get("value") or ""


class Browser:
    """Reads pages and sends their forms, as a person without JavaScript would."""

    def __init__(self, base: str, session: aiohttp.ClientSession) -> None:
        self._base, self._session = base, session
        self.status, self.html, self.at = 0, "", ""
        self.headers: dict[str, str] = {}

    async def open(self, path: str, **more: Any) -> str:
        async with self._session.get(self._base + path, **more) as answer:
            return await self._seen(answer)

    async def post(self, path: str, data: Any, **more: Any) -> str:
        async with self._session.post(self._base + path, data=data, **more) as answer:
            return await self._seen(answer)

    async def send(self, action: str, **typed: str) -> str:
        """Fill in the last page's form whose path ends so, and send it."""
        path, values = self._form(action)
        return await self.post(path, values | typed)

    def form(self, action: str) -> dict[str, str]:
        return self._form(action)[1]

    @property
    def text(self) -> str:
        """The page as it reads, tags left out."""
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", self.html))

    def _form(self, action: str) -> tuple[str, dict[str, str]]:
        """The form of the last page whose path ends so."""
        found = Forms(self.html).found
        return next(one for one in found if one[0].partition("?")[0].endswith(action))

    async def _seen(self, answer: aiohttp.ClientResponse) -> str:
        self.status, self.html, self.at = (
            answer.status,
            await answer.text(errors="replace"),
            answer.url.path_qs,
        )
        self.headers = dict(answer.headers)
        return self.html


@asynccontextmanager
async def browser(service: Service) -> AsyncIterator[Browser]:
    base = str(service.client.make_url("/")).rstrip("/")
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        yield Browser(base, session)


@asynccontextmanager
async def signed_in(service: Service, role: Role, department: str | None = None) -> AsyncIterator[Browser]:
    """A new account of this role, at its start page."""
    login = f"{role.value}-{department or 'city'}"
    await service.staff(login, role, department)
    async with browser(service) as opened:
        await opened.open("/console/login")
        await opened.send("/console/login", login=login, password=PASSWORD)
        assert opened.at == "/console"
        yield opened
