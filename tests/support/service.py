"""The real service and the platform as processes of their own, to be killed and started again by a test."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bot.settings import ROOT
from tests.support import city
from tests.support.processes import Child, answers, free_port

APP_ID = "wx0123456789abcdef"
APP_SECRET = "0123456789abcdef0123456789abcdef"
TOKEN = "platformtoken"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
OUTER = ("PATH", "HOME", "LANG", "TMPDIR", "XDG_RUNTIME_DIR")


@dataclass(frozen=True)
class Settings:
    """Settings of one service: names without ``JIANNUO_``, in lower case."""

    values: Mapping[str, str]

    @classmethod
    def of(cls, database_url: str, folder: Path) -> "Settings":
        """In safe mode on free ports, against a platform that :meth:`Stand.platform` starts; Rasa away."""
        port, platform = free_port(), free_port()
        return cls(
            {
                "database_url": database_url,
                "port": str(port),
                "public_url": f"http://127.0.0.1:{port}",
                "wechat_app_id": APP_ID,
                "wechat_app_secret": APP_SECRET,
                "wechat_token": TOKEN,
                "wechat_aes_key": AES_KEY,
                "wechat_api_url": f"http://127.0.0.1:{platform}/simulator/api",
                "wechat_open_url": f"http://127.0.0.1:{platform}/simulator/open",
                "nlu_url": f"http://127.0.0.1:{free_port()}",
                "files_url": str(folder / "files"),
                "secret_key": city.SECRET_KEY,
                "identity_key": city.IDENTITY_KEY,
            }
        )

    def but(self, **changes: str) -> "Settings":
        """The same with changes: ``but(simulator="true", nlu_url=rasa_url)``."""
        return replace(self, values={**self.values, **changes})

    def on_another_port(self) -> "Settings":
        """For a second web process on the same database; the public address stays."""
        return self.but(port=str(free_port()))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.values['port']}"

    @property
    def platform_port(self) -> str:
        return self.values["wechat_api_url"].removesuffix("/simulator/api").rpartition(":")[2]

    def environment(self) -> dict[str, str]:
        """What a process is started with; nothing of the caller's own settings."""
        outer = {name: os.environ[name] for name in OUTER if name in os.environ}
        return outer | {f"JIANNUO_{name.upper()}": value for name, value in self.values.items()}


class Stand:
    """Starts processes and ends all of them in :meth:`close`. Their output lies in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._children: list[Child] = []

    def serve(self, settings: Settings) -> Child:
        """``python -m bot serve``, ready."""
        return self._web("serve", settings)

    def all(self, settings: Settings) -> Child:
        """``python -m bot all``, ready."""
        return self._web("all", settings)

    def work(self, settings: Settings) -> Child:
        """``python -m bot work``, just started."""
        return self._start(["bot", "work"], settings)

    def command(self, settings: Settings, *words: str, patience: float = 60.0) -> str:
        """Run another command to its end; its output. Raises AssertionError where it fails."""
        child = self._start(["bot", *words], settings)
        assert child.wait(patience) == 0, child.output()
        return child.output()

    def fails(self, settings: Settings, *words: str, patience: float = 60.0) -> tuple[int, str]:
        """Run a command that must fail; its exit code and output."""
        child = self._start(["bot", *words], settings)
        code = child.wait(patience)
        assert code != 0, child.output()
        return code, child.output()

    def platform(self, settings: Settings, *options: str) -> Child:
        """The simulator alone, pushing to ``settings``; for options see its ``--help``."""
        port = settings.platform_port
        callback = ["--port", port, "--callback", f"{settings.url}/wechat"]
        account = ["--app-id", APP_ID, "--secret", APP_SECRET, "--token", TOKEN, "--aes-key", AES_KEY]
        child = self._start(["bot.simulator", *callback, *account, *options], settings)
        child.until(lambda: answers(f"http://127.0.0.1:{port}/simulator"), "simulator")
        return child

    def close(self) -> None:
        for child in reversed(self._children):
            child.stop()

    def _web(self, command: str, settings: Settings) -> Child:
        child = self._start(["bot", command], settings)
        child.until(lambda: answers(f"{settings.url}/readyz"), f"bot {command}")
        return child

    def _start(self, module: list[str], settings: Settings) -> Child:
        log = self._folder / f"{len(self._children):02}-{module[0]}.log"
        child = Child([sys.executable, "-m", *module], settings.environment(), log, ROOT)
        self._children.append(child)
        return child
