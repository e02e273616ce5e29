"""Clocks in the test's hand, and a small account that answers pushes over real HTTP."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import aiohttp
from aiohttp import web

from bot.simulator.deliver import Courier
from bot.simulator.followers import openid_of
from bot.simulator.platform import Platform
from bot.simulator.xmltext import child, read

AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
OTHER_KEY = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
ALICE = openid_of(0)
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class HandClock:
    """Both clocks stand still until the test moves them."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at

    def wall(self) -> float:
        return self.at.timestamp()

    def advance(self, **parts: float) -> None:
        self.at += timedelta(**parts)


Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Service:
    """The account's side: a callback whose answer the test sets, and the simulator beside it."""

    def __init__(self, platform: Platform, courier: Courier) -> None:
        self.platform, self.courier = platform, courier
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.answer: Answer | None = None
        self.http: aiohttp.ClientSession
        self.address = ""

    async def receive(self, request: web.Request) -> web.StreamResponse:
        self.requests.append((dict(request.query), await request.read()))
        return await self.answer(request) if self.answer else web.Response(text="success")

    async def call(self, method: str, path: str, **how: object) -> dict:
        async with self.http.request(method, self.address + path, **how) as response:
            return await response.json(content_type=None)

    async def api(self, path: str, body: dict | None = None, **query: str) -> dict:
        token = self.platform.tokens.stable()[0]
        address = f"{self.address}/simulator/api/{path}"
        how = {"data": to_json(body)} if body is not None else {}
        params = {"access_token": token, **query}
        async with self.http.request("POST" if how else "GET", address, params=params, **how) as response:
            return await response.json(content_type=None)

    def opened(self, number: int = -1) -> str:
        return self.platform.keys[0].decrypt(child(read(self.requests[number][1]), "Encrypt")).decode()


def to_json(body: dict) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()
