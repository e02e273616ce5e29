"""The platform's API on loopback, as small as the tests need, and a token store to share."""

import inspect
import json
import sqlite3
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from aiohttp import web

from bot.wechat.token import StoredToken

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
Answer = dict[str, object] | web.StreamResponse | Awaitable[web.StreamResponse]


class Wall:
    """Real time, set by hand."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **span: float) -> None:
        self.now += timedelta(**span)


class Platform:
    """Answers ``stable_token`` with its present token, and what ``answers`` says for other paths."""

    def __init__(self) -> None:
        self.token_number = 1
        self.token_requests: list[dict[str, object]] = []
        self.token_failure: dict[str, object] | None = None
        self.calls: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: dict[str, Callable[[web.Request], Answer]] = {}
        self.app = web.Application()
        self.app.router.add_route("*", "/{path:.*}", self._answer)

    @property
    def token(self) -> str:
        return f"TOKEN-{self.token_number}-{'x' * 40}"

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        if request.path == "/cgi-bin/stable_token":
            return web.json_response(self._stable_token(json.loads(body)))
        self.calls.append((request.path, dict(request.query), body))
        answer: Answer = {
            "errcode": 40001,
            "errmsg": "invalid credential, access_token is invalid or not latest",
        }
        if request.query.get("access_token", self.token) == self.token:
            answer = self.answers.get(request.path, lambda _: {"errcode": 0, "errmsg": "ok"})(request)
        if inspect.isawaitable(answer):
            answer = await answer
        return answer if isinstance(answer, web.StreamResponse) else web.json_response(answer)

    def _stable_token(self, asked: dict[str, object]) -> dict[str, object]:
        self.token_requests.append(asked)
        if self.token_failure:
            return self.token_failure
        if asked["force_refresh"]:
            self.token_number += 1
        return {"access_token": self.token, "expires_in": 7200}


class SqliteStore:
    """Keeps what ``TokenStore`` promises, over one SQLite file or memory."""

    def __init__(self, wall: Wall) -> None:
        self._wall = wall
        self.db = sqlite3.connect(":memory:", isolation_level=None)
        self.db.execute(
            "CREATE TABLE token (one INTEGER PRIMARY KEY CHECK (one = 1), value TEXT, expires REAL)"
        )
        self.db.execute(
            "CREATE TABLE lease (one INTEGER PRIMARY KEY CHECK (one = 1), owner TEXT, until REAL)"
        )

    async def load(self) -> StoredToken | None:
        row = self.db.execute("SELECT value, expires FROM token").fetchone()
        return StoredToken(row[0], datetime.fromtimestamp(row[1], UTC)) if row else None

    async def save(self, token: str, expires_at: datetime, *, replaces: str | None) -> StoredToken:
        values = (token, expires_at.timestamp())
        if replaces is None:
            self.db.execute("INSERT OR IGNORE INTO token VALUES (1, ?, ?)", values)
        self.db.execute(
            "UPDATE token SET value = ?, expires = ? WHERE value IN (?, ?)", (*values, replaces, token)
        )
        standing = await self.load()
        assert standing
        return standing

    async def claim(self, owner: str, seconds: float) -> bool:
        now = self._wall().timestamp()
        self.db.execute(
            "INSERT INTO lease VALUES (1, ?, ?) ON CONFLICT (one) DO UPDATE"
            " SET owner = excluded.owner, until = excluded.until WHERE until <= ? OR owner = excluded.owner",
            (owner, now + seconds, now),
        )
        return self.db.execute("SELECT owner FROM lease").fetchone() == (owner,)

    async def release(self, owner: str) -> None:
        self.db.execute("DELETE FROM lease WHERE owner = ?", (owner,))

    async def drop(self, token: str) -> None:
        self.db.execute("DELETE FROM token WHERE value = ?", (token,))
