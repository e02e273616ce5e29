"""One folder for a whole run of the suite, shared by its workers: servers and templates are made there once.

The first process of a run makes the folder and hands its name down in the environment; it alone clears up.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

VARIABLE = "TEST_RUN_FOLDER"


def begin() -> bool:
    """Make the folder; False in a process that found one already made."""
    if VARIABLE in os.environ:
        return False
    os.environ[VARIABLE] = tempfile.mkdtemp(prefix="jiannuo-")
    return True


def folder() -> Path:
    """The run's folder."""
    return Path(os.environ[VARIABLE])


def end() -> None:
    """Remove the folder."""
    shutil.rmtree(os.environ.pop(VARIABLE))


@contextmanager
def once(name: str) -> Iterator[Path | None]:
    """Yields where to note that ``name`` is made, to the first that comes; None to the others, who wait.

    Who gets a path writes it as the last thing; who fails before leaves the work to the next.
    """
    note = folder() / f"{name}.made"
    with (folder() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield None if note.exists() else note
