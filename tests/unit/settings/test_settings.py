"""Settings: every fault is told at once, in words for the operator, and no secret is ever shown."""

import base64
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.settings import SettingsFault, load

KEY = base64.urlsafe_b64encode(bytes(32)).decode()
GOOD = {
    "JIANNUO_SECRET_KEY": KEY,
    "JIANNUO_IDENTITY_KEY": KEY,
    "JIANNUO_WECHAT_APP_ID": "wx0123456789abcdef",
    "JIANNUO_WECHAT_APP_SECRET": "a-very-secret-word",
    "JIANNUO_WECHAT_TOKEN": "token",
    "JIANNUO_WECHAT_AES_KEY": "a" * 43,
}
BAD = {
    "JIANNUO_PORT": "http",
    "JIANNUO_SIMULATOR": "maybe",
    "JIANNUO_BOGUS": "1",
    "JIANNUO_WECHAT_AES_KEY": "short",
    "JIANNUO_WECHAT_TOKEN": "not a token!",
    "JIANNUO_IDENTITY_KEY": "short",
    "JIANNUO_DATABASE_URL": "mysql://x",
    "JIANNUO_NLU_URL": "localhost:5005",
    "JIANNUO_PROFILE": "no/such/file.yml",
}


def faults(**changes: str) -> list[str]:
    with pytest.raises(SettingsFault) as raised:
        load(GOOD | changes, wechat=True)
    return raised.value.faults


def test_every_fault_is_told_at_once() -> None:
    told = faults(**BAD)
    assert sorted(line.partition(":")[0] for line in told) == sorted(BAD)
    assert not any("a-very-secret-word" in line for line in told)


def test_good_settings_are_taken() -> None:
    assert load(GOOD, wechat=True).port == 8080


def test_the_environment_of_the_process_is_not_mixed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIANNUO_PORT", "9999")
    assert load(GOOD).port == 8080


def test_a_previous_key_needs_a_current_one() -> None:
    told = faults(JIANNUO_WECHAT_AES_KEY="", JIANNUO_WECHAT_AES_KEY_PREVIOUS="b" * 43)
    assert [line.partition(":")[0] for line in told] == ["JIANNUO_WECHAT_AES_KEY_PREVIOUS"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMTP_URL", "http://mail.example.test"),
        ("SMTP_URL", "smtp://"),
        ("SMTP_URL", "smtp://[mail"),
        ("SMTP_URL", "smtps://mail.example.test:port"),
        ("MAIL_FROM", "nobody"),
        ("WECOM_URL", "http://qyapi.weixin.qq.com"),
        ("WECOM_URL", "http://127.0.0.1:9000"),
        ("WECOM_URL", "https://"),
    ],
)
def test_the_ways_to_staff_lead_somewhere(name: str, value: str) -> None:
    sound = {"JIANNUO_SMTP_URL": "smtps://user:word@mail.example.test", "JIANNUO_MAIL_FROM": "a@example.test"}
    assert load(GOOD | sound)
    told = faults(**sound | {f"JIANNUO_{name}": value})
    assert [line.partition(":")[0] for line in told] == [f"JIANNUO_{name}"]


def test_a_robot_on_this_machine_needs_the_simulator() -> None:
    here = {"JIANNUO_WECOM_URL": "http://127.0.0.1:9000"}
    assert load(GOOD | here | {"JIANNUO_SIMULATOR": "true"})


def test_the_simulator_stays_at_home() -> None:
    assert faults(JIANNUO_SIMULATOR="true", JIANNUO_HOST="0.0.0.0")[0].startswith("JIANNUO_SIMULATOR")


def test_check_tells_of_the_files_too_and_shows_no_secret(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    assert main(["check"]) == 0
    shown = capsys.readouterr()
    assert "a-very-secret-word" not in shown.out + shown.err
    notices = tmp_path / "notices.yml"
    notices.write_text("filed: {via: pigeon, id: x, fields: {}}\n")
    monkeypatch.setenv("JIANNUO_WECHAT_NOTICES", str(notices))
    monkeypatch.setenv("JIANNUO_PORT", "http")
    assert main(["check"]) == 1
    told = capsys.readouterr().err
    assert "JIANNUO_PORT" in told
    assert "via" in told
