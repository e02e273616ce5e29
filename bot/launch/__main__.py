"""``python -m bot.launch``: run the sample city (``make run``), prepare it (``--prepare``), or only Rasa."""

import argparse
import asyncio
import fcntl
import os
import signal
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.launch import rasa, values
from bot.launch.city import City, Stopped, tell
from bot.settings import PREFIX, ROOT, SettingsFault

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Busy(Exception):
    """Another run of this tree is up."""


def main() -> int:
    options = _options()
    os.chdir(ROOT)
    if options.only_nlu:
        _become_rasa()
    try:
        with _alone(options.folder):
            found = values.prepare(os.environ, tell, options.folder)
            city = City(found, os.environ, options.folder)
            return asyncio.run(_until_told(city, city.prepare() if options.prepare else city.live()))
    except SettingsFault as fault:
        tell(f"设置有误：{fault}")
        return 1
    except PermissionError as fault:
        tell(f"写不了 {fault.filename}：{fault.strerror}")
        return 1
    except Busy:
        running = values.read(options.folder / values.RUN).get(PREFIX + "PUBLIC_URL", "")
        tell(f"已经在运行：{running}")
        return 0 if options.prepare else 1


async def _until_told(city: City, work: Coroutine[Any, Any, None]) -> int:
    """Do the work until it is done or a signal comes, then end every process; the exit code."""
    task = asyncio.ensure_future(work)
    told = asyncio.Event()

    def stop() -> None:
        if not told.is_set():
            told.set()
            task.cancel()

    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, stop)
    try:
        await task
    except asyncio.CancelledError:
        tell("正在停止……")
    except Stopped as reason:
        tell(str(reason))
        return 1
    finally:
        await city.stop()
    if told.is_set():
        tell("已全部停止")
    return 0


def _become_rasa() -> None:
    """Turn this process into Rasa's server, with the settings of the environment or of the file it names."""
    named = os.environ.get(f"{PREFIX}ENV_FILE")
    kept = values.read(ROOT / named) if named else {}
    known = {f"{PREFIX}NLU_URL": f"http://127.0.0.1:{values.NLU_PORT}", **kept, **os.environ}
    command = rasa.serve_command(known)
    os.execv(command[0], command)  # noqa: S606 (signals shall reach Rasa itself)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One run of a folder at a time; raises :class:`Busy`."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy from error
        yield


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.launch", description=__doc__)
    one = parser.add_mutually_exclusive_group()
    one.add_argument("--prepare", action="store_true", help="keys, database and sample city; start nothing")
    one.add_argument("--only-nlu", action="store_true", help="only Rasa, in the foreground")
    parser.add_argument(
        "--folder", type=lambda name: Path(name).resolve(), default=values.VAR, help="for keys and data (var)"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
