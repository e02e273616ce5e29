"""The settings of a run on this machine: keys made once, free ports, all of it in ``var/run.env``."""

import base64
import os
import secrets
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from bot.settings import OUTSIDE, PREFIX, ROOT, SettingsFault

VAR = ROOT / "var"
RUN = "run.env"
LOGINS = "sample-logins.json"
SECRETS = "secrets.env"
PORT, NLU_PORT = 8080, 5005


def prepare(environment: Mapping[str, str], say: Callable[[str], None], folder: Path = VAR) -> dict[str, str]:
    """Write ``run.env`` and return what it holds, full names; ``say`` is told of ports that were taken.

    A setting that stands in the environment wins over the run's own. Raises :class:`SettingsFault`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    outer = {name.removeprefix(PREFIX): value for name, value in given(environment).items()}
    port = _free(_port(outer.pop("PORT", str(PORT))), say)
    wanted = urlsplit(outer.pop("NLU_URL", f"http://127.0.0.1:{NLU_PORT}"))
    nlu_port = _free(wanted.port or NLU_PORT, say)
    service = f"http://127.0.0.1:{port}"
    values = {
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'jiannuo.db'}",
        "FILES_URL": str(folder / "files"),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "PUBLIC_URL": service,
        "WECHAT_API_URL": f"{service}/simulator/api",
        "WECHAT_OPEN_URL": f"{service}/simulator/open",
        "NLU_URL": f"http://127.0.0.1:{nlu_port}",
        "PROFILE": str(ROOT / "intake" / "profiles" / "xinxiang.yml"),
        "SIMULATOR": "true",
        **_secrets(folder / SECRETS),
        **outer,
    }
    full = {PREFIX + name: value for name, value in values.items()}
    _write(folder / RUN, full)
    return full


def given(environment: Mapping[str, str]) -> dict[str, str]:
    """The service's settings in an environment, full names."""
    outside = {PREFIX + name for name in OUTSIDE}
    return {k: v for k, v in environment.items() if k.startswith(PREFIX) and k not in outside}


def without_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment in which nothing overrules ``run.env``."""
    return {k: v for k, v in environment.items() if not k.startswith(PREFIX)}


def read(file: Path) -> dict[str, str]:
    """The pairs of a file that :func:`prepare` wrote; empty where there is none."""
    if not file.exists():
        return {}
    pairs = (line.split("=", 1) for line in file.read_text("utf-8").splitlines() if "=" in line)
    return {name: value for name, value in pairs}


def _secrets(file: Path) -> dict[str, str]:
    """Made once: what is stored under a key can be read only with the same key."""
    kept = read(file)
    made = {name: kept.get(name) or make() for name, make in _MAKERS.items()}
    if made != kept:
        _write(file, made)
    return made


def _key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _aes_key() -> str:
    """An EncodingAESKey: base64 of 32 bytes that happens to need only letters and digits."""
    while not (text := base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")).isalnum():
        continue
    return text


_MAKERS: dict[str, Callable[[], str]] = {
    "SECRET_KEY": _key,
    "IDENTITY_KEY": _key,
    "WECHAT_APP_ID": lambda: "wx" + secrets.token_hex(8),
    "WECHAT_APP_SECRET": lambda: secrets.token_hex(16),
    "WECHAT_TOKEN": lambda: secrets.token_hex(12),
    "WECHAT_AES_KEY": _aes_key,
    "NLU_TOKEN": lambda: secrets.token_hex(12),
}


def _write(file: Path, values: Mapping[str, str]) -> None:
    """Whole or not at all, readable by the owner alone."""
    beside = file.with_suffix(".new")
    beside.unlink(missing_ok=True)
    with os.fdopen(
        os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as out:
        out.writelines(f"{name}={value}\n" for name, value in values.items())
    beside.replace(file)


def free_port() -> int:
    """A port of this machine's own that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _port(given: str) -> int:
    if given.isdecimal() and 0 < int(given) < 65536:
        return int(given)
    raise SettingsFault([f"{PREFIX}PORT: 要填 1 到 65535 的整数"])


def _free(port: int, say: Callable[[str], None]) -> int:
    """The port, or another where somebody listens on it."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
            return port
        except OSError:
            listener.bind(("127.0.0.1", 0))
            other = int(listener.getsockname()[1])
    say(f"端口 {port} 已被占用，改用 {other}")
    return other
