"""One running town for all browser tests: service, workers and simulator in one process, sample seeded."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from bot.settings import ROOT
from tests.support import databases
from tests.support.service import Settings, Stand

PROFILE = ROOT / "intake" / "profiles" / "xinxiang.yml"


@dataclass
class Town:
    """Where the town is reached, and who works there: login → password."""

    url: str
    passwords: dict[str, str]
    settings: Settings
    stand: Stand
    tokens: dict[str, str] = field(default_factory=dict)

    async def file(self, text: str, **more: Any) -> str:
        """A case by telephone; its number. ``department`` sends it there at once."""
        usual = {"type": "complaint", "channel": "hotline", "reporter": {"mode": "named"}}
        told = await self.ask("POST", "/cases", usual | {"text": text} | more)
        return str(told["tracking_no"])

    async def case(self, number: str) -> dict[str, Any]:
        return await self.ask("GET", f"/cases/{number}")

    async def disclose(self, title: str) -> str:
        """A commitment of the education bureau on which people vote; its code."""
        said = {"title": title, "text": f"{title}。", "category": "service", "department": "jiaoyu"}
        row = await self.ask("POST", "/commitments", said)
        at = f"/commitments/{row['code']}"
        row = await self.ask("POST", f"{at}/actions/submit", {"version": row["version"]}, role="head")
        done = {"done_on": "2026-01-05", "outcome": "同意", "document": "示例〔2026〕1号"}
        for step in range(1, 9):
            row = await self.ask("POST", f"{at}/steps/{step}", {"version": row["version"], **done})
        await self.ask("POST", f"{at}/actions/predisclose", {"version": row["version"]})
        return str(row["code"])

    async def ask(
        self, method: str, path: str, body: Any = None, *, role: str = "dispatcher"
    ) -> dict[str, Any]:
        """One request to the API as the dispatcher, or as the head of the education bureau."""
        headers = {"Authorization": f"Bearer {self._token(role)}"}
        async with (
            aiohttp.ClientSession(headers=headers) as http,
            http.request(method, f"{self.url}/api/v1{path}", json=body) as answer,
        ):
            assert answer.status < 300, await answer.text()
            told: dict[str, Any] = await answer.json()
            return told

    def hire(self, login: str, role: str, name: str) -> None:
        """Another account."""
        told = self.stand.command(self.settings, "staff", "add", login, "--role", role, "--name", name)
        self.passwords[login] = told.strip().rpartition("：")[2]

    def _token(self, role: str) -> str:
        if role not in self.tokens:
            unit = ("--department", "jiaoyu") if role == "head" else ()
            told = self.stand.command(self.settings, "token", "create", "--role", role, *unit)
            self.tokens[role] = told.split()[-1]
        return self.tokens[role]


def build(stand: Stand, folder: Path) -> Town:
    """Seed and start; Rasa is away, so the rules understand. ``stand.close()`` ends it."""
    made = Settings.of(databases.copy_sqlite(folder), folder)
    settings = made.but(
        simulator="true",
        wechat_api_url=f"{made.url}/simulator/api",
        wechat_open_url=f"{made.url}/simulator/open",
    )
    logins = folder / "logins.json"
    stand.command(settings, "seed", str(PROFILE), "--sample", "--logins", str(logins))
    stand.all(settings)
    rows = json.loads(logins.read_text("utf-8"))
    return Town(settings.url, {row["login"]: row["password"] for row in rows}, settings, stand)
