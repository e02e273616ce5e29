"""``make run`` as a newcomer sees it: everything up, a second start on the same data, everything gone."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from bot.launch.rasa import BUILD
from bot.launch.values import read
from bot.settings import ROOT
from tests.support.processes import Child, answers

pytestmark = [pytest.mark.rasa, pytest.mark.xdist_group("launch")]  # a run looks for free ports first
READY, RASA_READY = 15.0, 40.0


Launch = Callable[[Path], Child]


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Launch]:
    """Starts ``python -m bot.launch`` with a folder for its data; all are ended after the test.

    The model is there before: training is no part of a second start.
    """
    subprocess.run([sys.executable, BUILD, "train"], check=True, capture_output=True)
    started: list[Child] = []

    def start(folder: Path) -> Child:
        command = [sys.executable, "-m", "bot.launch", "--folder", str(folder)]
        outer = {name: value for name, value in os.environ.items() if not name.startswith("JIANNUO_")}
        started.append(Child(command, outer, tmp_path / f"{len(started)}.log", ROOT))
        return started[-1]

    yield start
    for child in started:
        child.stop()


def address(folder: Path) -> str:
    return read(folder / "run.env")["JIANNUO_PUBLIC_URL"]


def shows(child: Child, words: str) -> bool:
    return re.search(words, child.output()) is not None


def everything_below(child: Child) -> list[psutil.Process]:
    launcher = psutil.Process(child.pid)
    return [launcher, *launcher.children(recursive=True)]


def test_second_start_is_quick_and_ctrl_c_ends_everything(launch: Launch, tmp_path: Path) -> None:
    folder = tmp_path / "var"
    first = launch(folder)
    first.until(lambda: shows(first, "按 Ctrl-C"), "first start", 60)
    logins = json.loads((folder / "sample-logins.json").read_text("utf-8"))
    assert {"login", "password", "role", "department"} == set(logins[0])
    first.stop()

    child = launch(folder)
    child.until(lambda: answers(f"{address(folder)}/readyz"), "second start", READY)
    url = address(folder)
    for path in ("/", "/simulator", "/console/login"):
        assert answers(url + path)
    child.until(lambda: shows(child, "Rasa）已就绪"), "Rasa", RASA_READY)
    assert json.loads((folder / "sample-logins.json").read_text("utf-8")) == logins

    processes = everything_below(child)
    assert len(processes) >= 3
    os.kill(child.pid, signal.SIGINT)
    assert child.wait(10) == 0
    gone, alive = psutil.wait_procs(processes, timeout=1)
    assert [one for one in alive if one.status() != psutil.STATUS_ZOMBIE] == []
    assert gone


def test_a_second_run_of_the_same_data_is_refused(launch: Launch, tmp_path: Path) -> None:
    folder = tmp_path / "var"
    first = launch(folder)
    first.until(lambda: (folder / "run.env").exists(), "first start")
    second = launch(folder)
    assert second.wait() == 1
    assert shows(second, "已经在运行")
