"""Processes of a test: a free port for each, a group of its own, an end that waits until they are gone."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import psutil

PATIENCE = 30.0
STEP = 0.05
_direct = build_opener(ProxyHandler({}))


class NotReady(AssertionError):
    """A process ended, or did not answer in time; the message ends with what it wrote."""


class Child:
    """One process in a group of its own, its output in a file."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path, cwd: Path) -> None:
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                env=dict(environment),
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.pid = self._process.pid

    def running(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        """End the whole group as a power cut would."""
        self._signal(signal.SIGKILL)
        self._process.wait(PATIENCE)

    def stop(self, patience: float = 10.0) -> int:
        """Ask to end, then insist; the exit code."""
        self._signal(signal.SIGTERM)
        try:
            return self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()
            return self._process.returncode

    def wait(self, patience: float = PATIENCE) -> int:
        """The exit code of a process that ends by itself."""
        return self._process.wait(patience)

    def output(self) -> str:
        return self.log.read_text("utf-8", "replace")

    def until(self, ready: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
        """Return as soon as ``ready`` is true; raises :class:`NotReady`."""
        end = time.monotonic() + patience
        while not ready():
            if not self.running():
                raise NotReady(f"{what}: the process ended\n{self.output()[-4000:]}")
            if time.monotonic() > end:
                raise NotReady(f"{what}: not within {patience:.0f} s\n{self.output()[-4000:]}")
            time.sleep(STEP)

    def _signal(self, number: int) -> None:
        if self.running():
            os.killpg(self.pid, number)


def free_port() -> int:
    """A port of loopback on which nobody listens now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def answers(url: str) -> bool:
    """True where ``url`` answers 200."""
    try:
        with _direct.open(url, timeout=5) as response:
            return bool(response.status == 200)
    except (URLError, OSError):
        return False


def end_group(pid: int, patience: float = 5.0) -> None:
    """End a group that another process of the run has started."""
    members = [p for p in psutil.process_iter() if _group(p) == pid]
    for member in members:
        member.terminate()
    _, left = psutil.wait_procs(members, patience)
    for member in left:
        member.kill()
    psutil.wait_procs(left, patience)


def _group(process: Any) -> int | None:
    try:
        return os.getpgid(process.pid)
    except ProcessLookupError:
        return None
