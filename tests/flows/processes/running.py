"""The office as processes of its own, and everybody who uses it over HTTP.

On PostgreSQL ``serve`` and ``work`` apart, on SQLite both in one, as each is meant to run.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import aiohttp

from intake import staffing
from intake.city import City, load_city
from storage.engine import Database
from storage.unit import Unit
from storage.vocab import Role
from tests.support.processes import Child
from tests.support.service import Settings, Stand
from tests.support.time import START

T = TypeVar("T")
Facts = list[dict[str, Any]]


@dataclass(frozen=True)
class Answer:
    """What came back: ``body`` is the JSON or, where it is none, the text."""

    status: int
    body: Any
    type: str
    raw: bytes


@dataclass
class Running:
    """The office as it is used from outside."""

    settings: Settings
    stand: Stand
    processes: list[Child]
    http: aiohttp.ClientSession
    database: Database
    city: City
    tokens: dict[tuple[Role, str | None], str] = field(default_factory=dict)

    async def token(self, role: Role, department: str | None = None) -> str:
        key = (role, department)
        if key not in self.tokens:
            label = f"{role.value}-{department or 'city'}"

            async def create(unit: Unit) -> str:
                return await staffing.create_token(
                    unit, self.city, role=role, department=department, label=label, at=START
                )

            self.tokens[key] = await self.database.run(create)
        return self.tokens[key]

    async def api(
        self, method: str, path: str, role: Role | None = None, department: str | None = None, **more: Any
    ) -> Answer:
        """One call below ``/api/v1``."""
        headers = more.pop("headers", {})
        if role is not None:
            headers["Authorization"] = f"Bearer {await self.token(role, department)}"
        return await self.ask(method, f"/api/v1{path}", headers=headers, **more)

    async def ask(self, method: str, path: str, **more: Any) -> Answer:
        async with self.http.request(method, self.settings.url + path, **more) as response:
            raw = await response.read()
            try:
                body: Any = json.loads(raw)
            except ValueError:
                body = raw.decode("utf-8", "replace")
            return Answer(response.status, body, response.content_type, raw)

    async def act(
        self, number: str, action: str, role: Role, department: str | None = None, **body: Any
    ) -> dict[str, Any]:
        """One action on the case as it stands; it must be accepted."""
        if "version" not in body:
            seen = await self.api("GET", f"/cases/{number}", role, department)
            assert seen.status == 200, seen.body
            body["version"] = seen.body["version"]
        done = await self.api("POST", f"/cases/{number}/actions/{action}", role, department, json=body)
        assert done.status == 200, done.body
        return dict(done.body)

    # ── citizens ─────────────────────────────────────────────────────────────────────────────────────

    async def says(self, openid: str, **what: Any) -> str:
        """One act of a citizen; what was answered at once, as it is read."""
        told = await self.ask("POST", "/simulator/say", json={"openid": openid, **what})
        assert told.status == 200, told.body
        assert not told.body["tip"], told.body
        return str(told.body["words"])

    async def files(self, openid: str, text: str, *modes: str) -> tuple[str, str]:
        """Files ``text`` in a conversation; tracking number and query code."""
        asked = [await self.says(openid, text=said) for said in (text, *modes)]
        receipt = await self.says(openid, text="确认")
        words = _words(receipt)
        numbers = [word for word in words if word[:2] in ("TS", "ZX", "JY")]
        codes = [word for word in words if word.isdigit() and len(word) == 6]
        assert len(numbers) * len(codes) == 1, (asked, receipt)
        return numbers[0], codes[0]

    async def pushed(self, openid: str, *, after: int = 0, wait: float = 15) -> list[dict[str, Any]]:
        """What the account pushed since entry ``after``; waits until there is something."""
        path = f"/simulator/transcript?openid={openid}&after={after}&kinds=service,template,subscribe"
        told = await self.ask("GET", f"{path}&wait={wait}")
        return list(told.body["entries"])

    async def turn(self, **span: float) -> None:
        """Turn the office's time forward for both processes: ``hours=3``."""
        scale = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
        seconds = sum(scale[unit] * count for unit, count in span.items())
        told = await self.ask("POST", "/simulator/clock", json={"advance_seconds": seconds})
        assert told.status == 200, told.body

    async def pushes(
        self, number: str, settled: Callable[[list[dict[str, Any]]], bool]
    ) -> list[dict[str, Any]]:
        """The pushes of a case as the staff sees them, once ``settled`` says that they are as expected."""

        async def look() -> list[dict[str, Any]] | None:
            seen = (await self.api("GET", f"/cases/{number}", Role.AUDITOR)).body["pushes"]
            return seen if settled(seen) else None

        return await until(look, f"pushes of {number}")

    def logs(self) -> str:
        return "".join(process.output() for process in self.processes)


async def until(look: Callable[[], Awaitable[T | None]], what: str, seconds: float = 20) -> T:
    """What ``look`` finds, as soon as it finds something."""
    end = time.monotonic() + seconds
    while (found := await look()) is None:
        assert time.monotonic() < end, what
        await asyncio.sleep(0.05)
    return found


def _words(text: str) -> list[str]:
    return "".join(char if char.isascii() and char.isalnum() else " " for char in text).split()


@dataclass
class Started:
    """The processes, whoever visits them."""

    stand: Stand
    settings: Settings
    processes: list[Child]
    tokens: dict[tuple[Role, str | None], str] = field(default_factory=dict)

    @asynccontextmanager
    async def visited(self) -> AsyncIterator[Running]:
        database = Database(self.settings.values["database_url"])
        async with database.read() as unit:
            city = await load_city(unit)
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=90)) as http:
            yield Running(self.settings, self.stand, self.processes, http, database, city, self.tokens)
        await database.close()


def start(stand: Stand, made: Settings, **more: str) -> Started:
    """Start what the engine wants; ``stand`` ends it."""
    settings = made.but(
        simulator="true",
        wechat_api_url=f"{made.url}/simulator/api",
        wechat_open_url=f"{made.url}/simulator/open",
        **more,
    )
    embedded = settings.values["database_url"].startswith("sqlite")
    processes = [stand.all(settings)] if embedded else [stand.serve(settings), stand.work(settings)]
    return Started(stand, settings, processes)
