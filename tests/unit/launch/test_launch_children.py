"""What the launcher starts it also ends: whole groups, whatever they do with signals."""

import asyncio
import os
import sys

import psutil
import pytest

from bot.launch import children
from bot.launch.children import Child

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up'); time.sleep(60)"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-uc', {STUBBORN!r}])"


class Screen:
    """Collects lines; :meth:`until` waits for one."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._changed = asyncio.Event()

    def show(self, name: str, line: str) -> None:
        self.lines.append(f"{name}: {line}")
        self._changed.set()

    async def until(self, line: str) -> None:
        async with asyncio.timeout(20):
            while line not in self.lines:
                self._changed.clear()
                await self._changed.wait()


async def test_lines_are_shown_with_their_source() -> None:
    screen = Screen()
    child = await Child.start(
        "one", [sys.executable, "-c", "print('甲\\n乙', end='')"], os.environ, screen.show
    )
    assert await child.wait() == 0
    assert screen.lines == ["one: 甲", "one: 乙"]


async def test_grandchildren_that_ignore_the_signal_are_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "PATIENCE", 0.3)
    screen = Screen()
    before = psutil.Process().children(recursive=True)
    child = await Child.start("two", [sys.executable, "-c", PARENT], os.environ, screen.show)
    await screen.until("two: up")
    below = [one for one in psutil.Process().children(recursive=True) if one not in before]
    assert len(below) == 2
    await child.stop()
    _, alive = psutil.wait_procs(below, timeout=5)
    assert [one for one in alive if one.status() != psutil.STATUS_ZOMBIE] == []


async def test_stopping_twice_is_nothing() -> None:
    screen = Screen()
    child = await Child.start("three", [sys.executable, "-c", ""], os.environ, screen.show)
    await child.wait()
    await child.stop()
    await child.stop()
