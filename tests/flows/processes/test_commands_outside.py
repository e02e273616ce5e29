"""What an operator sees of the commands: exit codes, all faults at once, and an end within five seconds."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import text

from storage.engine import Database
from tests.conftest import Office
from tests.flows.intake.people import filed
from tests.support.service import Settings, Stand

FAST_STOP = 5.0


async def test_verifying_the_archive_fails_with_json_when_something_was_changed(
    stand: Stand, settings: Settings, office: Office, database: Database
) -> None:
    async with office() as desk:
        case = (await filed(desk)).case
    told = json.loads(stand.command(settings, "archive", "verify"))
    assert (told["ok"], told["faults"]) == (True, [])
    async with database.write() as unit:
        await unit.connection.execute(text("UPDATE event SET actor = 'nobody' WHERE seq = 1"))
    code, output = stand.fails(settings, "archive", "verify")
    assert code == 1
    told = json.loads(output)
    assert told["ok"] is False
    assert {(one["subject"], one["seq"]) for one in told["faults"]} >= {(f"case:{case.id}", 1)}
    unknown = json.loads(stand.fails(settings, "archive", "verify", "--head", "0" * 64)[1])
    assert any(one["subject"] == "head" for one in unknown["faults"])


@pytest.fixture
def bare(tmp_path: Path) -> Settings:
    """Settings of a service whose database is never asked."""
    return Settings.of(f"sqlite+aiosqlite:///{tmp_path / 'none.db'}", tmp_path)


@pytest.mark.parametrize("command", ["check", "serve"])
def test_every_fault_of_the_settings_is_named_at_once(stand: Stand, bare: Settings, command: str) -> None:
    wrong = bare.but(port="x", secret_key="short", wechat_aes_key="short", colour="blue", wechat_token="")
    _, output = stand.fails(wrong, command)
    for name in ("PORT", "SECRET_KEY", "WECHAT_AES_KEY", "COLOUR", "WECHAT_TOKEN"):
        assert f"JIANNUO_{name}" in output
    assert "Traceback" not in output


def test_the_effective_settings_are_shown_without_secrets(stand: Stand, bare: Settings) -> None:
    shown = stand.command(bare, "check")
    assert bare.values["wechat_app_id"] in shown
    for name in ("wechat_app_secret", "wechat_token", "wechat_aes_key", "secret_key", "identity_key"):
        assert bare.values[name] not in shown


class SilentRasa:
    """Takes questions and never answers; ``asked`` is set by the first."""

    def __init__(self) -> None:
        self.asked, self._over = asyncio.Event(), asyncio.Event()

    async def hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if b"/model/parse" in await reader.readline():
            self.asked.set()
        await self._over.wait()
        writer.close()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        server = await asyncio.start_server(self.hear, "127.0.0.1", 0)
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._over.set()
        server.close()


async def test_a_stop_finishes_what_runs_within_five_seconds(stand: Stand, settings: Settings) -> None:
    """A turn waits for an answer of Rasa and a page listens when the processes are told to stop."""
    rasa = SilentRasa()
    async with rasa.listening() as nlu_url:
        made = settings.but(
            simulator="true",
            wechat_api_url=f"{settings.url}/simulator/api",
            wechat_open_url=f"{settings.url}/simulator/open",
            nlu_url=nlu_url,
        )
        web, worker = stand.serve(made), stand.work(made)
        worker.until(lambda: '"working"' in worker.output(), "workers")
        said = {"openid": "o" + "z" * 27, "text": "市城管局答应修的路灯，半年了还没修。"}
        async with aiohttp.ClientSession() as http, http.get(f"{made.url}/simulator/events"):
            turn = asyncio.create_task(http.post(f"{made.url}/simulator/say", json=said))
            await asyncio.wait_for(rasa.asked.wait(), 20)
            began = time.monotonic()
            codes = await asyncio.gather(*(asyncio.to_thread(child.stop, 20) for child in (web, worker)))
            assert time.monotonic() - began < FAST_STOP
            assert codes == [0, 0]
            async with await turn as answer:
                assert (await answer.json())["words"]
    assert '"level": "error"' not in web.output() + worker.output()
