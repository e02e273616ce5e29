"""What an operator sees of the commands: exit codes and all faults at once."""

import asyncio
import io
import json
import socket
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.engine import Database
from storage.migrate import newest
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


def test_the_first_migration_makes_the_folder_of_the_database(tmp_path: Path) -> None:
    fresh = Settings.of(f"sqlite+aiosqlite:///{tmp_path / 'var' / 'jiannuo.db'}", tmp_path)
    told = f"数据库版本是 空，程序要求 {newest()}：请先运行 python -m bot migrate\n"
    assert command(fresh, "serve") == (1, told)
    code, output = command(fresh, "migrate")
    assert (code, "数据库已是最新" in output) == (0, True)


@pytest.mark.parametrize("words", [("migrate",), ("serve",), ("staff", "list"), ("archive", "verify")])
def test_a_database_that_is_away_is_named_without_its_password(
    bare: Settings, tmp_path: Path, unused_tcp_port: int, words: tuple[str, ...]
) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"no database at all" * 300)
    (tmp_path / "file").touch()
    for url, why in (
        (f"postgresql+asyncpg://jiannuo:hush@127.0.0.1:{unused_tcp_port}/jiannuo", "refused"),
        (f"sqlite+aiosqlite:///{tmp_path / 'file' / 'x.db'}", "file"),
        (f"sqlite+aiosqlite:///{broken}", "not a database"),
    ):
        code, output = command(bare.but(database_url=url), *words)
        assert code == 1
        assert output.startswith("连不上数据库 ")
        assert why in output.lower()
        assert len(output.splitlines()) == 1
        assert "hush" not in output


async def test_a_port_that_is_taken_is_named(stand: Stand, settings: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, output = await asyncio.to_thread(stand.fails, settings.but(port=str(port)), "serve")
    assert code == 1
    assert f"不能在 127.0.0.1:{port} 上监听：端口已被占用" in output
    assert "Traceback" not in output


async def test_a_file_that_cannot_be_read_or_written_is_named(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    there = str(tmp_path / "file" / "x.csv")
    for words in (
        ("calendar", "load", there),
        ("rules", "set", there, "--note", "试"),
        ("seed", there),
        ("commitments", "template", there),
        ("commitments", "export", there),
        ("learning", "export", there),
    ):
        code, output = await asyncio.to_thread(command, settings, *words)
        assert (code, len(output.splitlines())) == (1, 1), words
        assert str(tmp_path / "file") in output


async def test_what_is_wrong_with_an_account_is_said(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    code, output = await asyncio.to_thread(
        command, settings, "staff", "add", "x", "--name", "示例", "--role", "handler"
    )
    assert (code, output) == (1, "账号填写有误\n  承办人和承办单位负责人要有单位\n")
    told = await asyncio.to_thread(command, settings, "token", "create", "--role", "handler")
    assert told[1].endswith("要有单位\n")
    words = ("staff", "add", "x", "--name", "示例", "--role", "boss")
    _, offered = await asyncio.to_thread(command, settings, *words)
    assert "handler" in offered
    assert "citizen" not in offered
