"""A chosen model is taken up while the city runs, and the way back is as quiet."""

import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.launch.rasa import BUILD
from bot.nlu.trained import ENDING, FOLDER
from bot.settings import ROOT
from tests.support.processes import Child

pytestmark = [pytest.mark.rasa, pytest.mark.xdist_group("launch")]  # a run looks for free ports first


@pytest.fixture
def learned() -> Iterator[str]:
    """The code's own model under another name, as one that has passed the gate."""
    made = subprocess.run(
        [sys.executable, BUILD, "train", "--base"], check=True, capture_output=True, text=True
    )
    name = f"learned-{secrets.token_hex(6)}"
    model, gate = FOLDER / f"{name}{ENDING}", FOLDER / f"{name}.gate.json"
    shutil.copyfile(made.stdout.strip(), model)
    gate.write_text(json.dumps({"passed": True, "against": []}), "utf-8")
    yield name
    model.unlink(missing_ok=True)
    gate.unlink(missing_ok=True)


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Child]:
    command = [sys.executable, "-m", "bot.launch", "--folder", str(tmp_path / "var")]
    outer = {name: value for name, value in os.environ.items() if not name.startswith("JIANNUO_")}
    child = Child(command, outer, tmp_path / "city.log", ROOT)
    yield child
    child.stop()


def model(folder: Path, *words: str) -> str:
    outer = dict(os.environ) | {"JIANNUO_ENV_FILE": str(folder / "run.env")}
    command = [sys.executable, "-m", "bot", "model", *words]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=outer, cwd=ROOT)
    return done.stdout


def test_a_model_is_swapped_in_and_back_while_the_city_runs(
    city: Child, learned: str, tmp_path: Path
) -> None:
    folder = tmp_path / "var"
    city.until(lambda: "Rasa）已就绪" in city.output(), "Rasa", 120)
    city.until(lambda: "按 Ctrl-C" in city.output(), "the city", 60)
    model(folder, "use", learned)
    city.until(lambda: f"模型已换为 {learned}，没有停机" in city.output(), "the swap", 120)
    assert f"{learned}\t" in next(line for line in model(folder, "list").splitlines() if "在用" in line)
    model(folder, "back")
    city.until(lambda: "模型已换为 程序自带的，没有停机" in city.output(), "the way back", 120)
    assert learned not in next(line for line in model(folder, "list").splitlines() if "在用" in line)
    assert "Rasa 已退出" not in city.output().partition("Rasa）已就绪")[2]
