"""What the measurements stand on: Rasa, PostgreSQL and databases of their own, all on the server's core."""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from sqlalchemy.engine import make_url

from bot.settings import ROOT
from tests.perf.cores import SERVER, on_core
from tests.support import city, cluster, databases, rasa, shared
from tests.support.processes import Child, answers
from tests.support.service import Settings, Stand


@dataclass(frozen=True)
class Ground:
    """``nlu_url``: a running Rasa; ``postgres``: the folder of a durable PostgreSQL's socket."""

    folder: Path
    nlu_url: str
    postgres: str

    @asynccontextmanager
    async def database(self, engine: str, name: str, *, seeded: bool = True) -> AsyncIterator[str]:
        """The URL of a new database, as durable as in production."""
        if engine == "sqlite":
            file = self.folder / f"{name}.db"
            if seeded:
                shutil.copyfile(databases.sqlite_template(), file)
            yield f"sqlite+aiosqlite:///{file}"
            return
        connection = await asyncpg.connect(host=self.postgres, user="postgres", database="postgres")
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {'seeded' if seeded else 'template1'}")
        await connection.close()
        yield databases.postgres_url(self.postgres, name)

    @contextmanager
    def service(self, url: str, *, nlu_url: str | None = None) -> Iterator[tuple[Settings, list[Child]]]:
        """The service on the server's core: ``all`` on SQLite, ``serve`` and ``work`` on PostgreSQL."""
        settings = Settings.of(url, self.folder).but(nlu_url=self.nlu_url if nlu_url is None else nlu_url)
        stand = Stand(_empty(self.folder / f"service-{make_url(url).database.rpartition('/')[2]}"))
        try:
            with on_core(SERVER):
                if url.startswith("sqlite"):
                    running = [stand.all(settings)]
                else:
                    running = [stand.serve(settings), stand.work(settings)]
            yield settings, running
        finally:
            stand.close()

    def servers(self) -> list[int]:
        """Processes that work for the service and for the floor alike: Rasa and PostgreSQL."""
        postmaster = (self.folder / "postgres" / "postmaster.pid").read_text().split()[0]
        return [int((shared.folder() / "rasa.pid").read_text()), int(postmaster)]

    @contextmanager
    def floor(self, url: str) -> Iterator[tuple[Settings, list[Child]]]:
        """The floor server (``tests.perf.floor``) on the server's core."""
        settings = Settings.of(url, self.folder).but(nlu_url=self.nlu_url)
        command = [sys.executable, "-m", "tests.perf.floor", url, settings.values["port"], self.nlu_url]
        with on_core(SERVER):
            child = Child(command, settings.environment(), self.folder / "floor.log", ROOT)
        try:
            child.until(lambda: answers(f"{settings.url}/readyz"), "floor")
            yield settings, [child]
        finally:
            child.stop()


@contextmanager
def ground() -> Iterator[Ground]:
    """Starts Rasa and PostgreSQL, and stops them in the end. To be entered outside of any event loop."""
    with ExitStack() as stack:
        if shared.begin():
            stack.callback(shared.end)
        folder = _empty(shared.folder() / "perf")
        databases.sqlite_template()
        stack.callback(rasa.stop)
        with on_core(SERVER):
            nlu_url = rasa.address()
            postgres = str(make_url(cluster.start(folder / "postgres")).query["host"])
        stack.callback(cluster.stop, folder / "postgres")
        asyncio.run(_template(postgres))
        yield Ground(folder, nlu_url, postgres)


async def _template(postgres: str) -> None:
    connection = await asyncpg.connect(host=postgres, user="postgres", database="postgres")
    await connection.execute("CREATE DATABASE seeded")
    await connection.close()
    await city.build(databases.postgres_url(postgres, "seeded"))


def _empty(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder
