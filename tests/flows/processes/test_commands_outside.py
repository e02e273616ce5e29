"""What an operator sees of the commands: exit codes and all faults at once."""

import asyncio
import json
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.engine import Database
from tests.conftest import Office
from tests.flows.intake.people import filed
from tests.support.commands import command
from tests.support.service import Settings, Stand


async def test_verifying_the_archive_fails_with_json_when_something_was_changed(
    settings: Settings, office: Office, database: Database
) -> None:
    async with office() as desk:
        case = (await filed(desk)).case
    code, output = await asyncio.to_thread(command, settings, "archive", "verify")
    assert (code, json.loads(output)) == (0, {"ok": True, "faults": []})
    async with database.write() as unit:
        await unit.connection.execute(text("UPDATE event SET actor = 'nobody' WHERE seq = 1"))
    code, output = await asyncio.to_thread(command, settings, "archive", "verify")
    assert code == 1
    told = json.loads(output)
    assert told["ok"] is False
    assert {(one["subject"], one["seq"]) for one in told["faults"]} >= {(f"case:{case.id}", 1)}
    _, output = await asyncio.to_thread(command, settings, "archive", "verify", "--head", "0" * 64)
    unknown = json.loads(output)
    assert any(one["subject"] == "head" for one in unknown["faults"])


@pytest.fixture
def bare(tmp_path: Path) -> Settings:
    """Settings of a service whose database is never asked."""
    return Settings.of(f"sqlite+aiosqlite:///{tmp_path / 'none.db'}", tmp_path)


def test_every_fault_of_the_settings_is_named_at_once(stand: Stand, bare: Settings) -> None:
    wrong = bare.but(port="x", secret_key="short", wechat_aes_key="short", colour="blue", wechat_token="")
    for output in (stand.fails(wrong, "serve")[1], command(wrong, "check")[1]):
        for name in ("PORT", "SECRET_KEY", "WECHAT_AES_KEY", "COLOUR", "WECHAT_TOKEN"):
            assert f"JIANNUO_{name}" in output
        assert "Traceback" not in output


def test_the_effective_settings_are_shown_without_secrets(bare: Settings) -> None:
    code, shown = command(bare, "check")
    assert code == 0
    assert bare.values["wechat_app_id"] in shown
    for name in ("wechat_app_secret", "wechat_token", "wechat_aes_key", "secret_key", "identity_key"):
        assert bare.values[name] not in shown
