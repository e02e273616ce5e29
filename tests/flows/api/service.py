"""The whole application on a real socket, with tokens and logins for every role."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import AbstractRoute

from bot.factory import Process
from bot.settings import load
from bot.turn import Turns
from bot.web.app import make_app
from intake import staffing
from intake.actor import SYSTEM
from intake.cases.opening import Filed, NewCase, file_case
from intake.reporters import add_person
from storage.engine import Database
from storage.unit import Unit
from storage.vocab import CaseType, Channel, Mode, Role
from tests.support import city

PASSWORD = "示例密码-example-1"
UNITED = (Role.HANDLER, Role.HEAD)


@dataclass
class Service:
    """``client`` talks to the application; ``process`` is the one behind it."""

    process: Process
    client: TestClient[Any, Any]
    tokens: dict[tuple[Role, str | None], str] = field(default_factory=dict)

    async def token(self, role: Role, department: str | None = None) -> str:
        """A token of this role, made when first wanted; handlers and heads are of ``jiaoyu`` by default."""
        department = department or ("jiaoyu" if role in UNITED else None)
        key = (role, department)
        if key not in self.tokens:
            self.tokens[key] = await self.process.database.run(lambda unit: self._create(unit, *key))
        return self.tokens[key]

    async def _create(self, unit: Unit, role: Role, department: str | None) -> str:
        label = f"{role.value}-{department or 'city'}"
        at = self.process.clock.now()
        return await staffing.create_token(
            unit, self.process.city, role=role, department=department, label=label, at=at
        )

    async def ask(
        self, method: str, path: str, role: Role | None = None, department: str | None = None, **more: Any
    ) -> ClientResponse:
        """One request to the API as somebody of ``role``; without one, without a token."""
        headers = dict(more.pop("headers", {}))
        if role is not None:
            headers["Authorization"] = f"Bearer {await self.token(role, department)}"
        return await self.client.request(method, "/api/v1" + path, headers=headers, **more)

    def process_routes(self) -> list[AbstractRoute]:
        """Every route of the application."""
        return list(self.client.app.router.routes()) if self.client.app else []

    async def file(self, text: str, **more: Any) -> Filed:
        """A case filed by telephone."""
        return await self.process.database.run(lambda unit: self._file(unit, text, **more))

    async def _file(
        self, unit: Unit, text: str, *, name: str = "", phone: str = "", mode: Mode = Mode.NAMED, **more: Any
    ) -> Filed:
        desk = self.process.desk(unit)
        reporter = await add_person(desk, name=name, phone=phone)
        usual = {"type": CaseType.COMPLAINT, "channel": Channel.HOTLINE, "about_commitment": 0.9}
        return await file_case(
            desk, SYSTEM, NewCase(text=text, reporter_id=reporter, mode=mode, **usual | more)
        )

    async def staff(self, login: str, role: Role, department: str | None = None) -> None:
        """An account with :data:`PASSWORD`."""
        prepared = await staffing.prepare(
            staffing.NewStaff(login, PASSWORD, role, department, f"示例{login}")
        )
        at = self.process.clock.now()
        await self.process.database.run(lambda unit: staffing.add(unit, self.process.city, prepared, at))


@asynccontextmanager
async def running(database: Database, url: str, folder: Path, **more: str) -> AsyncIterator[Service]:
    """The application over ``database``; Rasa is away, so the rules understand."""
    settings = load(
        {
            f"JIANNUO_{name}": value
            for name, value in {
                "DATABASE_URL": url,
                "SECRET_KEY": city.SECRET_KEY,
                "IDENTITY_KEY": city.IDENTITY_KEY,
                "FILES_URL": str(folder / "files"),
                "NLU_URL": f"http://127.0.0.1:{_closed_port()}",
                "WECHAT_APP_ID": "wx0123456789abcdef",
                "WECHAT_APP_SECRET": "0123456789abcdef0123456789abcdef",
                "WECHAT_TOKEN": "platformtoken",
                **more,
            }.items()
        }
    )
    async with city.opened(settings, database) as process:
        app = make_app(process, Turns(process))
        async with TestClient(TestServer(app, port=settings.port if "PORT" in more else None)) as client:
            yield Service(process, client)


def _closed_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])
