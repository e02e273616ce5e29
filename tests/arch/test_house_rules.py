"""The house rules that no linter knows: sizes, names, packages. Directions are import-linter's."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import ROOT

PACKAGES = ("bot", "intake", "storage")
SPACES = (*PACKAGES, "tests", "nlu_data")
FORBIDDEN = {"utils", "util", "helpers", "helper", "common", "models", "constants", "misc"}
MOST_LINES = 400
DOORS = {
    "bot/__main__.py",
    "bot/http/middlewares.py",
    "bot/receiving.py",
    "bot/turn.py",
    "bot/workers/loop.py",
    "storage/engine.py",
}


def sources(*spaces: str) -> Iterator[Path]:
    for space in spaces:
        found = (ROOT / space).rglob("*.py")
        yield from (p for p in found if not {".venv", "__pycache__", ".rasa"} & set(p.parts))


def named(paths: Iterator[Path]) -> list[str]:
    return sorted(path.relative_to(ROOT).as_posix() for path in paths)


def test_no_file_is_longer_than_people_read() -> None:
    long = (p for p in sources(*SPACES) if len(p.read_text("utf-8").splitlines()) > MOST_LINES)
    assert [name for name in named(long) if "/versions/" not in name] == []


def test_no_file_or_folder_has_a_name_that_says_nothing() -> None:
    empty = (p for p in sources(*SPACES) if FORBIDDEN & {p.stem, *p.relative_to(ROOT).parts})
    assert named(empty) == []


def test_every_folder_of_code_is_a_package() -> None:
    """import-linter sees packages only."""
    folders = {p.parent for p in sources(*PACKAGES) if "migrations" not in p.parts}
    assert named(f for f in folders if not (f / "__init__.py").exists()) == []


def test_every_module_says_what_it_is() -> None:
    trees = ((p, ast.parse(p.read_text("utf-8"))) for p in sources(*PACKAGES))
    assert named(p for p, tree in trees if tree.body and not ast.get_docstring(tree)) == []


@pytest.mark.parametrize("word", ["except Exception", "except BaseException"])
def test_broad_except_stands_only_at_the_doors(word: str) -> None:
    """Middleware, turn, worker loop, command line; the database's door, which raises again."""
    broad = (p for p in sources(*PACKAGES) if word in p.read_text("utf-8"))
    assert set(named(broad)) <= DOORS
