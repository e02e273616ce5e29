"""The real Rasa server, started once a run by the first test that needs it."""

import json
import os
import sys

from bot.settings import ROOT
from tests.support import shared
from tests.support.processes import Child, answers, end_group, free_port

PATIENCE = 180.0
_kept: list[Child] = []  # until this worker ends; the run's first process ends the server


def address() -> str:
    """The server's URL; it takes no token. Trains first where no model of the present data exists."""
    with shared.once("rasa") as note:
        if note is None:
            return str(json.loads((shared.folder() / "rasa.made").read_text())["url"])
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        command = [sys.executable, str(ROOT / "nlu_data" / "build.py"), "serve", "--port", str(port)]
        server = Child(command, os.environ, shared.folder() / "rasa.log", ROOT)
        _kept.append(server)
        (shared.folder() / "rasa.pid").write_text(str(server.pid))
        server.until(lambda: answers(f"{url}/status"), "Rasa", PATIENCE)
        note.write_text(json.dumps({"url": url}))
        return url


def stop() -> None:
    """End the run's server, if it was ever started."""
    note = shared.folder() / "rasa.pid"
    if note.exists():
        end_group(int(note.read_text()))
