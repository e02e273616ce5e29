"""Child processes of the launcher: each in a group of its own, their output shown line by line."""

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence

from bot.settings import ROOT

PATIENCE = 7.0  # seconds from being asked to end until being ended
_CHUNK = 65536
_ON_PARENT_DEATH = 1  # PR_SET_PDEATHSIG

Say = Callable[[str, str], None]


class Child:
    """One process and its group. Made by :meth:`start`."""

    def __init__(self, process: asyncio.subprocess.Process, shown: asyncio.Task[None]) -> None:
        self._process = process
        self._shown = shown
        self._ended = False

    @classmethod
    async def start(
        cls, name: str, command: Sequence[str], environment: Mapping[str, str], say: Say
    ) -> "Child":
        """Start ``command`` in the tree; every line that it writes is handed to ``say(name, line)``."""
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=ROOT,
            env=dict(environment) | {"PYTHONUNBUFFERED": "1"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_parting(),
        )
        assert process.stdout is not None
        return cls(process, asyncio.create_task(_show(name, process.stdout, say)))

    async def wait(self) -> int:
        """The exit code, once everything that it wrote was shown; what is left of its group is ended."""
        code = await self._process.wait()
        self._end()
        await asyncio.wait([self._shown])
        return code

    async def stop(self) -> None:
        """End the whole group: ask, wait :data:`PATIENCE`, insist. Nothing to do where it ended before."""
        if self._ended:
            return
        self._signal(signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), PATIENCE)
        self._end()
        await self._process.wait()
        self._shown.cancel()

    def _end(self) -> None:
        """Once only: later the number may be another's group."""
        if not self._ended:
            self._signal(signal.SIGKILL)
            self._ended = True

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)


def _parting() -> Callable[[], None] | None:
    """On Linux a child is asked to end as well when the launcher itself is killed."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(_ON_PARENT_DEATH, signal.SIGTERM)


async def _show(name: str, stream: asyncio.StreamReader, say: Say) -> None:
    rest = b""
    while chunk := await stream.read(_CHUNK):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            say(name, line.decode("utf-8", "replace").rstrip())
    if rest:
        say(name, rest.decode("utf-8", "replace"))
