"""The settings of ``make run``: usable at once, the same keys on every start, never on a taken port."""

import json
import socket
from pathlib import Path

import pytest

from bot.launch.city import login_lines
from bot.launch.prepared import is_prepared, note_prepared
from bot.launch.values import prepare, read
from bot.settings import SettingsFault, load


@pytest.fixture
def said() -> list[str]:
    return []


def test_the_service_starts_on_what_is_written(tmp_path: Path, said: list[str]) -> None:
    prepare({}, said.append, tmp_path)
    settings = load({"JIANNUO_ENV_FILE": str(tmp_path / "run.env")}, wechat=True)
    assert settings.simulator
    assert settings.wechat_api_url == f"http://127.0.0.1:{settings.port}/simulator/api"
    assert str(tmp_path) in settings.database_url


def test_keys_are_made_once_and_for_the_owner_alone(tmp_path: Path, said: list[str]) -> None:
    first, second = (prepare({}, said.append, tmp_path) for _ in range(2))
    same = [name for name in first if name.endswith(("_KEY", "_TOKEN", "_SECRET", "_ID"))]
    assert len(same) == 7
    assert [first[name] for name in same] == [second[name] for name in same]
    assert {file.stat().st_mode & 0o777 for file in tmp_path.glob("*.env")} == {0o600}


def test_a_taken_port_is_said_and_left(tmp_path: Path, said: list[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = str(other.getsockname()[1])
        values = prepare({"JIANNUO_PORT": taken}, said.append, tmp_path)
    assert values["JIANNUO_PORT"] != taken
    assert values["JIANNUO_PUBLIC_URL"].endswith(values["JIANNUO_PORT"])
    assert any(taken in line and values["JIANNUO_PORT"] in line for line in said)


@pytest.mark.parametrize("port", ["abc", "0", "70000", ""])
def test_a_port_that_is_none_is_said(tmp_path: Path, said: list[str], port: str) -> None:
    with pytest.raises(SettingsFault, match="JIANNUO_PORT: 要填"):
        prepare({"JIANNUO_PORT": port}, said.append, tmp_path)


def test_the_environment_wins_and_is_written_down(tmp_path: Path, said: list[str]) -> None:
    given = {"JIANNUO_FILES_URL": "s3://example", "JIANNUO_SOAK": "1", "PATH": "/bin"}
    values = prepare(given, said.append, tmp_path)
    assert values["JIANNUO_FILES_URL"] == "s3://example"
    assert "JIANNUO_SOAK" not in values
    assert read(tmp_path / "run.env") == values


def test_sample_logins_as_a_table(tmp_path: Path) -> None:
    file = tmp_path / "logins.json"
    assert login_lines(file) == []
    row = {"login": "zhuanban", "password": "abc", "role": "dispatcher", "department": None}
    file.write_text(json.dumps([row]), "utf-8")
    assert [line.split() for line in login_lines(file)] == [
        ["账号", "密码", "角色", "单位"],
        ["zhuanban", "abc", "dispatcher"],
    ]


def test_only_the_very_file_that_was_prepared_counts(tmp_path: Path, said: list[str]) -> None:
    values = prepare({}, said.append, tmp_path)
    file = tmp_path / "jiannuo.db"
    note_prepared(tmp_path, values)
    assert not is_prepared(tmp_path, values)
    file.touch()
    note_prepared(tmp_path, values)
    assert is_prepared(tmp_path, values)
    file.rename(tmp_path / "old.db")
    file.touch()
    assert not is_prepared(tmp_path, values)
    elsewhere = values | {"JIANNUO_DATABASE_URL": "postgresql+asyncpg://example/jiannuo"}
    note_prepared(tmp_path, elsewhere)
    assert not is_prepared(tmp_path, elsewhere)
