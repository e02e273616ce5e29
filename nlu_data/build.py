"""Set up, train, serve and measure the understanding of messages: ``python nlu_data/build.py COMMAND``.

Runs on any Python from 3.10 with nothing installed. Rasa lives in an environment of its own
(``nlu_data/.venv``, Python 3.10, laid by uv from ``uv.lock``); everything that needs Rasa is started there.
Both long steps are skipped when nothing they read has changed, so every command may call them first.
"""

import argparse
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
TREE = HERE.parent
VENV = HERE / ".venv"
INTERPRETER = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
MODELS = HERE / "models"
SCRATCH, KEPT = ".training-", 3
STAMP = VENV / ".lock-sha256"

#: What a model is made of, in the order in which it is hashed.
INPUTS = ("../config.yml", "domain.yml", "uv.lock", "expand.py", "train.py")
INPUT_FOLDERS = ("nlu", "labelled", "patterns", "lookups", "dictionaries", "components")

QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
    "PYTHONHASHSEED": "0",
    "LOG_LEVEL": "WARNING",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "SANIC_ACCESS_LOG": "false",
}


class Failed(Exception):
    """A step that did not work; the message is what the person at the terminal should read."""


def say(text: str) -> None:
    print(f"nlu: {text}", file=sys.stderr, flush=True)


def uv() -> str:
    """The uv to use: ``$UV``, the tree's own, the one on the PATH."""
    own = TREE / ".uv" / "bin" / ("uv.exe" if os.name == "nt" else "uv")
    for candidate in (os.environ.get("UV"), str(own), shutil.which("uv")):
        if candidate and shutil.which(candidate):
            return candidate
    raise Failed("uv is missing: install it (pip install uv) or name it in UV")


@contextmanager
def alone() -> Iterator[None]:
    """Only one process sets up or trains at a time; the next one waits and then finds the work done.

    The lock dies with its process. Where there are no such locks (Windows) nobody waits.
    """
    try:
        import fcntl
    except ModuleNotFoundError:
        yield
        return
    (HERE / ".rasa").mkdir(exist_ok=True)
    with (HERE / ".rasa" / "building").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def lock_digest() -> str:
    parts = (HERE / name for name in ("uv.lock", "pyproject.toml", ".python-version"))
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in parts)).hexdigest()


def interpreter_310(uv_path: str) -> list[str]:
    """uv's ``--python`` option where a 3.10 stands in a pyenv that uv does not search, else nothing."""
    found = subprocess.run([uv_path, "python", "find", "3.10"], cwd=HERE, capture_output=True, check=False)
    if found.returncode == 0:
        return []
    roots = (os.environ.get("PYENV_ROOT"), "~/.pyenv")
    pyenvs = [Path(root).expanduser() / "versions" for root in roots if root]
    for python in sorted(p for folder in pyenvs for p in folder.glob("3.10.*/bin/python3.10")):
        return ["--python", str(python)]
    return []


def setup() -> None:
    """Lay or renew the environment; returns at once when it already answers to the lock.

    Byte code is compiled here: without it every start of Rasa spends six seconds more.
    """
    if not laid():
        with alone():
            if not laid():
                lay()


def laid() -> bool:
    return INTERPRETER.exists() and STAMP.exists() and STAMP.read_text() == lock_digest()


def lay() -> None:
    began = time.monotonic()
    uv_path = uv()
    say("laying Rasa's environment (nlu_data/.venv) …")
    outer = {k: v for k, v in os.environ.items() if k not in {"VIRTUAL_ENV", "PYENV_VERSION", "PYTHONPATH"}}
    command = [uv_path, "sync", "--frozen", "--compile-bytecode", "--quiet", *interpreter_310(uv_path)]
    if subprocess.run(command, cwd=HERE, env=outer, check=False).returncode:
        raise Failed("uv could not lay nlu_data/.venv; its message stands above")
    STAMP.write_text(lock_digest())
    say(f"environment ready after {time.monotonic() - began:.0f} s")


def inputs() -> Iterator[Path]:
    """Every file that a model depends on, in a fixed order."""
    yield from ((HERE / name).resolve() for name in INPUTS)
    for folder in INPUT_FOLDERS:
        files = (p for p in (HERE / folder).rglob("*") if p.is_file() and p.suffix != ".pyc")
        yield from sorted(files)


def learned() -> list[Path]:
    """The exported examples that people accepted; none in a fresh tree."""
    return sorted((HERE / "learned").glob("*.yml"))


def fingerprint(*more: Path) -> str:
    """Twelve hex digits over names and contents of the inputs, and of ``more``."""
    digest = hashlib.sha256()
    for path in (*inputs(), *more):
        content = path.read_bytes()
        digest.update(f"{path.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:12]


def model() -> Path:
    """Where the model of the present inputs is, or will be."""
    return MODELS / f"nlu-{fingerprint()}.tar.gz"


def learned_model() -> Path:
    """Where the model is, or will be, that was also taught with the accepted examples."""
    return MODELS / f"learned-{fingerprint(*learned())}.tar.gz"


def environment(**more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in {"VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE"}}
    return kept | QUIET | {"PYTHONPATH": str(HERE)} | more


def inside(*command: str, **more: str) -> int:
    """Run a Python command in Rasa's environment; its exit code."""
    call = [str(INTERPRETER), *command]
    return subprocess.run(call, cwd=HERE, env=environment(**more), stdout=sys.stderr, check=False).returncode


def train() -> Path:
    """The current model, trained now if its inputs changed; it appears under its name only when whole."""
    setup()
    target = model()
    if not target.exists():
        with alone():
            if not target.exists():
                make(target)
    return target


def train_learned() -> None:
    """Where examples were accepted: a second model with them, and the gate that lets it be offered."""
    base = train()
    if not learned():
        return
    target = learned_model()
    if not target.exists():
        with alone():
            if not target.exists():
                make(target, "--learned")
    if not gate_report(target).exists():
        gate(target, in_use() or base)


def gate_report(target: Path) -> Path:
    return target.with_name(target.name.removesuffix(".tar.gz") + ".gate.json")


def in_use() -> Path | None:
    """The model that answered last, as the launcher notes it; None where that is not known."""
    note = MODELS / "in-use"
    path = MODELS / f"{note.read_text().strip()}.tar.gz" if note.exists() else None
    return path if path and path.exists() else None


def gate(target: Path, against: Path) -> None:
    """Measure a model against the one in use; the verdict lies beside it."""
    say(f"gate: {target.name} against {against.name} …")
    if inside("gate.py", "--model", str(target), "--against", str(against)):
        raise Failed("the gate could not be asked; its message stands above")


def make(target: Path, *more: str) -> None:
    began = time.monotonic()
    say(f"training {target.name} …")
    MODELS.mkdir(exist_ok=True)
    tidy()
    name = target.name.removesuffix(".tar.gz")
    with tempfile.TemporaryDirectory(dir=MODELS, prefix=SCRATCH) as scratch:
        if inside("train.py", "--name", name, "--out", scratch, *more, NLU_MODEL_NAME=name):
            raise Failed("the training failed; its message stands above")
        (Path(scratch) / target.name).replace(target)
    say(f"trained in {time.monotonic() - began:.0f} s")


def tidy() -> None:
    """Remove what killed trainings left, and all but the latest models; a running server keeps its own."""
    for left in MODELS.glob(f"{SCRATCH}*"):
        shutil.rmtree(left, ignore_errors=True)
    for kind in ("nlu", "learned"):
        for old in sorted(MODELS.glob(f"{kind}-*.tar.gz"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
            if old != in_use():
                old.unlink(missing_ok=True)
                gate_report(old).unlink(missing_ok=True)


def serve(port: int, token: str, name: str = "") -> None:
    """Become Rasa's server on loopback, in the foreground; signals reach Rasa itself.

    ``name`` is a stored model; empty: the one that belongs to the code.
    """
    target = MODELS / f"{name}.tar.gz" if name else train()
    if not target.exists():
        raise Failed(f"there is no model {target.name}")
    options = ["--enable-api", "--interface", "127.0.0.1", "--port", str(port), "--model", str(target)]
    if token:
        options += ["--auth-token", token]
    os.chdir(HERE)
    os.execve(INTERPRETER, [str(INTERPRETER), "-m", "rasa", "run", *options], environment())


@contextmanager
def serving() -> Iterator[str]:
    """The address of a server of its own for the present model, on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([sys.executable, __file__, "serve", "--port", str(port)], stdout=sys.stderr)
    try:
        wait_for(f"http://127.0.0.1:{port}/status", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(30)


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    """Until ``url`` answers; raises :class:`Failed` when the server ends or two minutes pass."""
    for _ in range(240):
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise Failed("Rasa's server did not come up")


def apart() -> None:
    """The messages written apart, through the service's own understanding: the tree's interpreter."""
    own = TREE / ".venv" / INTERPRETER.relative_to(VENV)
    with serving() as url:
        call = [str(own if own.exists() else sys.executable), "-m", "nlu_data.apart", "--url", url]
        if subprocess.run(call, cwd=TREE, stdout=sys.stderr, check=False).returncode:
            raise Failed("the messages of nlu_data/eval/apart could not be asked about")


def test() -> None:
    """Messages written apart, held-out ones and cross-validation; the report goes to ``eval/report``."""
    target = train()
    apart()
    if inside("evaluate.py", "--model", str(target)):
        raise Failed("the figures are below their bounds; see nlu_data/eval/report")


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = whole.add_subparsers(dest="command", required=True)
    commands.add_parser("setup", help="lay Rasa's environment")
    training = commands.add_parser("train", help="train the model if its inputs changed, print its path")
    training.add_argument("--base", action="store_true", help="leave out what people accepted")
    commands.add_parser("gate", help="measure the model with accepted examples against the one in use")
    commands.add_parser("test", help="held-out test and cross-validation")
    commands.add_parser("model", help="print the path of the current model")
    server = commands.add_parser("serve", help="Rasa's HTTP server in the foreground")
    server.add_argument("--port", type=int, default=5005)
    server.add_argument("--model", default="", metavar="NAME", help="a stored model (the code's own)")
    server.add_argument("--token", default="", help="what callers must send as ?token=")
    return whole


def main() -> int:
    options = parser().parse_args()
    try:
        match options.command:
            case "setup":
                setup()
            case "train":
                if not options.base:
                    train_learned()
                print(train())
            case "gate":
                train_learned()
                if learned():
                    gate(learned_model(), in_use() or train())
                    print(gate_report(learned_model()).read_text(), end="")
            case "serve":
                serve(options.port, options.token, options.model)
            case "test":
                test()
            case "model":
                print(model())
    except Failed as failed:
        say(str(failed))
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
